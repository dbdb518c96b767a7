internal import CPostgres

/// Where the server is, and how a connection to it behaves.
///
/// Everything that libpq knows can be said in the URL (`postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=…`), also
/// several hosts and `target_session_attrs`; what the URL leaves open comes from libpq's environment variables (`PGHOST`, `PGSSLMODE`,
/// `PGPASSFILE`, …) and then from its defaults.
public struct PostgresConfiguration: Sendable {
    /// A URL or a `key=value` string as in libpq, section 34.1.1. Empty: the environment's settings alone.
    public var connectionString: String
    /// What `pg_stat_activity` shows, unless the connection string says.
    public var applicationName: String
    /// Time for one host to answer a connection attempt, TLS and authentication included. libpq counts whole seconds, at least 2.
    public var connectTimeout: Duration
    /// Time after which the server itself gives up a statement. A server that says nothing for ``silenceTolerance`` more is taken for dead.
    public var statementTimeout: Duration
    /// See ``statementTimeout``.
    public var silenceTolerance: Duration
    /// Time after which the server ends a connection whose transaction waits for its client: one that stands still keeps its locks no longer.
    public var idleTransactionTimeout: Duration
    /// Bytes of one answer; a larger one ends the connection.
    public var maximumResultSize: Int
    /// Prepared statements that a connection keeps; the one that was not used for the longest time makes room.
    public var maximumPreparedStatements: Int

    public init(
        _ connectionString: String, applicationName: String = "codelab", connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(30), silenceTolerance: Duration = .seconds(5),
        idleTransactionTimeout: Duration = .seconds(10), maximumResultSize: Int = 64 * 1024 * 1024, maximumPreparedStatements: Int = 256
    ) {
        self.connectionString = connectionString
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.silenceTolerance = silenceTolerance
        self.idleTransactionTimeout = idleTransactionTimeout
        self.maximumResultSize = maximumResultSize
        self.maximumPreparedStatements = maximumPreparedStatements
    }

    /// Checks the connection string without connecting.
    ///
    /// - Throws: ``PostgresError`` of code `configuration`, with what libpq has to say.
    public func validate() throws {
        _ = try options()
    }

    /// The connection string's own settings, by libpq's keywords. Secrets among them: not for a log.
    func options() throws -> [String: String] {
        guard !connectionString.utf8.contains(0) else { throw PostgresError(.configuration, "The connection string contains a NUL") }
        guard !connectionString.isEmpty else { return [:] }
        var complaint: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(connectionString, &complaint) else {
            defer { PQfreemem(complaint) }
            let reason = complaint.map { String(cString: $0) } ?? "out of memory"
            throw PostgresError(.configuration, "The connection string cannot be read: \(reason.withoutQuotedText.trimmingNewlines)")
        }
        defer { PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return options
    }

    /// What libpq is given, in its order of precedence.
    func parameters() throws -> [(keyword: String, value: String)] {
        var options = try options()
        options["fallback_application_name"] = applicationName
        options["client_encoding"] = "UTF8"
        if options["connect_timeout"] == nil { options["connect_timeout"] = String(max(2, connectTimeout.components.seconds)) }
        // Half-open connections: the kernel gives up what nobody acknowledges.
        for (keyword, value) in Self.keepalives where options[keyword] == nil { options[keyword] = value }
        let timeouts =
            "-c statement_timeout=\(statementTimeout.milliseconds)"
            + " -c idle_in_transaction_session_timeout=\(idleTransactionTimeout.milliseconds)"
        options["options"] = options["options"].map { "\(timeouts) \($0)" } ?? timeouts
        return options.map { ($0.key, $0.value) }.sorted { $0.keyword < $1.keyword }
    }

    private static let keepalives = [
        "keepalives_idle": "30", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "15000",
    ]
}

extension PostgresConfiguration: CustomStringConvertible {
    /// Host, port and database: no credentials.
    public var description: String {
        guard let options = try? options() else { return "a connection string that cannot be read" }
        let place = [options["host"] ?? options["hostaddr"], options["port"]].compactMap(\.self).joined(separator: ":")
        return "\(place.isEmpty ? "the default server" : place), database \(options["dbname"] ?? options["user"] ?? "by default")"
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension String {
    /// libpq's messages end in a line feed.
    var trimmingNewlines: String { split(separator: "\n").joined(separator: "; ") }

    /// libpq quotes the piece that it does not understand, and that may be of a password.
    fileprivate var withoutQuotedText: String {
        split(separator: "\"", omittingEmptySubsequences: false).enumerated().map { $0.offset.isMultiple(of: 2) ? $0.element : "…" }
            .joined(separator: "\"")
    }
}
