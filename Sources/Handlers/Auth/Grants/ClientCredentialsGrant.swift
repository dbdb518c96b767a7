/// RFC 6749 section 4.4: a service signs itself in.
struct ClientCredentialsGrant: Grant {
    static let type = RegisteredClient.GrantType.clientCredentials

    let issuer: TokenIssuer

    func tokens(for request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens {
        let scopes = try scopes(request.scope, among: client.scopes, default: client.defaultScopes)
        return try await issuer.issue(to: client, scopes: scopes)
    }
}
