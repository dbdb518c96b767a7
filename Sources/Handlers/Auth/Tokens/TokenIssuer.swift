import FoundationEssentials

/// Turns a sign-in, or the next use of one, into tokens.
struct TokenIssuer: Sendable {
    /// Somebody who signed in through a client.
    struct Session: Sendable {
        let user: User
        let client: RegisteredClient
        let scopes: Scopes
        /// The refresh token family.
        let family: String
        let authenticatedAt: Date
        let nonce: String?
    }

    let accessTokens: AccessTokens
    let refreshTokens: any RefreshTokenRepository
    /// Seconds.
    let refreshLifetime: TimeInterval
    let clock: AuthClock

    /// The first tokens of a session.
    ///
    /// - Throws: ``OAuthError`` `invalid_grant` when the session was revoked before it began.
    func begin(_ session: Session) async throws -> IssuedTokens {
        guard session.client.grants.contains(.refreshToken) else { return try await issue(session, refreshToken: nil) }
        let token = OpaqueToken()
        guard try await refreshTokens.insert(record(of: token, session)) else {
            throw OAuthError(.invalidGrant, "The authorization code is not valid.")
        }
        return try await issue(session, refreshToken: token.value)
    }

    /// The next tokens of a session. The refresh token keeps all scopes of the sign-in, the access token gets those asked for (RFC 6749
    /// section 6).
    ///
    /// - Throws: ``OAuthError`` `invalid_grant` when the token was used before or is not valid.
    func renew(_ session: Session, from token: RefreshToken, accessScopes: Scopes) async throws -> IssuedTokens {
        let next = OpaqueToken()
        switch try await refreshTokens.rotate(hash: token.hash, to: record(of: next, session), at: clock.now()) {
        case .rotated:
            return try await issue(session, scopes: accessScopes, refreshToken: next.value)
        case .reused, .revoked, .unknown:
            throw OAuthError(.invalidGrant, "The refresh token is not valid.")
        }
    }

    /// A token of a service for itself: no user, nothing to refresh (RFC 6749 section 4.4.3).
    func issue(to client: RegisteredClient, scopes: Scopes) async throws -> IssuedTokens {
        IssuedTokens(
            accessToken: try await accessTokens.accessToken(subject: client.id, clientID: client.id, scopes: scopes),
            expiresIn: Int(accessTokens.lifetime), refreshToken: nil, idToken: nil, scopes: scopes
        )
    }

    private func issue(_ session: Session, scopes: Scopes? = nil, refreshToken: String?) async throws -> IssuedTokens {
        let scopes = scopes ?? session.scopes
        var idToken: String?
        if scopes.contains(Scopes.openID) {
            idToken = try await accessTokens.idToken(
                for: session.user, clientID: session.client.id, nonce: session.nonce, authenticatedAt: session.authenticatedAt
            )
        }
        return IssuedTokens(
            accessToken: try await accessTokens.accessToken(subject: session.user.id, clientID: session.client.id, scopes: scopes),
            expiresIn: Int(accessTokens.lifetime), refreshToken: refreshToken, idToken: idToken, scopes: scopes
        )
    }

    private func record(of token: OpaqueToken, _ session: Session) -> RefreshToken {
        let now = clock.now()
        return RefreshToken(
            hash: token.hash, family: session.family, userID: session.user.id, clientID: session.client.id, scopes: session.scopes,
            authenticatedAt: session.authenticatedAt, issuedAt: now, expiresAt: now.addingTimeInterval(refreshLifetime)
        )
    }
}
