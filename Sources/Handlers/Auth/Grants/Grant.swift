import APISupport

/// What a client sends to the token endpoint besides its own credentials; which of it is needed is the grant's matter.
struct GrantRequest: Sendable {
    var code: String?
    var redirectURI: String?
    var codeVerifier: String?
    var refreshToken: String?
    var scope: String?
    var username: String?
    var password: String?
    let address: ClientAddress
}

/// One `grant_type` of the token endpoint.
protocol Grant: Sendable {
    static var type: RegisteredClient.GrantType { get }

    /// Exchanges what the request holds for tokens. The client is authenticated and may use this grant.
    ///
    /// - Throws: ``OAuthError``, or what the storage throws.
    func tokens(for request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens
}

extension Grant {
    /// - Throws: ``OAuthError`` `invalid_request` when the parameter is absent or empty (RFC 6749 section 3.2).
    func required(_ value: String?, _ name: String) throws(OAuthError) -> String {
        guard let value, !value.isEmpty else { throw OAuthError(.invalidRequest, "\(name) is missing.") }
        return value
    }

    /// The scopes that a request asks for, among those that it may ask for.
    ///
    /// - Throws: ``OAuthError`` `invalid_scope`.
    func scopes(_ parameter: String?, among allowed: Scopes, default defaultScopes: Scopes) throws(OAuthError) -> Scopes {
        guard let parameter, !parameter.isEmpty else { return defaultScopes }
        guard let asked = Scopes(parameter: parameter) else { throw OAuthError(.invalidScope, "scope is malformed.") }
        guard asked.isSubset(of: allowed) else { throw OAuthError(.invalidScope, "Not all of these scopes may be had.") }
        return asked
    }
}
