import GRDB
public import Migrations

/// Brings the tables of a SQLite file up to date: each step takes the file's write lock before it looks what is to be done.
public struct SQLiteMigrator: Migrator {
    private let database: SQLiteDatabase
    private let patience: Duration

    /// - Parameter patience: How long to wait for another process that is at it; beyond it, for the busy timeout of a connection.
    public init(_ database: SQLiteDatabase, patience: Duration = .seconds(300)) {
        self.database = database
        self.patience = patience
    }

    @discardableResult
    public func apply(_ sequence: MigrationSequence) async throws -> [Migration] {
        var applied: [Migration] = []
        while let migration = try await applyNext(of: sequence) { applied.append(migration) }
        return applied
    }

    public func status(of sequence: MigrationSequence) async throws -> MigrationStatus {
        let history = try await asking { try await database.pool.read { try MigrationHistory(of: sequence, in: $0) } }
        return try MigrationStatus(of: sequence, applied: history.all)
    }

    /// - Returns: nil when there was nothing to apply.
    private func applyNext(of sequence: MigrationSequence) async throws -> Migration? {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await asking {
                    try await database.pool.writeWithoutTransaction { try Self.applyNext(of: sequence, in: $0) }
                }
            } catch let failure as SQLiteFailure where (failure.cause as? DatabaseError)?.resultCode == .SQLITE_BUSY {
                guard ContinuousClock.now < deadline else {
                    throw MigrationFailure(.locked, sequence.service, "another process has been at it for more than \(patience)")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func asking<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw SQLiteFailure("The tables of \(database.path) cannot be brought up to date", cause: error)
        }
    }

    private static func applyNext(of sequence: MigrationSequence, in database: Database) throws -> Migration? {
        // A step may have to make a table anew, and then references are whole again at its end only (sqlite.org/lang_altertable.html, section 7).
        // Within a transaction this switch does nothing.
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        let result = Result { try applyInTransaction(sequence, in: database) }
        try database.execute(sql: "PRAGMA foreign_keys = ON")
        return try result.get()
    }

    private static func applyInTransaction(_ sequence: MigrationSequence, in database: Database) throws -> Migration? {
        var applied: Migration?
        try database.inTransaction(.immediate) {
            try database.execute(sql: MigrationHistory.table)
            let history = try MigrationHistory(of: sequence, in: database)
            for step in history.adopted { try step.record(for: sequence, in: database) }
            guard let next = try sequence.pending(after: history.all).first else { return .commit }
            do {
                try database.execute(sql: next.sql)
                try database.checkForeignKeys()
            } catch let error as DatabaseError {
                throw MigrationFailure(.failed, sequence.service, "step \(next.number), \(next.name), failed", cause: error)
            }
            try AppliedMigration(number: next.number, name: next.name, checksum: next.checksum).record(for: sequence, in: database)
            applied = next
            return .commit
        }
        return applied
    }
}

/// What a file says about the steps that it has behind it.
private struct MigrationHistory {
    static let table = """
        CREATE TABLE IF NOT EXISTS codelab_migrations (
            service TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
            applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), PRIMARY KEY (service, number)
        ) STRICT, WITHOUT ROWID
        """

    /// Steps that the file's own table has.
    let recorded: [AppliedMigration]
    /// Steps that CodeLab's first migrator applied, which kept another table.
    let adopted: [AppliedMigration]

    var all: [AppliedMigration] { recorded + adopted }

    init(of sequence: MigrationSequence, in database: Database) throws {
        recorded =
            try Self.exists("codelab_migrations", in: database)
            ? try Row.fetchAll(
                database, sql: "SELECT number, name, checksum FROM codelab_migrations WHERE service = ?", arguments: [sequence.service]
            ).map { AppliedMigration(number: $0["number"], name: $0["name"], checksum: $0["checksum"]) } : []
        adopted = recorded.isEmpty ? try Self.adopted(for: sequence, in: database) : []
    }

    /// The first migrator was GRDB's, and only each service's first step was in a version that anybody kept data with.
    private static func adopted(for sequence: MigrationSequence, in database: Database) throws -> [AppliedMigration] {
        guard try exists("grdb_migrations", in: database) else { return [] }
        let identifiers = try String.fetchAll(
            database, sql: "SELECT identifier FROM grdb_migrations WHERE identifier LIKE ? ORDER BY identifier",
            arguments: ["\(sequence.service)-%"])
        guard !identifiers.isEmpty else { return [] }
        guard identifiers == ["\(sequence.service)-001"], let first = sequence.migrations.first else {
            throw MigrationFailure(
                .foreign, sequence.service,
                """
                the file was made by a version in between, which kept no checksums (\(identifiers.joined(separator: ", "))): \
                move it away and start with a new one
                """)
        }
        return [AppliedMigration(number: first.number, name: first.name, checksum: first.checksum)]
    }

    /// Asks the file: GRDB's own answer may be of an earlier moment, before another process was here.
    private static func exists(_ table: String, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?)", arguments: [table]) ?? false
    }
}

extension AppliedMigration {
    fileprivate func record(for sequence: MigrationSequence, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO codelab_migrations (service, number, name, checksum) VALUES (?, ?, ?, ?)",
            arguments: [sequence.service, number, name, checksum])
    }
}
