import FoundationEssentials
import Logging

/// RFC 6749 section 4.3, which OAuth 2.1 drops: the client sees the password. Only for clients that the configuration names, and each use
/// is logged.
struct PasswordGrant: Grant {
    static let type = RegisteredClient.GrantType.password

    let accounts: UserAccounts
    let issuer: TokenIssuer
    let clock: AuthClock
    let logger: Logger

    func tokens(for request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens {
        logger.warning("The deprecated password grant is used", metadata: ["client_id": "\(client.id)"])
        let username = try required(request.username, "username")
        let password = try required(request.password, "password")
        let asked = try scopes(request.scope, among: client.scopes, default: client.defaultScopes)
        switch try await accounts.signIn(name: username, password: password, address: request.address) {
        case .refused:
            throw OAuthError(.invalidGrant, "The name or the password is wrong.")
        case .notTried(let refusal):
            throw OAuthError(refusal)
        case .signedIn(let user):
            let granted = user.grantable(asked)
            guard !granted.isEmpty else { throw OAuthError(.invalidScope, "The user may not grant these scopes.") }
            return try await issuer.begin(
                TokenIssuer.Session(
                    user: user, client: client, scopes: granted, family: UUID().uuidString.lowercased(), authenticatedAt: clock.now(),
                    nonce: nil
                )
            )
        }
    }
}
