/// RFC 6749 section 4.1.3 with RFC 7636 section 4.5.
struct AuthorizationCodeGrant: Grant {
    static let type = RegisteredClient.GrantType.authorizationCode

    let codes: AuthorizationCodes
    let users: any UserRepository
    let issuer: TokenIssuer

    func tokens(for request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens {
        let code = try required(request.code, "code")
        let redirectURI = try required(request.redirectURI, "redirect_uri")
        let verifier = try required(request.codeVerifier, "code_verifier")
        // Before the code is used up: a malformed request is a client's mistake, not an attempt.
        guard ProofKey.isVerifier(verifier) else {
            throw OAuthError(.invalidRequest, "code_verifier must be 43 to 128 unreserved characters.")
        }
        let redeemed = try await codes.redeem(code, client: client, redirectURI: redirectURI, verifier: verifier)
        guard let user = try await users.user(id: redeemed.userID), !user.isDisabled else {
            throw OAuthError(.invalidGrant, "The authorization code is not valid.")
        }
        return try await issuer.begin(
            TokenIssuer.Session(
                user: user, client: client, scopes: redeemed.scopes, family: redeemed.family, authenticatedAt: redeemed.authenticatedAt,
                nonce: redeemed.nonce
            )
        )
    }
}
