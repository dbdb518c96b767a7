import APISupport
import APITokens
import AuthAPI
import Logging

/// How the services call each other: with tokens of their own, and with the auth service's keys to check those of others.
struct ServiceCalls: Sendable {
    /// The client that the services sign themselves in as.
    static let clientID = "codelab-internal"

    let addresses: ServiceAddresses
    let transport: any ClientTransport
    /// Checks access tokens of users and of services.
    let verifier: JWKSTokenVerifier
    /// The one to show first, and while that is new the one before.
    private let internalSecrets: [String]

    init(addresses: ServiceAddresses, internalSecrets: [String], transport: any ClientTransport, logger: Logger) {
        self.addresses = addresses
        self.internalSecrets = internalSecrets
        self.transport = transport
        let auth = AuthAPI.Client(serverURL: addresses.url(of: .auth), transport: transport)
        verifier = JWKSTokenVerifier(
            JWKSTokenVerifier.Expectations(issuer: addresses.issuer, audience: "codelab"), logger: logger
        ) {
            JSONWriter.encode(try await auth.getJWKS().ok.body)
        }
    }

    /// Who a token is for; the scopes are the caller's to check.
    var checkToken: @Sendable (String) async throws -> Principal {
        { [verifier] token in try await verifier.verify(token) }
    }

    /// How a service calls another one: with a token of its own (RFC 6749 §4.4), which is replaced when it is refused.
    ///
    /// - Parameter scope: what the other service asks for.
    func access(scope: String) -> (transport: any ClientTransport, credentials: any CredentialProvider) {
        let credentials = ClientCredentialsProvider {
            let asked = Timestamp.now()
            let answer = try await token(scope: scope)
            return AccessToken(token: answer.accessToken, expiresAt: asked.advanced(by: .seconds(answer.expiresIn)))
        }
        return (MiddlewareTransport(transport, middlewares: [credentials]), credentials)
    }

    /// The auth service may know the new secret, the one before, or both: whatever it says to the first, the other one is tried too.
    private func token(scope: String) async throws -> AuthAPI.Schemas.TokenResponse {
        let auth = AuthAPI.Client(serverURL: addresses.url(of: .auth), transport: transport)
        func answer(to secret: String) async throws -> AuthAPI.Operations.Token.Output {
            try await auth.token(
                .init(body: .init(grantType: .clientCredentials, clientID: Self.clientID, clientSecret: secret, scope: scope)))
        }
        for secret in internalSecrets.dropLast() {
            if case .ok(let answer) = try await answer(to: secret) { return answer.body }
        }
        return try await answer(to: internalSecrets.last ?? "").ok.body
    }
}
