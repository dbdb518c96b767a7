import JWTKit

/// The claims of an ID token (OpenID Connect Core section 2).
struct IDTokenClaims: JWTPayload, Equatable {
    let iss: String
    let sub: String
    /// The client.
    let aud: String
    /// Seconds since 1970.
    let exp: Int
    let iat: Int
    /// When the user showed their password.
    let authTime: Int
    let nonce: String?
    let preferredUsername: String

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, exp, iat, nonce
        case authTime = "auth_time"
        case preferredUsername = "preferred_username"
    }

    /// Nothing: this server does not accept ID tokens.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
