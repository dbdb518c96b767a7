import PostgresClient
import RedisClient

/// Where what must last and what is shared for a while are kept, and how the connections to it behave.
struct StoreSettings: Sendable {
    /// What was given on the command line; nil where nothing was.
    struct Flags: Sendable {
        var databaseURL: String?
        var redisURL: String?
        var migratesAtStart: Bool?
    }

    /// The databases of services whose tables are in PostgreSQL; those of the others are in files of the data directory.
    var postgres: [ServiceName: PostgresConfiguration]
    var poolLimits: PostgresPoolLimits
    /// nil: what is shared is in this process's memory.
    var redis: RedisConfiguration?
    /// Whether `serve` brings tables up to date, rather than refusing to start with old ones.
    var migratesAtStart: Bool
    /// How long `serve` waits for a server that is not there yet.
    var startTimeout: Duration

    /// - Parameter services: Those that are run here: only their databases are asked for.
    init(services: [ServiceName], flags: Flags, sources: ConfigurationSources) throws {
        let connectTimeout = Duration.seconds(try sources.number(.databaseConnectTimeout, in: 2...300, default: 5))
        let statementTimeout = Duration.seconds(try sources.number(.databaseStatementTimeout, in: 1...86_400, default: 30))
        postgres = [:]
        for service in ServiceName.withTables where services.contains(service) {
            guard let (url, setting) = try Self.databaseURL(of: service, flags, sources) else { continue }
            var configuration = try Self.configuration(url, setting)
            configuration.connectTimeout = connectTimeout
            configuration.statementTimeout = statementTimeout
            postgres[service] = configuration
        }
        poolLimits = try Self.poolLimits(sources)
        redis = services == [.website] ? nil : try Self.redis(flags, sources)
        migratesAtStart = try sources.flag(.migrate, flag: flags.migratesAtStart, default: true)
        startTimeout = .seconds(try sources.number(.startTimeout, in: 0...3600, default: 10))
    }

    /// A service's own URL comes before the one for all.
    private static func databaseURL(
        of service: ServiceName, _ flags: Flags, _ sources: ConfigurationSources
    ) throws -> (url: String, setting: Setting)? {
        if let own = Setting.databaseURL(of: service), let url = try sources.secret(own) { return (url, own) }
        return try sources.secret(.databaseURL, flag: flags.databaseURL).map { ($0, .databaseURL) }
    }

    private static func configuration(_ url: String, _ setting: Setting) throws -> PostgresConfiguration {
        guard ["postgres://", "postgresql://"].contains(where: { url.lowercased().hasPrefix($0) }) else {
            throw ConfigurationError(
                "\(setting.variable) (--database-url) must begin with postgres:// or postgresql://; without one, data is kept in SQLite files"
            )
        }
        let configuration = PostgresConfiguration(url)
        do {
            try configuration.validate()
        } catch {
            throw ConfigurationError("\(setting.variable) (--database-url) cannot be used: \(error)")
        }
        return configuration
    }

    private static func poolLimits(_ sources: ConfigurationSources) throws -> PostgresPoolLimits {
        let standard = PostgresPoolLimits()
        let maximum = try sources.number(.databaseMaximumConnections, in: 1...10_000, default: standard.maximumConnections)
        let limits = PostgresPoolLimits(
            maximumConnections: maximum,
            minimumConnections: try sources.number(.databaseMinimumConnections, in: 0...10_000, default: standard.minimumConnections),
            maximumWaiters: try sources.number(.databaseMaximumWaiters, in: 0...1_000_000, default: standard.maximumWaiters),
            acquireTimeout: .seconds(try sources.number(.databaseAcquireTimeout, in: 1...3600, default: 10)),
            idleTimeout: .seconds(try sources.number(.databaseIdleTimeout, in: 1...86_400, default: 600)),
            maximumLifetime: .seconds(try sources.number(.databaseMaximumLifetime, in: 1...604_800, default: 3600))
        )
        guard limits.minimumConnections <= limits.maximumConnections else {
            let (least, most) = (Setting.databaseMinimumConnections.variable, Setting.databaseMaximumConnections.variable)
            throw ConfigurationError("\(least) must not be larger than \(most), which is \(maximum)")
        }
        return limits
    }

    private static func redis(_ flags: Flags, _ sources: ConfigurationSources) throws -> RedisConfiguration? {
        let connections = try sources.number(.redisConnections, in: 1...1000, default: 2)
        let connectTimeout = Duration.seconds(try sources.number(.redisConnectTimeout, in: 1...300, default: 5))
        let commandTimeout = Duration.seconds(try sources.number(.redisCommandTimeout, in: 1...300, default: 5))
        guard let url = try sources.secret(.redisURL, flag: flags.redisURL) else { return nil }
        var configuration: RedisConfiguration
        do {
            configuration = try RedisConfiguration(url: url)
        } catch {
            throw ConfigurationError("\(Setting.redisURL.variable) (--redis-url) cannot be used: \(error)")
        }
        configuration.connections = connections
        configuration.connectTimeout = connectTimeout
        configuration.commandTimeout = commandTimeout
        return configuration
    }
}
