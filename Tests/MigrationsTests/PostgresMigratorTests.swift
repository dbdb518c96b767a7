import Migrations
import PostgresClient
import PostgresInfrastructure
import TestServers
import Testing

@Suite("Migrations: on PostgreSQL", .postgres)
struct PostgresMigratorTests {
    private func withDatabase(_ body: (PostgresMigrator, PostgresPool) async throws -> Void) async throws {
        let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
        try await PostgresPool.withPool(configuration) { try await body(PostgresMigrator(configuration), $0) }
    }

    private func sequence(_ statements: String...) -> MigrationSequence {
        MigrationSequence(service: "s", statements.enumerated().map { Migration(number: $0.offset + 1, name: "step", sql: $0.element) })
    }

    @Test("The services' own steps are applied, and then there is nothing to do")
    func services() async throws {
        try await withDatabase { migrator, _ in
            for sequence in [MigrationSequence.postgresAuth, .postgresRuntime] {
                let before = try await migrator.status(of: sequence)
                #expect(before.applied.isEmpty && before.pending == sequence.migrations)
                #expect(try await migrator.apply(sequence) == sequence.migrations)
                #expect(try await migrator.apply(sequence).isEmpty)
                #expect(try await migrator.status(of: sequence).pending.isEmpty)
            }
        }
    }

    @Test("Ten at once apply each step once")
    func replicas() async throws {
        try await withDatabase { migrator, pool in
            try await pool.query("CREATE TABLE runs (step int)")
            let sequence = sequence("INSERT INTO runs VALUES (1); SELECT pg_sleep(0.1)", "INSERT INTO runs VALUES (2)")
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await migrator.apply(sequence).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == Array(repeating: 0, count: 9) + [2])
            #expect(try await pool.query("SELECT step FROM runs ORDER BY step").map { try $0.decode(Int.self) } == [1, 2])
        }
    }

    @Test("A step that fails leaves nothing of itself, those before it stay")
    func failingStep() async throws {
        try await withDatabase { migrator, pool in
            let broken = sequence("CREATE TABLE a (n int)", "CREATE TABLE b (n int); SELECT 1/0")
            await #expect { try await migrator.apply(broken) } throws: { ($0 as? MigrationFailure)?.code == .failed }
            #expect(try await migrator.status(of: broken).pending.map(\.number) == [2])
            let row = try await pool.query("SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NULL")[0]
            let (keepsFirst, lacksSecond) = try row.decode(Bool.self, Bool.self)
            #expect(keepsFirst && lacksSecond)
        }
    }

    @Test("A step that was changed, and a newer program's database, are refused")
    func refusals() async throws {
        try await withDatabase { migrator, _ in
            try await migrator.apply(sequence("SELECT 1", "SELECT 2"))
            await #expect { try await migrator.apply(sequence("SELECT 1", "SELECT 3")) } throws: {
                ($0 as? MigrationFailure)?.code == .changed
            }
            await #expect { try await migrator.apply(sequence("SELECT 1")) } throws: { ($0 as? MigrationFailure)?.code == .newer }
        }
    }

    @Test("Another process that does not come to an end is not waited for without end")
    func lockedDatabase() async throws {
        let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
        try await PostgresPool.withPool(configuration) { pool in
            try await pool.withConnection { connection in
                try await connection.query("SELECT pg_advisory_lock(\(0x636F_6465_6C61_6200 as Int64))")
                let migrator = PostgresMigrator(configuration, patience: .milliseconds(300))
                await #expect { try await migrator.apply(.postgresAuth) } throws: { ($0 as? MigrationFailure)?.code == .locked }
            }
        }
    }
}
