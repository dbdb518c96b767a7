import FoundationEssentials

extension AuthConfiguration {
    /// Reads the settings from environment variables; what is absent or empty has its default.
    ///
    /// - Parameter environment: Such as `ProcessInfo.processInfo.environment`.
    /// - Throws: ``AuthConfigurationError`` for a value that cannot be read.
    public init(environment: [String: String]) throws {
        func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func number(_ name: String, _ value: inout Int) throws {
            guard let text = text(name) else { return }
            guard let read = Int(text) else { throw AuthConfigurationError("\(name) must be a whole number.") }
            value = read
        }
        func seconds(_ name: String, _ value: inout TimeInterval) throws {
            var whole = Int(value)
            try number(name, &whole)
            value = TimeInterval(whole)
        }
        let internalSecrets = (text("CODELAB_AUTH_INTERNAL_SECRET") ?? "").split(whereSeparator: \.isNewline).map(String.init)
        guard internalSecrets.allSatisfy({ $0.utf8.count >= 16 }) else {
            throw AuthConfigurationError("CODELAB_AUTH_INTERNAL_SECRET must have at least 16 characters.")
        }
        let passwordGrantClients = (text("CODELAB_AUTH_PASSWORD_GRANT_CLIENTS") ?? "").split(separator: ",").map {
            String($0.filter { !$0.isWhitespace })
        }
        self.init(
            issuer: text("CODELAB_AUTH_ISSUER") ?? "http://localhost:8003", internalSecrets: internalSecrets,
            passwordGrantClients: Set(passwordGrantClients)
        )
        if let unknown = passwordGrantClients.first(where: { id in !clients.contains { $0.id == id } }) {
            throw AuthConfigurationError("CODELAB_AUTH_PASSWORD_GRANT_CLIENTS names \(unknown), which is no client.")
        }
        audience = text("CODELAB_AUTH_AUDIENCE") ?? audience
        administratorName = text("CODELAB_ADMIN_USERNAME") ?? administratorName
        administratorPassword = text("CODELAB_ADMIN_PASSWORD")
        try seconds("CODELAB_AUTH_ACCESS_LIFETIME", &accessTokenLifetime)
        try seconds("CODELAB_AUTH_REFRESH_LIFETIME", &refreshTokenLifetime)
        try seconds("CODELAB_AUTH_CODE_LIFETIME", &authorizationCodeLifetime)
        try seconds("CODELAB_AUTH_PAGE_LIFETIME", &signInPageLifetime)
        try number("CODELAB_AUTH_SCRYPT_LOG_N", &scryptLogN)
        try number("CODELAB_AUTH_ATTEMPTS", &attemptsPerAccount)
        try number("CODELAB_AUTH_ATTEMPTS_PER_ADDRESS", &attemptsPerAddress)
        try number("CODELAB_TRUSTED_PROXIES", &trustedProxies)
    }
}
