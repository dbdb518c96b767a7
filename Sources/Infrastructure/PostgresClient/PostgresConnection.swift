internal import CPostgres
internal import Dispatch
internal import Synchronization

/// One connection to the server: one statement at a time.
///
/// Statements are sent on the caller's thread, which never waits there; the answer is read by the thread of ``ReadinessLoop``. Everything that
/// touches libpq's connection is under one lock.
public final class PostgresConnection: Sendable {
    /// Where the session stands between two statements.
    enum TransactionState {
        case none
        case open
        /// The server takes nothing but a rollback.
        case failed
        /// The connection is broken.
        case unknown

        init(_ connection: OpaquePointer) {
            switch PQtransactionStatus(connection) {
            case PQTRANS_IDLE: self = .none
            case PQTRANS_INTRANS: self = .open
            case PQTRANS_INERROR: self = .failed
            default: self = .unknown
            }
        }
    }

    struct State {
        /// Bytes of one answer.
        let limit: Int
        /// nil: closed.
        var connection: OpaquePointer?
        var socket: CInt
        /// Of the ``ReadinessLoop``.
        var watch: UInt64 = 0
        var isWatchedForWriting = false
        var exchange: PostgresExchange?
        var statements: StatementCache
        var transaction = TransactionState.none
        var closure: PostgresError?
        var whenClosed: (@Sendable () -> Void)?
    }

    let configuration: PostgresConfiguration
    /// The server process, as in `pg_stat_activity` and in notifications.
    public let processID: Int32
    let state: Mutex<State>
    private let receive: (@Sendable (PostgresNotification) -> Void)?
    private let nextID = Atomic<UInt64>(1)

    /// Takes ownership of an established connection.
    init(
        _ connection: sending OpaquePointer, configuration: PostgresConfiguration,
        receive: (@Sendable (PostgresNotification) -> Void)? = nil
    ) throws {
        self.configuration = configuration
        self.receive = receive
        processID = PQbackendPID(connection)
        let socket = PQsocket(connection)
        state = Mutex(
            State(
                limit: configuration.maximumResultSize, connection: connection, socket: socket,
                statements: StatementCache(capacity: configuration.maximumPreparedStatements)))
        // Held throughout, so that the loop's first event waits until the watch's name is known.
        try state.withLock { $0.watch = try ReadinessLoop.shared.add(socket, self) }
    }

    deinit {
        state.withLock { state in
            if let connection = state.connection { PQfinish(connection) }
        }
    }

    // MARK: Life

    /// Whether statements can be sent.
    public var isOpen: Bool { state.withLock { $0.connection != nil } }

    /// Whether neither a transaction is open nor a statement under way.
    var isIdle: Bool { state.withLock { $0.connection != nil && $0.exchange == nil && $0.transaction == .none } }

    /// Ends the connection. What is under way fails with ``PostgresError/Code-swift.enum/closed``.
    public func close() { close(because: PostgresError(.closed, "The connection has been closed")) }

    /// Sets what is called, once, when the connection ends; at once when it has ended.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            guard state.connection != nil else { return false }
            state.whenClosed = action
            return true
        }
        if !isOpen { action() }
    }

    func close(because error: PostgresError) {
        let ended = state.withLock { $0.close(because: error) }
        ended?.announce()
    }

    // MARK: Exchanges

    /// Sends something and waits for the answer.
    ///
    /// - Parameters:
    ///   - patience: Time for the answer, after which the connection is closed; nil: as configured.
    ///   - send: Puts it into libpq's buffer, without waiting; under the lock.
    /// - Throws: What the server or the connection had to say; `CancellationError` when the task was cancelled and the server gave up for that.
    @discardableResult
    func exchange(
        _ kind: PostgresExchange.Kind, within patience: Duration? = nil, _ send: @Sendable (OpaquePointer) throws -> Void
    ) async throws -> [PostgresResult] {
        let id = newExchangeID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                if let failure = begin(id, kind, within: patience, send, completion: { continuation.resume(with: $0) }) {
                    return continuation.resume(throwing: failure)
                }
                // The cancellation may have come before there was something to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    func newExchangeID() -> UInt64 { nextID.add(1, ordering: .relaxed).oldValue }

    /// Begins an exchange, and does not wait for its end.
    ///
    /// - Parameter completion: Gets the answer; see ``PostgresExchange/completion``.
    /// - Returns: Why it did not begin, in which case `completion` is not called.
    func begin(
        _ id: UInt64, _ kind: PostgresExchange.Kind, within patience: Duration? = nil, _ send: @Sendable (OpaquePointer) throws -> Void,
        completion: @escaping @Sendable (Result<[PostgresResult], any Error>) -> Void
    ) -> (any Error)? {
        let deadline = ContinuousClock.now + (patience ?? configuration.statementTimeout + configuration.silenceTolerance)
        let exchange = PostgresExchange(id: id, kind: kind, deadline: deadline, completion: completion)
        let (failure, ended) = state.withLock { $0.begin(exchange, send) }
        ended?.announce()
        return failure
    }

    /// Asks the server to give up an exchange. libpq makes a connection of its own for that, and waits for its end: not on a thread that others
    /// need.
    func cancel(_ id: UInt64) {
        let handle: CancellationHandle? = state.withLock { state in
            guard let connection = state.connection, state.exchange?.id == id, state.exchange?.isAnswered == false,
                state.exchange?.cancellation == PostgresExchange.Cancellation.none
            else { return nil }
            guard let handle = PQgetCancel(connection) else { return nil }
            state.exchange?.cancellation = .underWay
            state.exchange?.deadline = .now + configuration.silenceTolerance
            return CancellationHandle(pointer: handle)
        }
        guard let handle else { return }
        DispatchQueue.global().async { [self] in
            handle.send()
            let ended = state.withLock { state -> Ended? in
                guard state.exchange?.id == id else { return nil }
                state.exchange?.cancellation = .requested
                return state.exchange?.isAnswered == true ? state.finish() : nil
            }
            ended?.announce()
        }
    }

    /// What follows from a change of state, outside of the lock.
    struct Ended: Sendable {
        var completion: (@Sendable (Result<[PostgresResult], any Error>) -> Void)?
        var outcome: Result<[PostgresResult], any Error> = .success([])
        var whenClosed: (@Sendable () -> Void)?

        func announce() {
            completion?(outcome)
            whenClosed?()
        }
    }

    /// What libpq needs to cancel; usable from any thread.
    private struct CancellationHandle: @unchecked Sendable {
        let pointer: OpaquePointer

        /// A request that does not arrive changes nothing: the exchange's deadline is near.
        func send() {
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(pointer, &reason, CInt(reason.count))
            PQfreeCancel(pointer)
        }
    }
}

// MARK: The loop's thread

extension PostgresConnection: ReadinessObserver {
    func becameReady(toRead: Bool, toWrite: Bool) {
        var notifications: [PostgresNotification] = []
        let ended = state.withLock { state -> Ended? in
            if toWrite, let ended = state.flush() { return ended }
            guard toRead else { return nil }
            return state.read(&notifications)
        }
        if let receive { for notification in notifications { receive(notification) } }
        ended?.announce()
    }

    func ticked(at now: ContinuousClock.Instant) {
        let ended = state.withLock { state -> Ended? in
            guard let exchange = state.exchange, now >= exchange.deadline else { return nil }
            return state.close(because: PostgresError(.timeout, "The server did not answer in time"))
        }
        ended?.announce()
    }
}

// MARK: Under the lock

extension PostgresConnection.State {
    /// - Returns: Why it did not begin; and what has ended with that.
    mutating func begin(
        _ exchange: PostgresExchange, _ send: @Sendable (OpaquePointer) throws -> Void
    ) -> (failure: (any Error)?, ended: PostgresConnection.Ended?) {
        guard let connection else { return (PostgresError(.closed, "The connection has been closed", cause: closure), nil) }
        guard self.exchange == nil else {
            return (PostgresError(.connectionInUse, "Another statement is under way on this connection"), nil)
        }
        do {
            if exchange.kind == .pipeline { PQenterPipelineMode(connection) }
            try send(connection)
        } catch {
            // Part of it may be in the buffer already.
            let lost = PostgresError(.connectionLost, "A statement could not be sent", cause: error)
            return (error, close(because: lost))
        }
        self.exchange = exchange
        return (nil, flush() ?? takeResults(of: connection))
    }

    /// The end of the exchange, if what has been read holds it. It may have been read before the exchange began: the server says when it can do
    /// nothing with rows that are being copied.
    private mutating func takeResults(of connection: OpaquePointer) -> PostgresConnection.Ended? {
        guard exchange?.isAnswered == false, exchange?.kind != .flush, exchange?.takeResults(of: connection) == true else { return nil }
        return answered()
    }

    /// Hands the system what it takes; the loop tells when it takes more.
    mutating func flush() -> PostgresConnection.Ended? {
        guard let connection else { return nil }
        switch PQflush(connection) {
        case 0:
            setWritingInterest(false)
            return exchange?.kind == .flush ? answered() : nil
        case 1:
            setWritingInterest(true)
            return nil
        default:
            // What the server said before it hung up is worth more than that it did.
            var ignored: [PostgresNotification] = []
            return read(&ignored)
                ?? close(because: PostgresError(.connectionLost, "The connection was lost", connection: connection))
        }
    }

    private mutating func setWritingInterest(_ toWrite: Bool) {
        guard toWrite != isWatchedForWriting else { return }
        isWatchedForWriting = toWrite
        ReadinessLoop.shared.setInterest(socket, watch, toWrite: toWrite)
    }

    mutating func read(_ notifications: inout [PostgresNotification]) -> PostgresConnection.Ended? {
        guard let connection else { return nil }
        let isAlive = PQconsumeInput(connection) == 1
        while let notification = PQnotifies(connection) {
            notifications.append(PostgresNotification(notification.pointee))
            PQfreemem(notification)
        }
        if let ended = takeResults(of: connection) { return ended }
        guard isAlive else {
            let lost = PostgresError(.connectionLost, "The connection was lost", connection: connection)
            return close(because: lost)
        }
        guard exchange?.isAnswered == false else { return nil }
        if exchange?.counter == nil { exchange?.counter = SocketCounter(socket) }
        if let received = exchange?.counter?.received(), received > limit {
            return closeForSize()
        }
        return nil
    }

    private mutating func closeForSize() -> PostgresConnection.Ended? {
        close(because: PostgresError(.resultTooLarge, "The result has more than \(limit) bytes"))
    }

    private mutating func answered() -> PostgresConnection.Ended? {
        // What came so quickly that nobody could stop it.
        if let size = exchange?.size, size > limit { return closeForSize() }
        exchange?.isAnswered = true
        if let connection, exchange?.kind == .pipeline { PQexitPipelineMode(connection) }
        return exchange?.cancellation == .underWay ? nil : finish()
    }

    mutating func finish() -> PostgresConnection.Ended? {
        guard let exchange else { return nil }
        self.exchange = nil
        if let connection { transaction = PostgresConnection.TransactionState(connection) }
        return PostgresConnection.Ended(completion: exchange.completion, outcome: exchange.outcome)
    }

    mutating func close(because error: PostgresError) -> PostgresConnection.Ended? {
        guard let connection else { return nil }
        ReadinessLoop.shared.remove(socket, watch)
        PQfinish(connection)
        self.connection = nil
        let reason = exchange?.failure.map { PostgresError(error.code, error.message, sqlState: $0.sqlState, cause: $0) } ?? error
        closure = reason
        defer {
            exchange = nil
            whenClosed = nil
        }
        let outcome = exchange.flatMap { $0.isAnswered ? $0.outcome : nil } ?? .failure(reason)
        return PostgresConnection.Ended(completion: exchange?.completion, outcome: outcome, whenClosed: whenClosed)
    }
}
