/// The clients that may use this server. They come from the configuration.
struct ClientRegistry: Sendable {
    private let clients: [String: RegisteredClient]

    /// - Throws: ``AuthConfigurationError`` when two clients have one identifier, or a client is not safe as it stands.
    init(_ clients: [RegisteredClient]) throws {
        var byID: [String: RegisteredClient] = [:]
        for client in clients {
            guard byID.updateValue(client, forKey: client.id) == nil else {
                throw AuthConfigurationError("Two clients are called \(client.id).")
            }
            for uri in client.redirectURIs where RedirectURI(uri) == nil {
                throw AuthConfigurationError(
                    "The redirect URI \(uri) of \(client.id) is not absolute, has a fragment, or is plain http to another machine.")
            }
            guard client.defaultScopes.isSubset(of: client.scopes) else {
                throw AuthConfigurationError("The default scopes of \(client.id) are more than its scopes.")
            }
            if client.kind == .public, client.grants.contains(.clientCredentials) {
                throw AuthConfigurationError("\(client.id) is public: it cannot have the client_credentials grant.")
            }
        }
        self.clients = byID
    }

    func client(id: String) -> RegisteredClient? { clients[id] }

    /// Every grant that at least one client may use, in a fixed order.
    var grants: [RegisteredClient.GrantType] {
        RegisteredClient.GrantType.allCases.filter { grant in clients.values.contains { $0.grants.contains(grant) } }
    }

    /// Every scope that at least one client may use, sorted.
    var scopes: [String] { Set(clients.values.flatMap(\.scopes.values)).sorted() }
}
