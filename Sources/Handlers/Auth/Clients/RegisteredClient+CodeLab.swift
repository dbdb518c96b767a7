extension RegisteredClient {
    /// CodeLab's own clients: the Flutter app, the terminal client, and the services among themselves.
    ///
    /// - Parameters:
    ///   - internalSecrets: The secrets of `codelab-internal`; without any that client is not registered.
    ///   - passwordGrantClients: Identifiers of clients that may still use the password grant.
    public static func codeLab(internalSecrets: [String], passwordGrantClients: Set<String> = []) -> [RegisteredClient] {
        func grants(_ grants: Set<GrantType>, of id: String) -> Set<GrantType> {
            passwordGrantClients.contains(id) ? grants.union([.password]) : grants
        }
        let personal: Set<GrantType> = [.authorizationCode, .refreshToken]
        var clients = [
            RegisteredClient(
                publicID: "codelab-flutter-app", name: "CodeLab", grants: grants(personal, of: "codelab-flutter-app"),
                redirectURIs: loopbackRedirectURIs, scopes: Scopes(["api:read", "api:write", "openid", "profile", "email"]),
                defaultScopes: Scopes(["api:read", "api:write"])
            ),
            RegisteredClient(
                publicID: "codelab-cli", name: "CodeLab in the terminal", grants: grants(personal, of: "codelab-cli"),
                redirectURIs: loopbackRedirectURIs,
                scopes: Scopes(["api:read", "api:write", Scopes.administration, "openid", "profile", "email"]),
                defaultScopes: Scopes(["api:read", "api:write"])
            ),
        ]
        if !internalSecrets.isEmpty {
            clients.append(
                RegisteredClient(
                    confidentialID: "codelab-internal", name: "CodeLab services", secrets: internalSecrets,
                    grants: grants([.clientCredentials], of: "codelab-internal"),
                    scopes: Scopes(["api:read", "api:write", Scopes.administration, "runtime", "llm"]),
                    defaultScopes: Scopes(["api:read", "api:write", "runtime", "llm"])
                )
            )
        }
        return clients
    }

    /// A native app listens on a port that the system gives it (RFC 8252 section 7.3); the port is not compared.
    private static let loopbackRedirectURIs = ["http://127.0.0.1/callback", "http://[::1]/callback"]
}
