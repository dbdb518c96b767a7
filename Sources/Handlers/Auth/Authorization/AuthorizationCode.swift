public import FoundationEssentials

/// What is kept of an authorization code, and with it of the request that it answers (RFC 6749 section 4.1.2).
public struct AuthorizationCode: Sendable, Equatable {
    /// SHA-256 of the code, base64url.
    public let hash: String
    public let clientID: String
    /// The request's, which the exchange must repeat.
    public let redirectURI: String
    public let userID: String
    public let scopes: Scopes
    /// The PKCE challenge (S256).
    public let codeChallenge: String
    /// For the ID token.
    public let nonce: String?
    /// The refresh token family that the exchange begins; revoked when the code is used twice.
    public let family: String
    /// When the user showed their password.
    public let authenticatedAt: Date
    public let expiresAt: Date
    /// Until when a second use is to be noticed.
    public let forgottenAt: Date

    public init(
        hash: String, clientID: String, redirectURI: String, userID: String, scopes: Scopes, codeChallenge: String, nonce: String?,
        family: String, authenticatedAt: Date, expiresAt: Date, forgottenAt: Date
    ) {
        self.hash = hash
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.userID = userID
        self.scopes = scopes
        self.codeChallenge = codeChallenge
        self.nonce = nonce
        self.family = family
        self.authenticatedAt = authenticatedAt
        self.expiresAt = expiresAt
        self.forgottenAt = forgottenAt
    }
}
