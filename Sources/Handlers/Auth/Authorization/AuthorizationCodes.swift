import FoundationEssentials

/// Issues authorization codes and takes them back once.
struct AuthorizationCodes: Sendable {
    let repository: any AuthorizationCodeRepository
    let refreshTokens: any RefreshTokenRepository
    /// Seconds that a code is valid.
    let lifetime: TimeInterval
    /// Seconds that tokens of its family may be valid at most after the exchange; as long a second use matters.
    let familyLifetime: TimeInterval
    let clock: AuthClock

    /// - Returns: The code.
    func issue(for request: AuthorizationRequest, scopes: Scopes, userID: String) async throws -> String {
        let code = OpaqueToken()
        let now = clock.now()
        try await repository.insert(
            AuthorizationCode(
                hash: code.hash, clientID: request.client.id, redirectURI: request.redirectURI.text, userID: userID, scopes: scopes,
                codeChallenge: request.codeChallenge, nonce: request.parameters.nonce, family: UUID().uuidString.lowercased(),
                authenticatedAt: now, expiresAt: now.addingTimeInterval(lifetime),
                forgottenAt: now.addingTimeInterval(lifetime + familyLifetime)
            )
        )
        return code.value
    }

    /// Takes a code back. The first attempt uses it up, right or wrong: whoever has the wrong verifier does not get to try another. A
    /// second attempt with a used code means that somebody has a copy, and revokes what was issued for it (RFC 6749 section 4.1.2).
    ///
    /// - Throws: ``OAuthError`` `invalid_grant`, the same for every reason that a thief could learn from.
    func redeem(_ code: String, client: RegisteredClient, redirectURI: String, verifier: String) async throws -> AuthorizationCode {
        let now = clock.now()
        let refusal = OAuthError(.invalidGrant, "The authorization code is not valid.")
        switch try await repository.consume(hash: OpaqueToken.hash(code), at: now) {
        case .unknown:
            throw refusal
        case .reused(let kept):
            try await refreshTokens.revokeFamily(kept.family, at: now, forgottenAt: now.addingTimeInterval(familyLifetime))
            throw refusal
        case .consumed(let kept):
            guard kept.expiresAt > now, kept.clientID == client.id else { throw refusal }
            guard kept.redirectURI == redirectURI else {
                throw OAuthError(.invalidGrant, "redirect_uri is not that of the authorization request.")
            }
            guard ProofKey.verifier(verifier, matches: kept.codeChallenge) else {
                throw OAuthError(.invalidGrant, "code_verifier does not match the code_challenge.")
            }
            return kept
        }
    }
}
