/// RFC 6749 section 6 with rotation (RFC 9700 section 4.14.2).
struct RefreshTokenGrant: Grant {
    static let type = RegisteredClient.GrantType.refreshToken

    let refreshTokens: any RefreshTokenRepository
    let users: any UserRepository
    let issuer: TokenIssuer

    func tokens(for request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens {
        let refusal = OAuthError(.invalidGrant, "The refresh token is not valid.")
        let value = try required(request.refreshToken, "refresh_token")
        guard let token = try await refreshTokens.token(hash: OpaqueToken.hash(value)), token.clientID == client.id else { throw refusal }
        let accessScopes = try scopes(request.scope, among: token.scopes, default: token.scopes)
        guard let user = try await users.user(id: token.userID), !user.isDisabled else { throw refusal }
        // The user may have lost a right since the sign-in.
        return try await issuer.renew(
            TokenIssuer.Session(
                user: user, client: client, scopes: user.grantable(token.scopes), family: token.family,
                authenticatedAt: token.authenticatedAt, nonce: nil
            ),
            from: token, accessScopes: user.grantable(accessScopes)
        )
    }
}
