/// Where the server is, and how the connections to it behave.
public struct RedisConfiguration: Sendable {
    /// What is asked for the server's address.
    public enum Discovery: Sendable, Equatable {
        /// The server itself.
        case server(host: String, port: Int)
        /// Sentinels, one after the other, for the master of this name.
        case sentinels([Address], master: String)
    }

    public struct Address: Sendable, Equatable {
        public var host: String
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    public var discovery: Discovery
    /// Of Redis' access control lists; nil: the default user.
    public var username: String?
    public var password: String?
    /// Of the sentinels, which may differ.
    public var sentinelPassword: String?
    public var database: Int
    public var usesTLS: Bool
    /// A file with the certificates (PEM) that the server's is to be signed by; nil: those of the system.
    public var trustRoots: String?
    /// What `CLIENT LIST` shows.
    public var clientName: String
    /// Connections that share the commands: each pipelines what is sent at the same time.
    public var connections: Int
    public var connectTimeout: Duration
    /// Time for an answer, and for a connection to be there while there is none.
    public var commandTimeout: Duration
    /// Connections at a time for commands that wait on the server; see ``RedisClient/withWaitingConnection(_:)``.
    public var maximumWaitingConnections: Int
    /// Commands that may wait for their answers, a connection.
    public var maximumPendingCommands: Int
    /// Bytes of those commands together.
    public var maximumPendingBytes: Int
    /// Bytes of one answer; a larger one ends the connection.
    public var maximumReplySize: Int

    public init(host: String = "127.0.0.1", port: Int = 6379) {
        discovery = .server(host: host, port: port)
        database = 0
        usesTLS = false
        clientName = "codelab"
        connections = 2
        connectTimeout = .seconds(5)
        commandTimeout = .seconds(5)
        maximumWaitingConnections = 64
        maximumPendingCommands = 10_000
        maximumPendingBytes = 64 * 1024 * 1024
        maximumReplySize = 64 * 1024 * 1024
    }

    /// Reads a URL: `redis://user:password@host:6379/0`; `rediss://` for TLS, with `?ca=FILE` for trust roots of one's own;
    /// `redis+sentinel://user:password@host:26379,host2:26379/master/0` (and `rediss+sentinel`), with `?sentinel_password=…`.
    ///
    /// - Throws: ``RedisError`` of code `configuration`; its message does not quote the URL, which may hold a password.
    public init(url: String) throws {
        self.init()
        let parts = try RedisURL(url)
        usesTLS = parts.scheme.hasPrefix("rediss")
        username = parts.username
        password = parts.password
        trustRoots = parts.query["ca"]
        sentinelPassword = parts.query["sentinel_password"]
        var path = parts.path
        if parts.scheme.hasSuffix("+sentinel") {
            guard !path.isEmpty else { throw RedisURL.failure("it names no master: redis+sentinel://host:26379/master") }
            discovery = .sentinels(try parts.addresses(defaultPort: 26379), master: path.removeFirst())
        } else {
            let addresses = try parts.addresses(defaultPort: 6379)
            guard addresses.count == 1 else { throw RedisURL.failure("several hosts are for redis+sentinel:// only") }
            discovery = .server(host: addresses[0].host, port: addresses[0].port)
        }
        guard path.count <= 1 else { throw RedisURL.failure("its path has too many parts") }
        if let text = path.first {
            guard let number = Int(text), number >= 0 else { throw RedisURL.failure("the database in its path is no number") }
            database = number
        }
    }
}

extension RedisConfiguration: CustomStringConvertible {
    /// Host, port and database: no credentials.
    public var description: String {
        switch discovery {
        case .server(let host, let port): "\(host):\(port), database \(database)"
        case .sentinels(let sentinels, let master):
            "\(master) by \(sentinels.map { "\($0.host):\($0.port)" }.joined(separator: ",")), database \(database)"
        }
    }
}

/// The parts of a URL of Redis. Several hosts, parted by commas, are nothing that RFC 3986 knows: hence this.
private struct RedisURL {
    let scheme: String
    let username: String?
    let password: String?
    let authority: Substring
    let path: [String]
    let query: [String: String]

    init(_ url: String) throws {
        guard let separator = url.firstRange(of: "://") else { throw Self.failure("it does not begin with redis://") }
        scheme = url[..<separator.lowerBound].lowercased()
        guard ["redis", "rediss", "redis+sentinel", "rediss+sentinel"].contains(scheme) else {
            throw Self.failure("its scheme is none of redis, rediss, redis+sentinel, rediss+sentinel")
        }
        var rest = url[separator.upperBound...]
        if let mark = rest.firstIndex(of: "?") {
            query = try Self.query(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        } else {
            query = [:]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = try rest[slash...].split(separator: "/").map(Self.decoded)
        let place = rest[..<slash]
        if let at = place.lastIndex(of: "@") {
            let credentials = place[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(credentials[0])
            username = name.isEmpty ? nil : name
            password = credentials.count > 1 ? try Self.decoded(credentials[1]) : nil
            authority = place[place.index(after: at)...]
        } else {
            (username, password) = (nil, nil)
            authority = place
        }
    }

    func addresses(defaultPort: Int) throws -> [RedisConfiguration.Address] {
        try authority.split(separator: ",", omittingEmptySubsequences: false).map { text in
            var (host, port) = (text, Substring(String(defaultPort)))
            if text.hasPrefix("["), let bracket = text.firstIndex(of: "]") {
                host = text[text.index(after: text.startIndex)..<bracket]
                let tail = text[text.index(after: bracket)...]
                if tail.hasPrefix(":") { port = tail.dropFirst() }
            } else if let colon = text.lastIndex(of: ":") {
                (host, port) = (text[..<colon], text[text.index(after: colon)...])
            }
            guard let number = UInt16(port), number > 0 else { throw Self.failure("its port is none") }
            return RedisConfiguration.Address(host: host.isEmpty ? "127.0.0.1" : String(host), port: Int(number))
        }
    }

    private static func query(_ text: Substring) throws -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(parts[0])
            guard name == "ca" || name == "sentinel_password" else { throw failure("its query has a setting that is not known") }
            query[name] = parts.count > 1 ? try decoded(parts[1]) : ""
        }
        return query
    }

    private static func decoded(_ text: Substring) throws -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(Substring(digits), radix: 16), digits.first != UInt8(ascii: "+") else {
                throw failure("it has a percent sign without two digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw failure("it is no UTF-8 when decoded") }
        return decoded
    }

    static func failure(_ reason: String) -> RedisError { RedisError(.configuration, "The Redis URL cannot be used: \(reason)") }
}
