import APISupport
import GatewayAPI

/// Access tokens with the scopes that an operation asks for; without one the anonymous user, where the gateway is told to allow that.
struct GatewaySecurity: GatewayAPI.SecurityHandler {
    let checkToken: @Sendable (_ token: String) async throws -> Principal
    let anonymous: AnonymousAccess?

    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        if let anonymous, anonymous.isPass(token) { return AnonymousAccess.principal }
        let principal =
            if let checked = try CheckedToken.current?.principal(of: token) { checked } else { try await checkToken(token) }
        try principal.requireScopes(scopes)
        return principal
    }
}
