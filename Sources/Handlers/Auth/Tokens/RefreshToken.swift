public import FoundationEssentials

/// What is kept of a refresh token. A family is the chain of tokens that began with one sign-in: each is used once and replaced (RFC 9700
/// section 4.14.2).
public struct RefreshToken: Sendable, Equatable {
    /// SHA-256 of the token, base64url.
    public let hash: String
    /// The family's identifier.
    public let family: String
    public let userID: String
    public let clientID: String
    /// What the user granted; an exchange may ask for less, never for more.
    public let scopes: Scopes
    /// When the user showed their password.
    public let authenticatedAt: Date
    public let issuedAt: Date
    public let expiresAt: Date

    public init(
        hash: String, family: String, userID: String, clientID: String, scopes: Scopes, authenticatedAt: Date, issuedAt: Date,
        expiresAt: Date
    ) {
        self.hash = hash
        self.family = family
        self.userID = userID
        self.clientID = clientID
        self.scopes = scopes
        self.authenticatedAt = authenticatedAt
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
