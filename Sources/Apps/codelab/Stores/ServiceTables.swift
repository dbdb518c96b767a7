import FoundationEssentials
import Logging
import Migrations
import PostgresClient
import PostgresInfrastructure
import SQLiteInfrastructure

/// The tables of one service: where they are, and the steps that lead to them.
struct ServiceTables: Sendable {
    private enum Database: Sendable {
        case file(path: String)
        case postgres(PostgresConfiguration)
    }

    let service: ServiceName
    private let database: Database

    /// - Parameter service: One of ``ServiceName/withTables``.
    init(of service: ServiceName, _ settings: StoreSettings, _ data: DataDirectory) {
        self.service = service
        database = settings.postgres[service].map { .postgres($0) } ?? .file(path: data.database(of: service))
    }

    /// For messages: no credentials.
    var place: String {
        switch database {
        case .file(let path): path
        case .postgres(let configuration): "PostgreSQL \(configuration)"
        }
    }

    /// How far they are. Makes no file where there is none.
    func status() async throws -> MigrationStatus {
        if case .file(let path) = database, !FileManager.default.fileExists(atPath: path) {
            return try MigrationStatus(of: sequence, applied: [])
        }
        return try await withMigrator { try await $0.status(of: sequence) }
    }

    /// Brings them up to date.
    ///
    /// - Returns: The steps that were applied by this call.
    func apply() async throws -> [Migration] {
        try await withMigrator { try await $0.apply(sequence) }
    }

    /// What `serve` does at its start.
    ///
    /// Tables of a newer release are taken: a step leaves them usable for the release before it, and so an old replica may start again while a
    /// new release is rolled out, or after that was rolled back (docs/guides/migrations.md).
    ///
    /// - Parameter migrates: Whether steps that are missing are applied; otherwise they are a failure.
    func prepare(migrates: Bool, _ logger: Logger) async throws {
        do {
            let applied = migrates ? try await apply() : []
            if !applied.isEmpty {
                logger.notice(
                    "The tables were brought up to date", metadata: ["service": "\(service.rawValue)", "steps": "\(Self.list(applied))"])
            }
            let pending = migrates ? [] : try await status().pending
            guard pending.isEmpty else {
                throw ConfigurationError(
                    """
                    the tables of \(service.rawValue) (\(place)) lack steps: \(Self.list(pending)). Bring them up to date with the same \
                    settings: codelab migrate up
                    """)
            }
        } catch let failure as MigrationFailure where failure.code == .newer {
            logger.warning("The tables are those of a newer version", metadata: ["service": "\(service.rawValue)"])
        }
    }

    /// Steps in a message: `2 fencing, 3 outbox`.
    static func list(_ steps: [Migration]) -> String { steps.map { "\($0.number) \($0.name)" }.joined(separator: ", ") }

    private var sequence: MigrationSequence {
        switch (database, service) {
        case (.file, .auth): .sqliteAuth
        case (.file, .runtime): .sqliteRuntime
        case (.postgres, .auth): .postgresAuth
        case (.postgres, .runtime): .postgresRuntime
        case (_, .gateway), (_, .llmProxy), (_, .website): MigrationSequence(service: service.rawValue, [])
        }
    }

    private func withMigrator<Value: Sendable>(_ body: (any Migrator) async throws -> Value) async throws -> Value {
        switch database {
        case .postgres(let configuration):
            // A pool would wait for what is wrong at once.
            try await configuration.checkConnection()
            return try await body(PostgresMigrator(configuration))
        case .file(let path):
            let database = try SQLiteDatabase(path: path)
            let result: Value
            do {
                result = try await body(SQLiteMigrator(database))
            } catch {
                try database.close()
                throw error
            }
            try database.close()
            return result
        }
    }
}
