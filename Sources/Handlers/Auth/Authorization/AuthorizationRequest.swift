/// The parameters of an authorization request as they came (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
struct AuthorizationParameters: Sendable, Equatable {
    var clientID: String?
    var redirectURI: String?
    var responseType: String?
    var scope: String?
    var state: String?
    var codeChallenge: String?
    var codeChallengeMethod: String?
    var nonce: String?
    var prompt: String?
}

/// An authorization request that is as it should be.
struct AuthorizationRequest: Sendable {
    let client: RegisteredClient
    let redirectURI: RedirectURI
    let scopes: Scopes
    let codeChallenge: String
    let parameters: AuthorizationParameters
}

/// Why an authorization request is refused, and who is told (RFC 6749 section 4.1.2.1).
enum AuthorizationRefusal: Error {
    /// The client or its redirect URI cannot be trusted: the user is told, nobody is sent anywhere.
    case page(String)
    /// The client is told.
    case redirect(RedirectURI, OAuthError, state: String?)
}
