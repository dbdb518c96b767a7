import ArgumentParser
import AuthHandlers
import FoundationEssentials
import GatewayHandlers
import LLMProxyHandlers
import Logging
import OTLPTracing
import PostgresClient
import RedisClient
import Testing

@testable import codelab

/// docs/guides/settings.md says what the program does.
@Suite("docs/guides/settings.md")
struct SettingsGuideTests {
    private struct Row {
        var flag: String
        var variable: String
        var isSecret: Bool
        var key: String
        var standard: String
    }

    private static func text(_ path: String) throws -> String {
        let file = RunningPlatform.checkout.appending(path: path).path
        return String(decoding: try #require(FileManager.default.contents(atPath: file), "\(path)"), as: UTF8.self)
    }

    /// The rows of its tables: the variable is in the second column.
    private static func rows() throws -> [Row] {
        try text("docs/guides/settings.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.filter { $0 != "`" }.trimmed }
            guard cells.count >= 6, ["CODELAB_", "OTEL_"].contains(where: cells[2].hasPrefix) else { return nil }
            let name = String(cells[2].prefix { !$0.isWhitespace })
            return Row(flag: cells[1], variable: name, isSecret: cells[2].hasSuffix("(secret)"), key: cells[3], standard: cells[4])
        }
    }

    /// The variables that a folder's sources name.
    private static func variables(in folder: String) throws -> Set<String> {
        let root = RunningPlatform.checkout.appending(path: folder).path
        var found: Set<String> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: root) where file.hasSuffix(".swift") {
            for match in try text("\(folder)/\(file)").matches(of: /"((?:CODELAB|OTEL)_[A-Z_]+)"/) { found.insert(String(match.1)) }
        }
        return found
    }

    @Test("lists every variable that the program and its services read, once, and no other")
    func variables() throws {
        let listed = try Self.rows().map(\.variable)
        #expect(Set(listed).count == listed.count)
        let read = try Self.variables(in: "Sources/Apps/codelab").union(Self.variables(in: "Sources/Handlers"))
        #expect(Set(listed) == read)
    }

    @Test("gives each its key in the file, and calls secret what is one")
    func keys() throws {
        let rows = try Self.rows()
        let listed = Dictionary(uniqueKeysWithValues: rows.filter { !$0.key.isEmpty }.map { ($0.variable, $0.key) })
        let known = Dictionary(uniqueKeysWithValues: Setting.all.compactMap { setting in setting.key.map { (setting.variable, $0) } })
        #expect(listed == known)
        #expect(Set(rows.filter(\.isSecret).map(\.variable)) == Set(Setting.all.filter(\.isSecret).map(\.variable)))
    }

    @Test("names flags that there are, and all of serve's and migrate's")
    func flags() throws {
        let help = [ServeCommand.helpMessage(), MigrateStatusCommand.helpMessage(), ChatCommand.helpMessage()].joined()
        let listed = try Self.rows().map { String($0.flag.prefix { !$0.isWhitespace }) }.filter { !$0.isEmpty }
        for flag in listed { #expect(help.contains(flag), "\(flag)") }
        let options = ServeCommand.helpMessage().split(separator: "OPTIONS:").last ?? ""
        let given = options.split(separator: "\n").flatMap { $0.prefix(40).matches(of: /--[a-z-]+/).map { String($0.output) } }
        for flag in Set(given).subtracting(["--help", "--version", "--migrate"]) { #expect(listed.contains(flag), "\(flag)") }
    }

    @Test("gives the numbers that hold where nothing is said")
    func defaults() throws {
        let sources = ConfigurationSources(environment: ["HOME": "/h"], file: ConfigurationFile())
        let settings = try ServeSettings(services: ServiceName.allCases, flags: .init(), sources: sources)
        let postgres = try StoreSettings(
            services: [.auth], flags: .init(databaseURL: "postgres://h/d", redisURL: "redis://h"), sources: sources)
        let auth = try AuthConfiguration(environment: [:])
        let model = try LLMProxyConfiguration(environment: ["CODELAB_LLM_BASE_URL": "http://h", "CODELAB_LLM_MODELS": "m"])
        let upstream = try #require(model.upstream)
        let (database, redis) = (try #require(postgres.postgres[.auth]), try #require(postgres.redis))
        let seconds: (Duration) -> Int = { Int($0.components.seconds) }
        let whole: (TimeInterval) -> Int = { Int($0) }
        var numbers: [String: Int] = [:]
        numbers["CODELAB_START_TIMEOUT"] = seconds(settings.stores.startTimeout)
        numbers["CODELAB_DATABASE_MAX_CONNECTIONS"] = postgres.poolLimits.maximumConnections
        numbers["CODELAB_DATABASE_MIN_CONNECTIONS"] = postgres.poolLimits.minimumConnections
        numbers["CODELAB_DATABASE_MAX_WAITERS"] = postgres.poolLimits.maximumWaiters
        numbers["CODELAB_DATABASE_ACQUIRE_TIMEOUT"] = seconds(postgres.poolLimits.acquireTimeout)
        numbers["CODELAB_DATABASE_CONNECT_TIMEOUT"] = seconds(database.connectTimeout)
        numbers["CODELAB_DATABASE_STATEMENT_TIMEOUT"] = seconds(database.statementTimeout)
        numbers["CODELAB_DATABASE_IDLE_TIMEOUT"] = seconds(postgres.poolLimits.idleTimeout)
        numbers["CODELAB_DATABASE_MAX_LIFETIME"] = seconds(postgres.poolLimits.maximumLifetime)
        numbers["CODELAB_REDIS_CONNECTIONS"] = redis.connections
        numbers["CODELAB_REDIS_CONNECT_TIMEOUT"] = seconds(redis.connectTimeout)
        numbers["CODELAB_REDIS_COMMAND_TIMEOUT"] = seconds(redis.commandTimeout)
        for service in ServiceName.allCases { numbers[Setting.port(of: service).variable] = settings.ports[service] }
        numbers["CODELAB_DRAIN_TIME"] = seconds(settings.drainTime)
        numbers["CODELAB_TRUSTED_PROXIES"] = auth.trustedProxies
        numbers["CODELAB_AUTH_ACCESS_LIFETIME"] = whole(auth.accessTokenLifetime)
        numbers["CODELAB_AUTH_REFRESH_LIFETIME"] = whole(auth.refreshTokenLifetime)
        numbers["CODELAB_AUTH_CODE_LIFETIME"] = whole(auth.authorizationCodeLifetime)
        numbers["CODELAB_AUTH_PAGE_LIFETIME"] = whole(auth.signInPageLifetime)
        numbers["CODELAB_AUTH_SCRYPT_LOG_N"] = auth.scryptLogN
        numbers["CODELAB_AUTH_ATTEMPTS"] = auth.attemptsPerAccount
        numbers["CODELAB_AUTH_ATTEMPTS_PER_ADDRESS"] = auth.attemptsPerAddress
        let gateway = try GatewayConfiguration(environment: [:])
        numbers["CODELAB_GATEWAY_RUNTIME_TIMEOUT"] = seconds(gateway.runtimeTimeout)
        numbers["CODELAB_GATEWAY_RATE_LIMIT"] = gateway.callsPerMinute
        numbers["CODELAB_GATEWAY_RATE_LIMIT_MESSAGES"] = gateway.messagesPerMinute
        numbers["CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS"] = gateway.connectionsPerMinute
        numbers["CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED"] = gateway.unauthenticatedCallsPerMinute
        numbers["CODELAB_LLM_RATE_LIMIT"] = model.completionsPerMinute
        numbers["CODELAB_LLM_RESPONSE_TIMEOUT"] = seconds(upstream.responseTimeout)
        numbers["CODELAB_LLM_IDLE_TIMEOUT"] = seconds(upstream.idleTimeout)
        numbers["CODELAB_LLM_MAXIMUM_ANSWER"] = model.maximumAnswerBytes
        let collector = ConfigurationSources(environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://h"], file: ConfigurationFile())
        let tracing = try #require(try TracingConfiguration(services: [.auth], sources: collector))
        numbers["OTEL_EXPORTER_OTLP_TIMEOUT"] = seconds(tracing.timeout) * 1000
        let listed = Dictionary(uniqueKeysWithValues: try Self.rows().compactMap { row in Int(row.standard).map { (row.variable, $0) } })
        #expect(listed == numbers)
        let words = [
            "CODELAB_HOST": settings.host, "CODELAB_LOG_LEVEL": settings.logLevel.rawValue,
            "CODELAB_LOG_FORMAT": settings.logFormat.rawValue,
            "CODELAB_MIGRATE": "\(settings.stores.migratesAtStart)", "CODELAB_GATEWAY_ANONYMOUS": "\(settings.allowsAnonymous)",
            "CODELAB_ADMIN_USERNAME": auth.administratorName, "CODELAB_AUTH_AUDIENCE": auth.audience, "CODELAB_LLM_NAME": upstream.name,
        ]
        for row in try Self.rows() {
            if let word = words[row.variable] { #expect(row.standard == word, "\(row.variable)") }
        }
    }
}
