import GRDB
import Migrations
import SQLiteInfrastructure
import Testing

/// Files of CodeLab's first migrator, which was GRDB's and kept no checksums.
@Suite("Migrations: files of the first migrator")
struct FirstMigratorTests {
    /// As that migrator left a file.
    private func makeFile(_ identifiers: [String], _ sequence: MigrationSequence, at path: String) async throws {
        try await DatabaseQueue(path: path).write { database in
            try database.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            for (identifier, step) in zip(identifiers, sequence.migrations) {
                try database.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [identifier])
                try database.execute(sql: step.sql)
            }
        }
    }

    @Test("What it applied counts as applied, data stay, and the steps after it follow")
    func adoption() async throws {
        try await Dialect.sqlite.withDatabase { database in
            guard case .sqlite(let path) = database else { return }
            try await makeFile(["runtime-001"], .sqliteRuntime, at: path)
            try await database.execute(
                "INSERT INTO runtime_session (id, owner, agent, state, created_at, last_activity) VALUES ('s', 'o', 'coder', 'idle', 7, 8)")
            let migrator = try database.migrator()
            let status = try await migrator.status(of: .sqliteRuntime)
            #expect(status.applied.map(\.number) == [1])
            #expect(try await migrator.apply(.sqliteRuntime) == status.pending)
            #expect(try await migrator.status(of: .sqliteRuntime).pending.isEmpty)
            #expect(try await database.integers("SELECT created_at FROM runtime_session WHERE id = 's'") == [7])
            #expect(
                try await database.integers("SELECT count(*) FROM codelab_migrations") == [MigrationSequence.sqliteRuntime.migrations.count]
            )
        }
    }

    @Test("A file of a version in between is refused, and what to do is said")
    func foreign() async throws {
        try await Dialect.sqlite.withDatabase { database in
            guard case .sqlite(let path) = database else { return }
            try await makeFile(["runtime-001", "runtime-002"], .sqliteRuntime, at: path)
            let migrator = try database.migrator()
            await #expect { try await migrator.apply(.sqliteRuntime) } throws: { error in
                guard let failure = error as? MigrationFailure else { return false }
                return failure.code == .foreign && failure.description.contains("move it away")
            }
            #expect(try await migrator.status(of: .sqliteAuth).applied.isEmpty)
        }
    }

    @Test("References are checked when a step ends, and again by every later write")
    func references() async throws {
        try await Dialect.sqlite.withDatabase { database in
            let migrator = try database.migrator()
            let rebuild = MigrationSequence(
                service: "s",
                [
                    Migration(
                        number: 1, name: "tables",
                        sql:
                            "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (p REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)"
                    ),
                    Migration(
                        number: 2, name: "rebuild",
                        sql: "CREATE TABLE q (id INT PRIMARY KEY); INSERT INTO q SELECT * FROM p; DROP TABLE p; ALTER TABLE q RENAME TO p"),
                    Migration(number: 3, name: "orphan", sql: "DELETE FROM p"),
                ])
            await #expect { try await migrator.apply(rebuild) } throws: { ($0 as? MigrationFailure)?.code == .failed }
            #expect(try await migrator.status(of: rebuild).pending.map(\.number) == [3])
            #expect(try await database.integers("SELECT count(*) FROM c JOIN p ON p.id = c.p") == [1])
        }
    }
}
