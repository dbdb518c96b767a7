internal import DequeModule
internal import Metrics
public import ServiceLifecycle
internal import Synchronization

/// The connections that a process shares: as many as are needed, at most so many, handed out in the order of asking.
///
/// Connections are made while ``run()`` runs, which belongs into a `ServiceGroup` before the services that use the pool; ``withPool(_:_:_:)`` is
/// for programs that have none.
public final class PostgresPool: Service {
    typealias Machine = StateMachine<PostgresConnection, Waiter>

    public let configuration: PostgresConfiguration
    public let limits: PostgresPoolLimits
    /// What the metrics call it.
    public let name: String
    private let machine: Mutex<Machine>
    private let waits = Mutex(WaitTimes())
    private let waitTime: Timer
    private let durations: OperationDurations
    private let nextWaiter = Atomic<UInt64>(0)
    /// Requests for connections: each counts as connecting already, so that there are at most so many.
    private let requests: AsyncStream<Void>
    private let request: AsyncStream<Void>.Continuation

    /// - Parameter name: See ``name``.
    public init(
        _ configuration: PostgresConfiguration, limits: PostgresPoolLimits = PostgresPoolLimits(), name: String = "postgres"
    ) {
        self.configuration = configuration
        self.limits = limits
        self.name = name
        waitTime = Timer(label: "db_client_connection_wait_time_seconds", dimensions: [("db_client_connection_pool_name", name)])
        durations = OperationDurations(pool: name)
        machine = Mutex(Machine(maximumConnections: limits.maximumConnections, maximumWaiters: limits.maximumWaiters))
        (requests, request) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(1, limits.maximumConnections)))
    }

    // MARK: Use

    /// Lends a connection. It goes back when `body` ends; one that is left in a transaction is closed.
    ///
    /// - Throws: What `body` throws; ``PostgresError`` of code `acquireTimeout`, `tooManyWaiters` or `closed` when there is no connection, and why
    ///   none can be made when that is a refusal (``PostgresError/isRefusal``); `CancellationError`.
    public func withConnection<Value: Sendable>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        let connection = try await acquire()
        defer { release(connection) }
        return try await body(connection)
    }

    /// Runs one statement on any connection.
    @discardableResult
    public func query(_ query: PostgresQuery) async throws -> PostgresResult {
        try await durations.measure(.query) { try await run(query) }
    }

    private func run(_ query: PostgresQuery) async throws -> PostgresResult {
        let statement = Statement(query, id: nextWaiter.add(1, ordering: .relaxed).newValue, pool: self)
        let outcome = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                statement.wait(continuation)
                submit(statement)
                // The cancellation may have come before there was something to cancel.
                if Task.isCancelled { statement.cancel() }
            }
        } onCancel: {
            statement.cancel()
        }
        let connection: PostgresConnection
        switch outcome {
        case .results(let results): return try PostgresConnection.last(of: results)
        case .connection(let lent): connection = lent
        case .unchecked(let lent): connection = try await isAlive(lent) ? lent : acquire()
        }
        defer { release(connection) }
        return try await connection.query(query)
    }

    private func submit(_ statement: Statement) {
        let now = ContinuousClock.now
        let waiting = Machine.Waiting(id: statement.id, waiter: .statement(statement), since: now, deadline: now + limits.acquireTimeout)
        switch machine.withLock({ $0.acquire(waiting) }) {
        case .connection(let connection, let idleSince):
            if idleSince.duration(to: now) > limits.healthCheckAfter { return statement.resume(.success(.unchecked(connection))) }
            if !statement.begin(on: connection) { release(connection) }
        case .refuse(let error): statement.resume(.failure(error))
        case .wait(let connect): if connect { request.yield() }
        }
    }

    /// Somebody does not wait any more.
    func withdraw(_ id: UInt64) { machine.withLock { $0.cancel(id) }?.fail(CancellationError()) }

    /// Runs several statements as one transaction with one round trip.
    @discardableResult
    public func batch(_ queries: [PostgresQuery]) async throws -> [PostgresResult] {
        try await durations.measure(.batch) { try await withConnection { try await $0.batch(queries) } }
    }

    /// Runs a transaction; again when it was rolled back because of others (serialization failure, deadlock).
    ///
    /// - Parameters:
    ///   - attempts: How often at most. `body` may run as often: it must not do anything that cannot be undone by the rollback.
    /// - Throws: What `body` throws, or what the last attempt threw.
    @discardableResult
    public func transaction<Value: Sendable>(
        isolation: PostgresIsolation = .readCommitted, readOnly: Bool = false, attempts: Int = 5,
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await durations.measure(.transaction) {
                    try await withConnection { try await $0.transaction(isolation: isolation, readOnly: readOnly, body) }
                }
            } catch let error as PostgresError where error.isRetryable && attempt < attempts {
                // The one that waits a random time does not meet the same rival again.
                let longest = 10 << min(attempt, 6)
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...longest)))
                attempt += 1
            }
        }
    }

    /// Asks the server whether it is there, over one of the connections: that one is closed when no answer comes in time.
    ///
    /// Unlike a statement that is cancelled, it is over at its time whatever the server does.
    ///
    /// - Parameter patience: Time for a connection and the answer together.
    /// - Throws: ``PostgresError`` of code `timeout`, and what ``withConnection(_:)`` throws when there is no connection; `CancellationError`.
    public func check(within patience: Duration) async throws {
        let deadline = ContinuousClock.now + patience
        let connection = try await next().connection
        defer { release(connection) }
        let rest = ContinuousClock.now.duration(to: deadline)
        guard rest > .zero else { throw PostgresError(.timeout, "No connection became free in time") }
        do {
            try await connection.check(within: rest)
        } catch {
            connection.close()
            throw error
        }
    }

    /// What the pool holds now.
    public var metrics: PostgresPoolMetrics {
        let waits = waits.withLock { $0 }
        return machine.withLock { machine in
            PostgresPoolMetrics(
                inUse: machine.leased.count, idle: machine.idle.count, connecting: machine.connecting, waiting: machine.waiterCount,
                waitCount: waits.count, totalWait: waits.total, longestWait: waits.longest, acquireTimeouts: waits.timeouts)
        }
    }

    // MARK: Lending

    func acquire() async throws -> PostgresConnection {
        while true {
            let (connection, idleSince) = try await next()
            guard let idleSince, idleSince.duration(to: .now) > limits.healthCheckAfter else { return connection }
            if try await isAlive(connection) { return connection }
        }
    }

    /// Asks a connection that has not been used for long: nobody may have told this side that the other one is gone.
    ///
    /// - Returns: false when it is gone; then it has been given back.
    private func isAlive(_ connection: PostgresConnection) async throws -> Bool {
        do {
            try await connection.check(within: configuration.silenceTolerance)
            return true
        } catch {
            connection.close()
            release(connection)
            try Task.checkCancellation()
            return false
        }
    }

    private func next() async throws -> (connection: PostgresConnection, idleSince: ContinuousClock.Instant?) {
        switch machine.withLock({ $0.acquire() }) {
        case .connection(let connection, let idleSince): return (connection, idleSince)
        case .refuse(let error): throw error
        case .wait, nil: break
        }
        let id = nextWaiter.add(1, ordering: .relaxed).newValue
        let connection = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<PostgresConnection, any Error>) in
                let now = ContinuousClock.now
                let waiting = Machine.Waiting(id: id, waiter: .task(continuation), since: now, deadline: now + limits.acquireTimeout)
                switch machine.withLock({ $0.acquire(waiting) }) {
                case .connection(let connection, _): continuation.resume(returning: connection)
                case .refuse(let error): continuation.resume(throwing: error)
                case .wait(let connect): if connect { request.yield() }
                }
                // The cancellation may have come before there was something to cancel.
                if Task.isCancelled { withdraw(id) }
            }
        } onCancel: {
            withdraw(id)
        }
        return (connection, nil)
    }

    func release(_ connection: PostgresConnection) {
        let isUsable = connection.isIdle
        follow(machine.withLock { $0.release(connection, isUsable: isUsable, at: .now) }, connection)
    }

    private func follow(_ release: Machine.Release, _ connection: PostgresConnection) {
        var release = release
        while true {
            switch release {
            case .none: return
            case .hand(let waiter, let since):
                let wait = since.duration(to: .now)
                waits.withLock { $0.add(wait) }
                waitTime.record(duration: wait)
                if waiter.take(connection) { return }
                let isUsable = connection.isIdle
                release = machine.withLock { $0.release(connection, isUsable: isUsable, at: .now) }
            case .close(let connect):
                connection.close()
                if connect { request.yield() }
                return
            }
        }
    }

    // MARK: Running

    /// Makes connections and gives up old ones, until graceful shutdown or cancellation. Then whoever waits gets an error, and each connection is
    /// closed when it comes back. To be called once.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.maintain() }
                for await _ in self.requests { group.addTask { await self.connect() } }
                group.cancelAll()
            }
        }
        shutDown()
    }

    private func connect() async {
        do {
            let (failures, last) = machine.withLock { ($0.failures, $0.lastFailureTime) }
            // After the last attempt, not after the caller: that may have been long ago.
            if failures > 0, let last { try await Task.sleep(until: last + limits.pause(afterFailures: failures), clock: .continuous) }
            let connection = try await PostgresConnection.connect(configuration)
            let expiry = ContinuousClock.now + limits.maximumLifetime * Double.random(in: 0.9...1.1)
            connection.whenClosed { [weak self, weak connection] in
                guard let self, let connection else { return }
                machine.withLock { $0.lost(connection) }
            }
            follow(machine.withLock { $0.connected(connection, expiry: expiry, at: .now) }, connection)
            // While attempts failed, one was made at a time.
            while machine.withLock({ $0.startConnecting() }) { request.yield() }
        } catch {
            let (waiters, again) = machine.withLock { machine in
                // Waiting for the next attempt, or the one after that, would be of no use.
                let waiters = (error as? PostgresError)?.isRefusal == true ? machine.giveUpWaiting() : []
                return (waiters, machine.connectionFailed(error, at: .now))
            }
            if again { request.yield() }
            for waiter in waiters { waiter.fail(error) }
        }
    }

    /// Looks after waiters and idle connections.
    private func maintain() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                return
            }
            let now = ContinuousClock.now
            let (expired, cause, retired) = machine.withLock { machine in
                (
                    machine.expired(at: now), machine.lastFailure,
                    machine.retire(idleBefore: now - limits.idleTimeout, keeping: limits.minimumConnections, at: now)
                )
            }
            for connection in retired { connection.close() }
            guard !expired.isEmpty else { continue }
            waits.withLock { $0.timeouts += UInt64(expired.count) }
            let error = PostgresError(.acquireTimeout, "No connection became free within \(limits.acquireTimeout)", cause: cause)
            for waiter in expired { waiter.fail(error) }
        }
    }

    private func shutDown() {
        request.finish()
        let (waiters, connections) = machine.withLock { $0.close() }
        for connection in connections { connection.close() }
        for waiter in waiters { waiter.fail(PostgresError(.closed, "The pool has been closed")) }
    }

    /// Runs a pool for as long as `body` runs.
    public static func withPool<Value: Sendable>(
        _ configuration: PostgresConfiguration, limits: PostgresPoolLimits = PostgresPoolLimits(),
        _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(configuration, limits: limits)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            defer { group.cancelAll() }
            return try await body(pool)
        }
    }
}

/// How long callers waited, since the start.
private struct WaitTimes {
    var count: UInt64 = 0
    var total: Duration = .zero
    var longest: Duration = .zero
    var timeouts: UInt64 = 0

    mutating func add(_ wait: Duration) {
        count += 1
        total += wait
        longest = max(longest, wait)
    }
}
