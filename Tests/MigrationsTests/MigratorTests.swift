import Migrations
import TestServers
import Testing

/// What every migrator promises.
@Suite("Migrators", .postgres)
struct MigratorTests {
    private func sequence(_ statements: String..., service: String = "s") -> MigrationSequence {
        MigrationSequence(service: service, statements.enumerated().map { Migration(number: $0.offset + 1, name: "step", sql: $0.element) })
    }

    @Test("The services' own steps are applied, and then there is nothing to do", arguments: Dialect.allCases)
    func services(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator()
            for sequence in dialect.sequences {
                let before = try await migrator.status(of: sequence)
                #expect(before.applied.isEmpty && before.pending == sequence.migrations)
                #expect(try await migrator.apply(sequence) == sequence.migrations)
                #expect(try await migrator.apply(sequence).isEmpty)
                let after = try await migrator.status(of: sequence)
                #expect(after.pending.isEmpty)
                #expect(after.applied.map(\.name) == sequence.migrations.map(\.name))
            }
        }
    }

    @Test("Ten at once apply each step once", arguments: Dialect.allCases)
    func replicas(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            try await database.execute("CREATE TABLE runs (step int)")
            let sequence = sequence("INSERT INTO runs VALUES (1); CREATE TABLE a (n int)", "INSERT INTO runs VALUES (2)")
            let migrators = try (0..<10).map { _ in try database.migrator() }
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for migrator in migrators { group.addTask { try await migrator.apply(sequence).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 2)
            #expect(try await database.integers("SELECT step FROM runs ORDER BY step") == [1, 2])
        }
    }

    @Test("A step that fails leaves nothing of itself, those before it stay", arguments: Dialect.allCases)
    func failingStep(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator()
            let broken = sequence("CREATE TABLE a (n int)", "CREATE TABLE b (n int); INSERT INTO nowhere VALUES (1)")
            await #expect { try await migrator.apply(broken) } throws: { ($0 as? MigrationFailure)?.code == .failed }
            #expect(try await migrator.status(of: broken).pending.map(\.number) == [2])
            // The first is there, the second is not: it can be made.
            #expect(try await database.integers("SELECT n FROM a").isEmpty)
            try await migrator.apply(sequence("CREATE TABLE a (n int)", "CREATE TABLE b (n int)"))
            #expect(try await database.integers("SELECT n FROM b").isEmpty)
        }
    }

    @Test("A step that was changed, is missing, or comes from a newer program, is refused", arguments: Dialect.allCases)
    func refusals(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator()
            try await migrator.apply(sequence("SELECT 1", "SELECT 2"))
            func expectRefusal(_ sequence: MigrationSequence, _ code: MigrationFailure.Code) async {
                await #expect { try await migrator.apply(sequence) } throws: { ($0 as? MigrationFailure)?.code == code }
                await #expect { try await migrator.status(of: sequence) } throws: { ($0 as? MigrationFailure)?.code == code }
            }
            await expectRefusal(sequence("SELECT 1", "SELECT 3"), .changed)
            await expectRefusal(sequence("SELECT 1"), .newer)
            try await database.execute("DELETE FROM codelab_migrations WHERE number = 1")
            await expectRefusal(sequence("SELECT 1", "SELECT 2"), .gap)
        }
    }

    @Test("The steps of two services in one database are kept apart", arguments: Dialect.allCases)
    func twoServices(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator()
            try await migrator.apply(sequence("CREATE TABLE a (n int)", service: "first"))
            let other = sequence("CREATE TABLE b (n int)", service: "second")
            #expect(try await migrator.status(of: other).pending.count == 1)
            #expect(try await migrator.apply(other).count == 1)
        }
    }

    @Test("Another process that does not come to an end is not waited for without end", arguments: Dialect.allCases)
    func lockedDatabase(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator(patience: .milliseconds(300))
            try await database.whileLocked {
                await #expect { try await migrator.apply(dialect.sequences[0]) } throws: { ($0 as? MigrationFailure)?.code == .locked }
            }
            #expect(try await migrator.apply(dialect.sequences[0]).isEmpty == false)
        }
    }

    @Test("A cancelled migrator waits no longer for another process", arguments: Dialect.allCases)
    func cancellation(dialect: Dialect) async throws {
        try await dialect.withDatabase { database in
            let migrator = try database.migrator(patience: .seconds(600))
            let sequence = dialect.sequences[0]
            try await database.whileLocked {
                await #expect(throws: (any Error).self) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await migrator.apply(sequence) }
                        group.cancelAll()
                        try await group.next()
                    }
                }
            }
            #expect(try await migrator.status(of: sequence).applied.isEmpty)
        }
    }
}
