/// What a grant yields (RFC 6749 section 5.1).
struct IssuedTokens: Sendable {
    let accessToken: String
    /// Seconds that the access token is valid.
    let expiresIn: Int
    let refreshToken: String?
    let idToken: String?
    let scopes: Scopes
}
