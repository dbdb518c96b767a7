public import Migrations
public import PostgresClient

/// Brings the tables of a PostgreSQL database up to date, under an advisory lock.
public struct PostgresMigrator: Migrator {
    private let configuration: PostgresConfiguration
    private let patience: Duration

    /// - Parameter patience: How long to wait for another process that is at it.
    public init(_ configuration: PostgresConfiguration, patience: Duration = .seconds(300)) {
        var configuration = configuration
        // A step over a large table takes its time.
        configuration.statementTimeout = .seconds(3600)
        self.configuration = configuration
        self.patience = patience
    }

    @discardableResult
    public func apply(_ sequence: MigrationSequence) async throws -> [Migration] {
        try await withConnection { connection in
            try await lock(sequence, on: connection)
            try await connection.execute(script: Self.table)
            let pending = try sequence.pending(after: try await Self.applied(sequence, on: connection))
            for migration in pending { try await apply(migration, of: sequence, on: connection) }
            // The lock goes with the connection.
            return Array(pending)
        }
    }

    public func status(of sequence: MigrationSequence) async throws -> MigrationStatus {
        try await withConnection { connection in
            let exists = try await connection.query("SELECT to_regclass('codelab_migrations') IS NOT NULL")[0].decode(Bool.self)
            return try MigrationStatus(of: sequence, applied: exists ? try await Self.applied(sequence, on: connection) : [])
        }
    }

    private func withConnection<Value: Sendable>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        try await PostgresPool.withPool(configuration, limits: PostgresPoolLimits(maximumConnections: 1)) {
            try await $0.withConnection(body)
        }
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS codelab_migrations (
            service text NOT NULL, number int NOT NULL, name text NOT NULL, checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (service, number)
        )
        """

    /// Advisory locks are numbers; this one is CodeLab's, whichever service: `CREATE TABLE IF NOT EXISTS` is not safe against itself.
    private static let lockKey: Int64 = 0x636F_6465_6C61_6200

    private func lock(_ sequence: MigrationSequence, on connection: PostgresConnection) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !connection.query("SELECT pg_try_advisory_lock(\(Self.lockKey))")[0].decode(Bool.self) {
            guard ContinuousClock.now < deadline else {
                throw MigrationFailure(.locked, sequence.service, "another process has been at it for more than \(patience)")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private static func applied(_ sequence: MigrationSequence, on connection: PostgresConnection) async throws -> [AppliedMigration] {
        let service = sequence.service
        return try await connection.query("SELECT number, name, checksum FROM codelab_migrations WHERE service = \(service)").map { row in
            let (number, name, checksum) = try row.decode(Int.self, String.self, String.self)
            return AppliedMigration(number: number, name: name, checksum: checksum)
        }
    }

    private func apply(_ migration: Migration, of sequence: MigrationSequence, on connection: PostgresConnection) async throws {
        do {
            try await connection.transaction { transaction in
                try await transaction.execute(script: migration.sql)
                try await transaction.query(
                    """
                    INSERT INTO codelab_migrations (service, number, name, checksum)
                    VALUES (\(sequence.service), \(migration.number), \(migration.name), \(migration.checksum))
                    """)
            }
        } catch let error as PostgresError {
            throw MigrationFailure(.failed, sequence.service, "step \(migration.number), \(migration.name), failed", cause: error)
        }
    }
}
