import AuthHandlers
import Logging
import PostgresClient
import PostgresInfrastructure
import PrometheusMetrics
import RuntimeHandlers
import SQLiteInfrastructure
import ServiceLifecycle

/// Where the services that run here keep what must last: in PostgreSQL, or in SQLite files of the data directory.
struct Storage: Sendable {
    /// One service's database.
    enum Place: Sendable {
        case sqlite(SQLiteDatabase)
        case postgres(PostgresPool)
    }

    private let places: [ServiceName: Place]
    private let pools: [PostgresPool]
    private let tables: [ServiceTables]

    /// Opens the files; connects to nothing yet.
    init(_ settings: StoreSettings, dataDirectory: String, services: [ServiceName]) throws {
        let data = DataDirectory(path: dataDirectory)
        var places: [ServiceName: Place] = [:]
        // Services with the same URL share their connections.
        var pools: [String: PostgresPool] = [:]
        for service in ServiceName.withTables where services.contains(service) {
            guard let configuration = settings.postgres[service] else {
                try data.make()
                places[service] = .sqlite(try SQLiteDatabase(path: data.database(of: service)))
                continue
            }
            let pool =
                pools[configuration.connectionString]
                ?? PostgresPool(configuration, limits: settings.poolLimits, name: service.rawValue)
            pools[configuration.connectionString] = pool
            places[service] = .postgres(pool)
        }
        self.places = places
        self.pools = Array(pools.values)
        tables = ServiceName.withTables.filter(services.contains).map { ServiceTables(of: $0, settings, data) }
    }

    /// What has to run for it: before the services that use it, and longer.
    var parts: [any Service] { pools }

    /// What the pools hold, for the metrics.
    func observe(in registry: PrometheusRegistry) {
        for pool in pools { PoolMetrics.observe(pool, in: registry) }
    }

    /// Makes sure that the servers are there and let us in, and that the tables are up to date.
    ///
    /// - Throws: ``ConfigurationError``; `MigrationFailure` for tables that are not on the way of this program's steps.
    func prepare(_ settings: StoreSettings, logger: Logger) async throws {
        for pool in pools {
            try await StoreStart.reach(
                "PostgreSQL (\(pool.configuration))", within: settings.startTimeout, logger: logger,
                isFinal: { ($0 as? PostgresError)?.isRefusal == true },
                { try await pool.configuration.checkConnection() }
            )
        }
        for tables in self.tables { try await tables.prepare(migrates: settings.migratesAtStart, logger) }
    }

    /// Asks a service's database for something small. Throws when it does not answer within a second.
    func check(_ service: ServiceName) async throws {
        switch try place(of: service) {
        case .sqlite(let database): try await database.check()
        // Less than the deadline of readiness: a statement that is cancelled may take longer to end than one that ends by itself.
        case .postgres(let pool): try await pool.check(within: .milliseconds(800))
        }
    }

    private func place(of service: ServiceName) throws -> Place {
        guard let place = places[service] else { throw ConfigurationError("\(service.rawValue) keeps nothing here") }
        return place
    }
}

/// The ports of the services, on what they are kept in.
extension Storage {
    func authRepositories() throws -> AuthRepositories {
        switch try place(of: .auth) {
        case .sqlite(let database): .sqlite(database)
        case .postgres(let pool): .postgres(pool)
        }
    }

    /// Sessions, with the events that tell of them, and the log of those that were published.
    func runtimeStores() throws -> (sessions: any SessionRepository & EventOutbox, auditLog: any AuditLog) {
        switch try place(of: .runtime) {
        case .sqlite(let database): (SQLiteSessionRepository(database), SQLiteAuditLog(database))
        case .postgres(let pool): (PostgresSessionRepository(pool), PostgresAuditLog(pool))
        }
    }
}
