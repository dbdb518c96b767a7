import PostgresClient
import TestServers
import Testing

@Suite("PostgreSQL: the pool", .postgres)
struct PoolTests {
    @Test("A thousand callers share two connections: each waits its turn, none for ever")
    func exhaustion() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 2, acquireTimeout: .seconds(60))) { pool in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<1000 { group.addTask { try await pool.query("SELECT \(number)::int8")[0].decode(Int.self) } }
                return try await group.reduce(0, +)
            }
            #expect(sum == 499_500)
            let metrics = pool.metrics
            #expect(
                metrics.inUse == 0 && metrics.waiting == 0 && metrics.idle <= 2 && metrics.waitCount >= 900 && metrics.longestWait > .zero)
        }
    }

    @Test("Waiting ends with its time, its limit or its task")
    func waitingIsBounded() async throws {
        let limits = PostgresPoolLimits(maximumConnections: 1, maximumWaiters: 1, acquireTimeout: .milliseconds(300))
        try await withPool(limits: limits) { pool in
            try await pool.withConnection { _ in
                try await expectFailure(.acquireTimeout) { try await pool.query("SELECT 1") }
                #expect(pool.metrics.acquireTimeouts == 1)
                let waiting = Task { try await pool.query("SELECT 1") }
                try await Deadline.wait("the caller to wait") { pool.metrics.waiting == 1 }
                try await expectFailure(.tooManyWaiters) { try await pool.query("SELECT 1") }
                try await expectFailure(.acquireTimeout) { try await waiting.value }
                let cancelled = Task { try await pool.query("SELECT 1") }
                try await Deadline.wait("the caller to wait") { pool.metrics.waiting == 1 }
                cancelled.cancel()
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                #expect(pool.metrics.waiting == 0)
            }
            #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1)
        }
    }

    @Test("Old and unneeded connections are closed")
    func retirement() async throws {
        let limits = PostgresPoolLimits(
            maximumConnections: 4, minimumConnections: 1, idleTimeout: .milliseconds(200), maximumLifetime: .seconds(3600))
        try await withPool(limits: limits) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await pool.query("SELECT pg_sleep(0.2)") } }
                try await group.waitForAll()
            }
            #expect(pool.metrics.idle == 4)
            try await Deadline.wait("idle connections to be closed") { pool.metrics.idle == 1 }
        }
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 1, maximumLifetime: .milliseconds(100))) { pool in
            let first = try await pool.query("SELECT pg_backend_pid()")[0].decode(Int.self)
            try await Deadline.wait("a new connection") { try await pool.query("SELECT pg_backend_pid()")[0].decode(Int.self) != first }
        }
    }

    @Test("An ended session is noticed while it is idle")
    func terminatedSession() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 2)) { pool in
            let process = try await pool.withConnection { connection in
                try await pool.query("SELECT 1")
                return connection.processID
            }
            _ = try await PostgresServer.current.run("psql", ["-d", "codelab", "-c", "SELECT pg_terminate_backend(\(process))"])
            try await Deadline.wait("the pool to notice") { pool.metrics.idle == 1 }
            for _ in 0..<4 { #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1) }
        }
    }

    @Test("A server that is not there, wrong credentials and a wrong setting say so")
    func connectionFailures() async throws {
        let limits = PostgresPoolLimits(acquireTimeout: .milliseconds(500))
        let url = try PostgresServer.current.url
        let port = try FreePort.next()
        for (string, text) in [
            ("postgres://127.0.0.1:\(port)/codelab", "refused"), (url.replacing("p%40ss", with: "other"), "password authentication failed"),
            (url + "?sslmode=require", "SSL"),
        ] {
            let error = try await failure {
                try await PostgresPool.withPool(PostgresConfiguration(string), limits: limits) { try await $0.query("SELECT 1") }
            }
            #expect(error.code == .acquireTimeout)
            #expect("\(error)".contains(text), "\(error)")
            #expect(!"\(error)".contains("other"))
        }
        let secret = PostgresConfiguration("postgres://codelab:s3cret%zz@127.0.0.1/codelab")
        let error = try await failure { try secret.validate() }
        #expect(error.code == .configuration && !"\(error)".contains("s3cret"))
    }
}
