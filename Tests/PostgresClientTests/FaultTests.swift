import PostgresClient
import Synchronization
import TestServers
import Testing

/// Servers that die, freeze or come back. Each test has a server of its own.
@Suite("PostgreSQL: faults", .serialized)
struct FaultTests {
    private func withServer(_ body: (PostgresServer) async throws -> Void) async throws {
        let server = try await PostgresServer()
        do {
            try await body(server)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test("Killed in the middle of statements and started again: typed errors, then everything as before, nothing lost or twice")
    func killedServer() async throws {
        try await withServer { server in
            try await PostgresPool.withPool(PostgresConfiguration(server.url), limits: PostgresPoolLimits(maximumConnections: 4)) { pool in
                try await pool.query("CREATE TABLE events (id int8 PRIMARY KEY)")
                let isOver = Flag()
                let outcomes = try await withThrowingTaskGroup(of: [Int: PostgresError.Code?].self) { group in
                    for worker in 0..<8 {
                        group.addTask {
                            var outcomes: [Int: PostgresError.Code?] = [:]
                            var id = worker
                            while !isOver.isSet {
                                do {
                                    try await pool.query("INSERT INTO events VALUES (\(id))")
                                    outcomes[id] = .some(nil)
                                } catch let error as PostgresError {
                                    outcomes[id] = error.code
                                }
                                id += 8
                            }
                            return outcomes
                        }
                    }
                    // Whatever goes wrong here, the workers end.
                    defer { isOver.set() }
                    try await Deadline.wait("some events") { try await pool.query("SELECT count(*) FROM events")[0].decode(Int.self) > 200 }
                    // The workers may all be between two statements when the server dies; this one is not.
                    let running = Task { try await pool.query("INSERT INTO events SELECT -1 FROM pg_sleep(600)") }
                    try await Deadline.wait("the statement to run") {
                        try await pool.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].decode(Int.self) == 1
                    }
                    try await server.kill()
                    try await expectFailure(.connectionLost) { try await running.value }
                    try await server.start()
                    try await Deadline.wait("the server to be in use again") { pool.metrics.inUse > 0 }
                    isOver.set()
                    return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
                }
                let stored = Set(try await pool.query("SELECT id FROM events").map { try $0.decode(Int.self) })
                let confirmed = Set(outcomes.filter { $0.value == nil }.keys)
                let failed = outcomes.filter { $0.value != nil }
                #expect(confirmed.isSubset(of: stored))
                #expect(failed.values.allSatisfy { $0 == .connectionLost || $0 == .closed } && !stored.contains(-1))
                // What is stored and was not confirmed was lost in mid-statement, which its error says.
                #expect(stored.subtracting(confirmed).allSatisfy { outcomes[$0] == .connectionLost })
            }
        }
    }

    @Test("The pool is back within seconds of the server")
    func recovery() async throws {
        try await withServer { server in
            let limits = PostgresPoolLimits(maximumConnections: 4, acquireTimeout: .seconds(20))
            try await PostgresPool.withPool(PostgresConfiguration(server.url), limits: limits) { pool in
                try await pool.query("SELECT 1")
                try await server.kill()
                try await Deadline.wait("the pool to notice") { pool.metrics.idle == 0 }
                async let waiting = pool.query("SELECT 1")
                try await Deadline.wait("the pool to be trying") { pool.metrics.connecting > 0 }
                try await server.start()
                let start = ContinuousClock.now
                _ = try await waiting
                #expect(ContinuousClock.now - start < .seconds(5))
            }
        }
    }

    @Test("A frozen server: callers get a timeout, the pool stays within its bounds and recovers")
    func frozenServer() async throws {
        try await withServer { server in
            var configuration = PostgresConfiguration(server.url)
            configuration.statementTimeout = .milliseconds(500)
            configuration.silenceTolerance = .milliseconds(500)
            let limits = PostgresPoolLimits(maximumConnections: 2, acquireTimeout: .seconds(2))
            try await PostgresPool.withPool(configuration, limits: limits) { pool in
                try await pool.query("SELECT 1")
                try await server.freeze(true)
                let errors = await withTaskGroup(of: PostgresError.Code?.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            do {
                                try await pool.query("SELECT 1")
                                return nil
                            } catch {
                                return (error as? PostgresError)?.code
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                try await server.freeze(false)
                #expect(errors.allSatisfy { $0 == .timeout || $0 == .acquireTimeout }, "\(errors)")
                try await Deadline.wait("the pool to recover") {
                    do {
                        return try await pool.query("SELECT 1")[0].decode(Int.self) == 1
                    } catch is PostgresError {
                        return false
                    }
                }
                #expect(pool.metrics.idle + pool.metrics.inUse + pool.metrics.connecting <= 2)
            }
        }
    }

    @Test("A connection whose server has fallen silent is given up before it is lent")
    func silentServer() async throws {
        try await withServer { server in
            var configuration = PostgresConfiguration(server.url)
            configuration.silenceTolerance = .milliseconds(300)
            let limits = PostgresPoolLimits(acquireTimeout: .seconds(20), healthCheckAfter: .zero)
            try await PostgresPool.withPool(configuration, limits: limits) { pool in
                let process = try await pool.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
                try await server.freeze(true)
                async let answer = pool.query("SELECT pg_backend_pid()")
                try await Deadline.wait("another connection to be tried") { pool.metrics.connecting > 0 }
                try await server.freeze(false)
                let next = try await answer[0].decode(Int32.self)
                #expect(next != process)
            }
        }
    }

    @Test("Whether the server is there is known in time, also when it is silent or all connections are taken")
    func check() async throws {
        try await withServer { server in
            let limits = PostgresPoolLimits(maximumConnections: 1)
            try await PostgresPool.withPool(PostgresConfiguration(server.url), limits: limits) { pool in
                try await pool.check(within: .seconds(20))
                #expect(pool.metrics.inUse == 0)

                // Taken: whoever asks waits no longer than they like.
                try await pool.withConnection { _ in
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask { await #expect(throws: CancellationError.self) { try await pool.check(within: .seconds(20)) } }
                        group.cancelAll()
                    }
                }

                try await server.freeze(true)
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { try await pool.check(within: .milliseconds(300)) }
                #expect(error?.code == .timeout)
                // Well below the time that a silent server is waited for otherwise.
                #expect(ContinuousClock.now - start < .seconds(4))
                #expect(pool.metrics.inUse == 0)
                try await server.freeze(false)
                try await pool.check(within: .seconds(20))
            }
        }
    }

    @Test("Notifications are heard, also after the server was restarted")
    func listening() async throws {
        try await withServer { server in
            let listener = PostgresListener(PostgresConfiguration(server.url), channels: ["news", "other \"channel\""])
            try await PostgresPool.withPool(PostgresConfiguration(server.url)) { pool in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await listener.run() }
                    var events = listener.events.makeAsyncIterator()
                    for round in 0..<2 {
                        #expect(await events.next() == .listening)
                        try await pool.query("SELECT pg_notify('news', \("number \(round)"))")
                        try await pool.query("SELECT pg_notify('other \"channel\"', '')")
                        guard case .notification(let first) = await events.next(), case .notification(let second) = await events.next()
                        else {
                            throw NoFailure()
                        }
                        #expect(first.channel == "news" && first.payload == "number \(round)")
                        #expect(second.channel == "other \"channel\"" && second.payload.isEmpty)
                        if round == 0 {
                            try await server.kill()
                            try await server.start()
                        }
                    }
                    group.cancelAll()
                }
            }
        }
    }
}

private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
