import APISupport
import AuthAPI
import FoundationEssentials
import Logging

extension AuthHandler {
    /// Ends a session by its refresh token (RFC 7009 section 2). A token of another client is left alone, and nobody learns that it exists.
    func revoke(_ input: Operations.Revoke.Input, principal: Principal?, context: CallContext) async throws -> Operations.Revoke.Output {
        let form = input.body
        do {
            let client = try await clientAuthentication.client(
                for: ClientAuthentication.Credentials(authenticatedID: principal?.clientID, id: form.clientID, secret: form.clientSecret),
                address: address(of: context).key
            )
            let token = try await repositories.refreshTokens.token(hash: OpaqueToken.hash(form.token))
            if let token, token.clientID == client.id {
                let now = clock.now()
                try await repositories.refreshTokens.revokeFamily(
                    token.family, at: now, forgottenAt: now.addingTimeInterval(configuration.refreshTokenLifetime)
                )
                context.logger.info("A session was revoked", metadata: ["user_id": "\(token.userID)", "client_id": "\(client.id)"])
            } else if token == nil, await accessTokens.verified(form.token) != nil {
                throw OAuthError(.unsupportedTokenType, "An access token cannot be revoked; it ends by itself.")
            }
            return .ok
        } catch let error as OAuthError {
            return Operations.Revoke.Output(OAuthAnswer(error))
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.Revoke.Type) -> Operations.Revoke.Output {
        Operations.Revoke.Output(OAuthAnswer(failure))
    }
}
