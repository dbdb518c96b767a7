import FoundationEssentials
import JWTKit

/// Signs access and ID tokens, and reads the former back.
struct AccessTokens: Sendable {
    let issuer: String
    let audience: String
    /// Seconds.
    let lifetime: TimeInterval
    let keys: KeyRing
    let clock: AuthClock

    func accessToken(subject: String, clientID: String, scopes: Scopes) async throws -> String {
        let now = Int(clock.now().timeIntervalSince1970)
        let claims = AccessTokenClaims(
            iss: issuer, sub: subject, aud: audience, exp: now + Int(lifetime), iat: now, nbf: now, jti: UUID().uuidString.lowercased(),
            clientID: clientID, scope: scopes.description, type: AccessTokenClaims.accessType
        )
        return try await keys.sign(claims, type: "at+jwt")
    }

    func idToken(for user: User, clientID: String, nonce: String?, authenticatedAt: Date) async throws -> String {
        let now = Int(clock.now().timeIntervalSince1970)
        let claims = IDTokenClaims(
            iss: issuer, sub: user.id, aud: clientID, exp: now + Int(lifetime), iat: now,
            authTime: Int(authenticatedAt.timeIntervalSince1970), nonce: nonce, preferredUsername: user.username
        )
        return try await keys.sign(claims, type: "JWT")
    }

    /// - Returns: The claims of a token that this server issued and that is valid now; nil for any other text.
    func verified(_ token: String) async -> AccessTokenClaims? {
        guard let claims = try? await keys.verify(token, as: AccessTokenClaims.self) else { return nil }
        let now = Int(clock.now().timeIntervalSince1970)
        guard claims.iss == issuer, claims.aud == audience, claims.type == AccessTokenClaims.accessType, claims.exp > now, claims.nbf <= now
        else { return nil }
        return claims
    }
}
