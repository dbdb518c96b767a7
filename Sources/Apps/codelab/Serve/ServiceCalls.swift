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
    private let internalSecret: String

    init(addresses: ServiceAddresses, internalSecret: String, transport: any ClientTransport, logger: Logger) {
        self.addresses = addresses
        self.internalSecret = internalSecret
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

    /// A token with which a service calls another one (RFC 6749 §4.4).
    ///
    /// - Parameter scope: what the other service asks for.
    func credentials(scope: String) -> ClientCredentialsProvider {
        let auth = AuthAPI.Client(serverURL: addresses.url(of: .auth), transport: transport)
        let secret = internalSecret
        return ClientCredentialsProvider {
            let asked = Timestamp.now()
            let request = AuthAPI.Schemas.TokenRequest(
                grantType: .clientCredentials, clientID: Self.clientID, clientSecret: secret, scope: scope
            )
            let answer = try await auth.token(.init(body: request)).ok.body
            return AccessToken(token: answer.accessToken, expiresAt: asked.advanced(by: .seconds(answer.expiresIn)))
        }
    }
}
