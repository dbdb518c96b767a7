import JWTKit

/// The claims of an access token (RFC 9068 section 2.2), with the `type` that CodeLab's services look at.
struct AccessTokenClaims: JWTPayload, Equatable {
    /// The issuer: this server.
    let iss: String
    /// The user's identifier, or the client's own for a token of a service.
    let sub: String
    /// Who is to accept the token.
    let aud: String
    /// Seconds since 1970.
    let exp: Int
    let iat: Int
    let nbf: Int
    /// Tells two tokens apart.
    let jti: String
    let clientID: String
    /// Scopes, separated by spaces.
    let scope: String
    /// Always `access`: an ID token cannot pass for one.
    let type: String

    static let accessType = "access"

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, exp, iat, nbf, jti, scope, type
        case clientID = "client_id"
    }

    /// Nothing: times are judged by the service's clock, in ``AccessTokens``.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
