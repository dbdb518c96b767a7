/// The grants of this server, by `grant_type`.
struct Grants: Sendable {
    private let grants: [RegisteredClient.GrantType: any Grant]

    init(_ grants: [any Grant]) {
        self.grants = Dictionary(grants.map { (type(of: $0).type, $0) }) { first, _ in first }
    }

    /// - Throws: ``OAuthError``, or what the storage throws.
    func tokens(type: String, request: GrantRequest, client: RegisteredClient) async throws -> IssuedTokens {
        guard let type = RegisteredClient.GrantType(rawValue: type), let grant = grants[type] else {
            throw OAuthError(.unsupportedGrantType, "This server does not know this grant_type.")
        }
        guard client.grants.contains(type) else {
            throw OAuthError(.unauthorizedClient, "The client may not use this grant_type.")
        }
        return try await grant.tokens(for: request, client: client)
    }
}
