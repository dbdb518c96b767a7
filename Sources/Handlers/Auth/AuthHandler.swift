import APISupport
import AuthAPI
import HTTPTypes

/// The operations of specs/auth/openapi.yaml; each is in a file of its own in Operations/.
struct AuthHandler: APIHandler {
    let configuration: AuthConfiguration
    let registry: ClientRegistry
    let clientAuthentication: ClientAuthentication
    let repositories: AuthRepositories
    let accounts: UserAccounts
    let codes: AuthorizationCodes
    let grants: Grants
    let keys: KeyRing
    let accessTokens: AccessTokens
    let clock: AuthClock

    /// Where a call comes from, for counting attempts.
    func address(of context: CallContext) -> ClientAddress {
        ClientAddress(context.request, trustedProxies: configuration.trustedProxies)
    }

    /// The account of a call's access token.
    ///
    /// - Throws: `RequestFailure`: forbidden for a token of a service, unauthenticated when the account is no more.
    func user(of principal: Principal) async throws -> User {
        guard principal.subject != principal.clientID else {
            throw RequestFailure(.forbidden, detail: "The token belongs to a service, not to a user.")
        }
        guard let user = try await repositories.users.user(id: principal.subject), !user.isDisabled else {
            throw RequestFailure.invalidToken
        }
        return user
    }
}

extension RequestFailure {
    /// An access token that is not valid (RFC 6750 section 3.1).
    static var invalidToken: RequestFailure {
        RequestFailure(
            .unauthenticated, detail: "The access token is not valid.",
            headerFields: [.wwwAuthenticate: "Bearer realm=\"codelab\", error=\"invalid_token\""]
        )
    }
}
