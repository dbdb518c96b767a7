internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle

/// The connections that a process shares: any number of callers send their commands over a few of them.
///
/// The connections are made, and made again when they are lost, while ``run()`` runs, which belongs into a `ServiceGroup` before the services
/// that use the client. What is under way when a connection is lost fails, and is never sent twice.
public final class RedisClient: Service {
    private struct State {
        var connections: [RedisConnection] = []
        var next = 0
        /// Commands that went to that connection since its turn came.
        var given = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter: UInt64 = 0
        var lastFailure: (any Error)?
        var isClosed = false
        /// Connections for commands that wait, which nobody uses now; and how many are in use.
        var idle: [RedisConnection] = []
        var lent = 0
    }

    public let configuration: RedisConfiguration
    private let state = NIOLockedValueBox(State())
    /// One for all connections: the server, too, does one thing after the other, and what one thread does wakes no other.
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    /// For tasks that send one command after the other: those that prefer it (`withTaskExecutorPreference`) run on the event loop of the
    /// connections, so that neither a command nor its answer wakes another thread. They must not block, nor compute for long.
    public let executor: any TaskExecutor

    public init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
        executor = EventLoopExecutor(eventLoop)
    }

    // MARK: Use

    /// Sends a command; see ``RedisConnection/send(_:timeout:)-(RedisCommand,_)``.
    @discardableResult
    public func send(_ command: RedisCommand) async throws -> RedisValue { try await onConnection { try await $0.send(command) } }

    /// Sends several commands in one piece; see ``RedisConnection/send(_:timeout:)-([RedisCommand],_)``. Between `MULTI` and `EXEC` they are a
    /// transaction.
    public func send(_ commands: [RedisCommand]) async throws -> [RedisValue] { try await onConnection { try await $0.send(commands) } }

    /// On another connection when the one that was chosen turned out to be closed: then nothing was sent.
    private func onConnection<Value: Sendable>(_ body: (RedisConnection) async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await body(try await connection())
            } catch let error as RedisError where error.code == .closed && !state.withLockedValue({ $0.isClosed }) {
                continue
            }
        }
    }

    /// Lends a connection that nobody else uses, for commands that wait on the server. It is made for this call and closed after it.
    public func withDedicatedConnection<Value: Sendable>(_ body: (RedisConnection) async throws -> Value) async throws -> Value {
        let connection = try await RedisConnection.connect(configuration)
        defer { connection.close() }
        return try await body(connection)
    }

    /// Lends a connection for one command that waits on the server: others' commands on the shared connections would have to wait as long.
    ///
    /// It is kept for the next one, unless `body` failed: then an answer may still be on its way. `body` leaves it as it found it.
    ///
    /// - Throws: What `body` throws; ``RedisError`` of code `overloaded` when ``RedisConfiguration/maximumWaitingConnections`` are lent.
    public func withWaitingConnection<Value: Sendable>(_ body: (RedisConnection) async throws -> Value) async throws -> Value {
        let kept = try state.withLockedValue { state -> RedisConnection? in
            guard !state.isClosed else { throw RedisError(.closed, "The client has been closed") }
            guard state.lent < configuration.maximumWaitingConnections else {
                throw RedisError(.overloaded, "\(state.lent) connections wait on the server already")
            }
            state.lent += 1
            while let connection = state.idle.popLast() { if connection.isOpen { return connection } }
            return nil
        }
        let connection: RedisConnection
        do {
            connection = if let kept { kept } else { try await RedisConnection.connect(configuration) }
        } catch {
            state.withLockedValue { $0.lent -= 1 }
            throw error
        }
        do {
            let value = try await body(connection)
            giveBack(connection, isReusable: connection.isOpen && connection.pendingCount == 0)
            return value
        } catch {
            giveBack(connection, isReusable: false)
            throw error
        }
    }

    private func giveBack(_ connection: RedisConnection, isReusable: Bool) {
        let isKept = state.withLockedValue { state in
            state.lent -= 1
            guard isReusable, !state.isClosed, state.idle.count < Self.maximumIdle else { return false }
            state.idle.append(connection)
            return true
        }
        if !isKept { connection.close() }
    }

    /// Connections that are kept for commands that wait.
    private static let maximumIdle = 8

    /// Whether there is a connection now.
    public var isConnected: Bool { state.withLockedValue { $0.connections.contains(where: \.isOpen) } }

    /// Commands that wait for their answers, or for a connection: at most ``RedisConfiguration/maximumPendingCommands`` for each connection, and as
    /// many without one.
    public var pendingCount: Int {
        let (connections, waiting) = state.withLockedValue { ($0.connections, $0.waiters.count) }
        return connections.reduce(waiting) { $0 + $1.pendingCount }
    }

    private func connection() async throws -> RedisConnection {
        if let connection = try next() { return connection }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.connected() }
            group.addTask { [configuration] in
                try await Task.sleep(for: configuration.commandTimeout)
                throw RedisError(
                    .connectionFailed, "There is no connection to \(configuration)", cause: self.state.withLockedValue { $0.lastFailure })
            }
            defer { group.cancelAll() }
            try await group.next()
            guard let connection = try next() else {
                throw RedisError(.connectionFailed, "The connection to \(configuration) was lost again")
            }
            return connection
        }
    }

    /// In turns, so that the server works on what one sends while the others' answers are read. What comes while a connection gathers what it
    /// will send goes with it, since a larger piece costs hardly more than a smaller one, but no more than makes a piece large.
    private func next() throws -> RedisConnection? {
        try state.withLockedValue { state in
            guard !state.isClosed else { throw RedisError(.closed, "The client has been closed") }
            if state.next < state.connections.count, state.given < Self.turn, state.connections[state.next].isGathering {
                state.given += 1
                return state.connections[state.next]
            }
            state.given = 1
            for _ in state.connections {
                state.next = (state.next + 1) % state.connections.count
                if state.connections[state.next].isOpen { return state.connections[state.next] }
            }
            return nil
        }
    }

    /// Commands after which it is another connection's turn.
    private static let turn = 32

    /// Waits for a connection; as many callers at a time as may have commands under way.
    private func connected() async throws {
        let id = state.withLockedValue { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result = state.withLockedValue { state -> Result<Void, any Error>? in
                    if state.isClosed { return .failure(RedisError(.closed, "The client has been closed")) }
                    if state.connections.contains(where: \.isOpen) { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.waiters.count < configuration.maximumPendingCommands else {
                        return .failure(RedisError(.overloaded, "\(state.waiters.count) callers wait for a connection already"))
                    }
                    state.waiters[id] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLockedValue { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }

    // MARK: Running

    /// Keeps the connections, until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for _ in 0..<max(1, self.configuration.connections) { group.addTask { await self.keepConnection() } }
            }
        }
        let (connections, waiters) = state.withLockedValue { state in
            state.isClosed = true
            defer { (state.waiters, state.idle) = ([:], []) }
            return (state.connections + state.idle, Array(state.waiters.values))
        }
        for connection in connections { connection.close() }
        for waiter in waiters { waiter.resume(throwing: RedisError(.closed, "The client has been closed")) }
    }

    private func keepConnection() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let connection = try await RedisConnection.connect(configuration, on: eventLoop)
                backoff.reset()
                await keep(connection)
            } catch {
                state.withLockedValue { $0.lastFailure = error }
            }
            guard await backoff.pause() else { return }
        }
    }

    /// Until it ends.
    private func keep(_ connection: RedisConnection) async {
        let waiters = state.withLockedValue { state in
            state.connections.append(connection)
            state.lastFailure = nil
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
        await connection.ended()
        state.withLockedValue { state in state.connections.removeAll { $0 === connection } }
        connection.close()
    }

    /// Runs a client for as long as `body` runs.
    public static func withClient<Value: Sendable>(
        _ configuration: RedisConfiguration, _ body: (RedisClient) async throws -> Value
    ) async throws -> Value {
        let client = RedisClient(configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}

/// Pauses between attempts to connect: 50 ms, then each time twice as long up to 1 s, give or take a quarter.
struct Backoff {
    private var milliseconds = 50.0

    mutating func reset() { milliseconds = 50 }

    /// - Returns: false when the task has been cancelled.
    mutating func pause() async -> Bool {
        let pause = Duration.milliseconds(milliseconds * Double.random(in: 0.75...1.25))
        milliseconds = min(1000, milliseconds * 2)
        do {
            try await Task.sleep(for: pause)
            return true
        } catch {
            return false
        }
    }
}

extension RedisConnection {
    /// Returns when the connection has ended, or the task is cancelled.
    func ended() async {
        let (end, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        whenClosed { signal.finish() }
        for await _ in end {}
    }
}
