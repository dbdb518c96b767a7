import PostgresClient
import TestServers
import Testing

/// Connections that break as networks break them: between the client and a healthy server.
@Suite("PostgreSQL: broken connections", .postgres, .serialized)
struct ConnectionFaultTests {
    /// Runs a test with a pool whose connections go through a proxy.
    private func withProxy(
        limits: PostgresPoolLimits = PostgresPoolLimits(maximumConnections: 1), configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresPool, FaultyProxy) async throws -> Void
    ) async throws {
        let server = try PostgresServer.current
        let proxy = try FaultyProxy(to: server.port)
        defer { proxy.stop() }
        try await withPool(limits: limits) { configuration in
            configuration.connectionString = configuration.connectionString.replacing(":\(server.port)/", with: ":\(proxy.port)/")
            configure(&configuration)
        } _: { pool in
            try await body(pool, proxy)
        }
    }

    @Test(
        "Cut in the middle of a message: a typed error, and the next caller gets another connection",
        arguments: [1, 4, 5, 6, 30, 100, 10_000, 65_536, 199_000], [FaultyProxy.End.closed, .reset])
    func cutInMessage(bytes: Int, end: FaultyProxy.End) async throws {
        try await withProxy { pool, proxy in
            // Prepared before, so that the cut meets the rows.
            let query: PostgresQuery = "SELECT repeat('x', 1000), pg_backend_pid() FROM generate_series(1, 200)"
            let process = try await pool.query(query)[0].decode("pg_backend_pid", as: Int32.self)
            proxy.cut(after: bytes, end)
            try await expectFailure(.connectionLost) { try await pool.query(query) }
            let rows = try await pool.query(query)
            #expect(rows.count == 200)
            #expect(try rows[0].decode("pg_backend_pid", as: Int32.self) != process)
        }
    }

    @Test("Cut while a statement is being prepared, in a batch and in a transaction: nothing half done stays", arguments: [1, 7, 40, 200])
    func cutInBetween(bytes: Int) async throws {
        try await withProxy { pool, proxy in
            try await pool.query("CREATE TABLE IF NOT EXISTS cut (n int8)")
            // The answer to a preparation is short.
            proxy.cut(after: min(bytes, 40), .reset)
            try await expectFailure(.connectionLost) { try await pool.query(PostgresQuery(sql: "SELECT \(bytes) AS unknown_so_far")) }
            try await pool.query("SELECT 1")
            proxy.cut(after: bytes, .closed)
            try await expectFailure(.connectionLost) {
                try await pool.transaction { connection in
                    for number in 0..<100 { try await connection.query("INSERT INTO cut VALUES (\(number))") }
                }
            }
            #expect(try await pool.query("SELECT count(*) FROM cut")[0].decode(Int.self) == 0)
            proxy.cut(after: bytes, .closed)
            try await expectFailure(.connectionLost) {
                // The batch fails by itself, so that it leaves nothing even when all of it reached the server.
                try await pool.batch((0..<100).map { "INSERT INTO cut VALUES (\($0))" } + ["SELECT 1 / 0"])
            }
            #expect(try await pool.query("SELECT count(*) FROM cut")[0].decode(Int.self) == 0)
        }
    }

    @Test("Cut while rows are copied: none of them is in the table")
    func cutInCopy() async throws {
        try await withProxy { pool, proxy in
            try await pool.query("CREATE TABLE copied_in_part (n int8, t text)")
            // The server's answer to COPY passes (its message has 9 bytes and one a column pair); that to the end of the rows does not.
            proxy.cut(after: 20, .reset)
            let rows = (0..<50_000).map { [PostgresValue.integer(Int64($0)), .text(String(repeating: "x", count: 100))] }
            let bad = rows + [[.text("no number"), .null]]
            let error = try await failure {
                try await pool.withConnection { try await $0.copy(bad, into: "copied_in_part", columns: ["n", "t"]) }
            }
            // Lost before or after the end of the rows was sent.
            #expect(error.code == .connectionLost || error.code == .closed, "\(error)")
            #expect(try await pool.query("SELECT count(*) FROM copied_in_part")[0].decode(Int.self) == 0)
        }
    }

    @Test("Half open: a statement ends with its time, and its connection is not used again")
    func halfOpen() async throws {
        try await withProxy { configuration in
            configuration.statementTimeout = .milliseconds(300)
            configuration.silenceTolerance = .milliseconds(300)
        } _: { pool, proxy in
            let process = try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
            proxy.silence()
            let start = ContinuousClock.now
            try await expectFailure(.timeout) { try await pool.query("SELECT pg_backend_pid()") }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self) != process)
        }
    }

    @Test("Half open while many wait: all of them get on once its time is up")
    func halfOpenUnderLoad() async throws {
        try await withProxy(limits: PostgresPoolLimits(maximumConnections: 4, acquireTimeout: .seconds(30))) { configuration in
            configuration.statementTimeout = .milliseconds(300)
            configuration.silenceTolerance = .milliseconds(300)
        } _: { pool, proxy in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await pool.query("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            proxy.silence()
            let failed = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        do {
                            return try await pool.query("SELECT \(number)::int8")[0].decode(Int.self) != number
                        } catch {
                            return (error as? PostgresError)?.code == .timeout
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect((1...4).contains(failed))
            #expect(pool.metrics.inUse == 0)
        }
    }

    @Test("Half open and cancelled: the caller is free within the time of silence that is tolerated")
    func halfOpenCancelled() async throws {
        try await withProxy { configuration in
            configuration.silenceTolerance = .milliseconds(300)
        } _: { pool, proxy in
            let process = try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
            // Prepared before: after that no answer comes any more.
            try await pool.query("SELECT pg_sleep(\(0.0))")
            proxy.silence()
            let statement = Task { try await pool.query("SELECT pg_sleep(\(600.0))") }
            try await withPool { other in
                try await Deadline.wait("the statement to run") {
                    try await other.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 1
                }
            }
            statement.cancel()
            let start = ContinuousClock.now
            await #expect(throws: (any Error).self) { try await statement.value }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self) != process)
        }
    }

    @Test("A server that takes connections and says nothing: connecting ends with its time")
    func mute() async throws {
        try await withProxy(limits: PostgresPoolLimits(acquireTimeout: .seconds(4))) { configuration in
            configuration.connectTimeout = .seconds(2)
        } _: { pool, proxy in
            proxy.silence(laterToo: true)
            let error = try await failure { try await pool.query("SELECT 1") }
            #expect(error.code == .acquireTimeout && (error.cause as? PostgresError)?.code == .connectionFailed, "\(error)")
        }
    }
}
