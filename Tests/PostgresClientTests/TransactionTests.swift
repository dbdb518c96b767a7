import PostgresClient
import Synchronization
import TestServers
import Testing

@Suite("PostgreSQL: transactions", .postgres)
struct TransactionTests {
    @Test("All of it or nothing")
    func atomicity() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE atoms (n int8)")
            try await pool.transaction { try await $0.query("INSERT INTO atoms VALUES (1)") }
            await #expect(throws: NoFailure.self) {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO atoms VALUES (2)")
                    throw NoFailure()
                }
            }
            #expect(try await pool.query("SELECT n FROM atoms").map { try $0.decode(Int.self) } == [1])
            try await expectFailure(state: SQLState(rawValue: "25006")) {
                try await pool.transaction(readOnly: true) { try await $0.query("DELETE FROM atoms") }
            }
        }
    }

    @Test("A failure that was passed over does not become a commit")
    func swallowedFailure() async throws {
        try await withPool { pool in
            let error = try await failure {
                try await pool.transaction { transaction in
                    let division = try await failure { try await transaction.query("SELECT 1/0") }
                    #expect(division.sqlState?.rawValue == "22012")
                }
            }
            #expect(error.sqlState == .inFailedTransaction)
            #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1)
        }
    }

    @Test("A serialization failure runs the transaction again")
    func serializationFailures() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE counter (n int8)")
            try await pool.query("INSERT INTO counter VALUES (0)")
            let runs = Runs()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await pool.transaction(isolation: .serializable, attempts: 100) { transaction in
                            runs.count.add(1, ordering: .relaxed)
                            let n = try await transaction.query("SELECT n FROM counter")[0].decode(Int.self)
                            try await transaction.query("UPDATE counter SET n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.query("SELECT n FROM counter")[0].decode(Int.self) == 8)
            #expect(runs.count.load(ordering: .relaxed) >= 8)
        }
    }

    @Test("Cancelling leaves nothing behind")
    func cancelledTransaction() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE left_behind (n int8)")
            let (reached, signal) = AsyncStream<Void>.makeStream()
            let transaction = Task {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO left_behind VALUES (1)")
                    signal.finish()
                    try await transaction.query("SELECT pg_sleep(60)")
                }
            }
            for await _ in reached {}
            transaction.cancel()
            await #expect(throws: CancellationError.self) { try await transaction.value }
            #expect(try await pool.query("SELECT count(*) FROM left_behind")[0].decode(Int.self) == 0)
            #expect(pool.metrics.inUse == 0)
        }
    }

    @Test("A transaction that stands still ends, and others need not wait for its locks", .timeLimit(.minutes(1)))
    func idleTransaction() async throws {
        try await withPool(configure: { $0.idleTransactionTimeout = .milliseconds(200) }) { pool in
            try await pool.query("CREATE TABLE still AS SELECT 1 AS n")
            let error = try await failure {
                try await pool.transaction { transaction in
                    try await transaction.query("UPDATE still SET n = 2")
                    // Waits for the row until the server has ended the transaction that holds it.
                    try await pool.query("UPDATE still SET n = n + 10")
                    try await transaction.query("SELECT 1")
                }
            }
            // The end may be noticed before the last statement is sent.
            #expect(error.code == .connectionLost || error.code == .closed, "\(error)")
            #expect(try await pool.query("SELECT n FROM still")[0].decode(Int.self) == 11)
        }
    }

    @Test("A connection that is left in a transaction is not lent again")
    func forgottenTransaction() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 1)) { pool in
            let first = try await pool.withConnection { connection in
                try await connection.execute(script: "BEGIN")
                return connection.processID
            }
            #expect(try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self) != first)
        }
    }
}

private final class Runs: Sendable {
    let count = Atomic<Int>(0)
}
