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

    @Test("A cancelled statement ends on the server, and its connection is of use to the next")
    func cancellation() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 1)) { pool in
            let process = try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
            try await pool.query("SELECT pg_sleep(\(0.0))")
            try await withPool { other in
                for _ in 0..<3 {
                    let running = Task { try await pool.query("SELECT pg_sleep(\(600.0))") }
                    let waiting = Task { try await pool.query("SELECT pg_sleep(\(601.0))") }
                    try await Deadline.wait("the statement to run") {
                        try await other.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 1
                            && pool.metrics.waiting == 1
                    }
                    waiting.cancel()
                    await #expect(throws: CancellationError.self) { try await waiting.value }
                    running.cancel()
                    await #expect(throws: CancellationError.self) { try await running.value }
                    #expect(try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self) == process)
                }
            }
            // At any moment, also between the connection and the statement.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let statement = Task { try await pool.query("SELECT pg_sleep(\(0.0001 * Double(number % 3)))") }
                        if number % 2 == 0 { await Task.yield() }
                        statement.cancel()
                        do { _ = try await statement.value } catch is CancellationError {}
                    }
                }
                try await group.waitForAll()
            }
            let metrics = pool.metrics
            #expect(metrics.waiting == 0 && metrics.inUse == 0)
            #expect(try await pool.query("SELECT 1")[0].decode(Int.self) == 1)
        }
    }

    @Test("Thousands that fail before they are sent keep nobody from a connection")
    func failuresInTurn() async throws {
        try await withPool(limits: PostgresPoolLimits(maximumConnections: 1, acquireTimeout: .seconds(60))) { pool in
            // Prepared, so that it fails where the connection is handed over.
            try await pool.query("SELECT \(1)::int2")
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await pool.withConnection { _ in
                    for number in 0..<5000 {
                        group.addTask {
                            guard number % 1000 == 999 else {
                                return try await expectFailure(.parameter) { try await pool.query("SELECT \(70_000)::int2") }
                            }
                            #expect(try await pool.query("SELECT \(number)::int2")[0].decode(Int.self) == number)
                        }
                    }
                    try await Deadline.wait("all of them to wait") { pool.metrics.waiting == 5000 }
                }
                try await group.waitForAll()
            }
            #expect(pool.metrics.inUse == 0)
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

    @Test("A server that is not there: the caller waits its time, and gets the reason")
    func absentServer() async throws {
        let limits = PostgresPoolLimits(acquireTimeout: .milliseconds(500))
        let configuration = PostgresConfiguration("postgres://127.0.0.1:\(try FreePort.next())/codelab")
        let error = try await failure { try await PostgresPool.withPool(configuration, limits: limits) { try await $0.query("SELECT 1") } }
        #expect(error.code == .acquireTimeout && "\(error)".contains("refused"), "\(error)")
    }

    @Test("A refused login: nobody waits for what will not come, each gets the server's reason")
    func refusedLogin() async throws {
        let limits = PostgresPoolLimits(maximumConnections: 4, acquireTimeout: .seconds(300))
        let server = try PostgresServer.current
        for (string, state, text) in [
            (server.url.replacing("p%40ss", with: "other"), SQLState.invalidPassword, "password authentication failed"),
            (server.url.replacing("/codelab:", with: "/nobody:"), .invalidPassword, "password authentication failed"),
            (String(server.url.dropLast(7)) + "nowhere", .invalidCatalogName, "does not exist"),
        ] {
            let errors = try await PostgresPool.withPool(PostgresConfiguration(string), limits: limits) { pool in
                await withTaskGroup(of: PostgresError?.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            do {
                                try await pool.query("SELECT 1")
                                return nil
                            } catch {
                                return error as? PostgresError
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(errors.count == 20)
            for error in errors {
                #expect(
                    error?.code == .connectionFailed && error?.sqlState == state && error?.isRefusal == true, "\(String(describing: error))"
                )
                #expect(error?.message.contains(text) == true && error?.message.contains("other") == false)
            }
        }
        let secret = PostgresConfiguration("postgres://codelab:s3cret%zz@127.0.0.1/codelab")
        let error = try await failure { try secret.validate() }
        #expect(error.code == .configuration && !"\(error)".contains("s3cret"))
    }

    @Test("A pool whose login was refused has connections as soon as the server lets it in")
    func refusedAtFirst() async throws {
        let server = try PostgresServer.current
        try await server.run("psql", ["-d", "codelab", "-c", "CREATE ROLE late LOGIN PASSWORD 'before'"])
        let url = server.url.replacing("codelab:p%40ss%20word", with: "late:after")
        try await PostgresPool.withPool(PostgresConfiguration(url)) { pool in
            for _ in 0..<3 { try await expectFailure(.connectionFailed, state: .invalidPassword) { try await pool.query("SELECT 1") } }
            try await server.run("psql", ["-d", "codelab", "-c", "ALTER ROLE late PASSWORD 'after'"])
            #expect(try await pool.query("SELECT current_user::text")[0].decode(String.self) == "late")
        }
    }

    @Test("A server that has no connection left for the moment is waited for")
    func crowdedServer() async throws {
        let server = try PostgresServer.current
        try await server.run("psql", ["-d", "codelab", "-c", "CREATE ROLE single LOGIN PASSWORD 'single' CONNECTION LIMIT 1"])
        let url = server.url.replacing("codelab:p%40ss%20word", with: "single:single")
        try await PostgresPool.withPool(PostgresConfiguration(url)) { first in
            try await first.query("SELECT 1")
            try await PostgresPool.withPool(PostgresConfiguration(url), limits: PostgresPoolLimits(acquireTimeout: .seconds(1))) { second in
                let error = try await failure { try await second.query("SELECT 1") }
                #expect(error.code == .acquireTimeout && (error.cause as? PostgresError)?.sqlState == .tooManyConnections, "\(error)")
            }
        }
    }
}
