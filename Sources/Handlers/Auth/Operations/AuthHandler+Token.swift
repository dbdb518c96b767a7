import APISupport
import AuthAPI
import Logging

extension AuthHandler {
    /// Exchanges a grant for tokens; which grants there are is the matter of ``Grants``.
    func token(_ input: Operations.Token.Input, principal: Principal?, context: CallContext) async throws -> Operations.Token.Output {
        let form = input.body
        let address = address(of: context)
        do {
            let client = try await clientAuthentication.client(
                for: ClientAuthentication.Credentials(authenticatedID: principal?.clientID, id: form.clientID, secret: form.clientSecret),
                address: address.key
            )
            let request = GrantRequest(
                code: form.code, redirectURI: form.redirectURI, codeVerifier: form.codeVerifier, refreshToken: form.refreshToken,
                scope: form.scope, username: form.username, password: form.password, address: address
            )
            let tokens = try await grants.tokens(type: form.grantType.rawValue, request: request, client: client)
            AuthMetrics.shared.tokensIssued(grantType: form.grantType.rawValue)
            context.logger.info(
                "Tokens were issued", metadata: ["client_id": "\(client.id)", "grant_type": "\(form.grantType.rawValue)"]
            )
            return .ok(.init(cacheControl: CacheControl.none, body: Schemas.TokenResponse(tokens)))
        } catch let error as OAuthError {
            AuthMetrics.shared.tokensRefused(error.code)
            context.logger.notice(
                "Tokens were refused",
                metadata: ["error": "\(error.code.rawValue)", "reason": "\(error.description)", "address": "\(address.key)"]
            )
            return Operations.Token.Output(OAuthAnswer(error))
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.Token.Type) -> Operations.Token.Output {
        Operations.Token.Output(OAuthAnswer(failure))
    }
}

extension Schemas.TokenResponse {
    init(_ tokens: IssuedTokens) {
        self.init(
            accessToken: tokens.accessToken, tokenType: "Bearer", expiresIn: Int64(tokens.expiresIn), refreshToken: tokens.refreshToken,
            scope: tokens.scopes.description, idToken: tokens.idToken
        )
    }
}
