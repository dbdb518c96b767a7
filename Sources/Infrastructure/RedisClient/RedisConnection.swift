internal import DequeModule
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Synchronization

/// One connection: what is sent at the same time goes out in one piece, and the answers come back in the order of the commands.
public final class RedisConnection: Sendable {
    /// Who waits for the next answers.
    enum Waiter: Sendable {
        case one(UnsafeContinuation<RedisValue, any Error>)
        case several(UnsafeContinuation<[RedisValue], any Error>, count: Int)
        /// Nobody any more; so many answers are still to come.
        case nobody(count: Int)
    }

    struct Pending: Sendable {
        var waiter: Waiter
        var answers: [RedisValue] = []
        let deadline: NIODeadline
        let size: Int
    }

    struct State: Sendable {
        var outgoing = ByteBuffer()
        /// What was sent last: its memory takes what comes after ``outgoing``.
        var spare = ByteBuffer()
        var pending: Deque<Pending> = []
        /// Counts up with each command; that of the first pending one is ``firstID``.
        var firstID: UInt64 = 0
        var pendingBytes = 0
        var closure: RedisError?
        var whenClosed: (@Sendable () -> Void)?
    }

    private let channel: any Channel
    private let configuration: RedisConfiguration
    private let commandTimeout: TimeAmount
    /// Not a `Mutex`, which on Linux is handed over to the one who has waited the longest, who has to be woken first.
    private let state = NIOLockedValueBox(State())
    /// Whether the event loop is going to send what has been gathered; beside the lock, since every caller asks.
    private let isFlushScheduled = Atomic(false)
    private let hasEnded = Atomic(false)
    /// For what the server says without being asked: messages of subscriptions.
    private let receive: (@Sendable (RedisValue) -> Void)?

    init(_ channel: any Channel, configuration: RedisConfiguration, receive: (@Sendable (RedisValue) -> Void)? = nil) {
        self.channel = channel
        self.configuration = configuration
        commandTimeout = TimeAmount(configuration.commandTimeout)
        self.receive = receive
    }

    // MARK: Commands

    /// Sends a command and waits for its answer.
    ///
    /// - Parameter timeout: Time for the answer; nil: as configured. A command that waits on the server needs more, and a connection of its own.
    /// - Throws: ``RedisError``, of code `server` for an error that the server answers; `CancellationError`, after which the server may still carry
    ///   the command out.
    @discardableResult
    public func send(_ command: RedisCommand, timeout: Duration? = nil) async throws -> RedisValue {
        let ticket = Ticket()
        let value = try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                enqueue(.one(continuation), timeout, ticket) { try command.withFormatted($0) }
            }
        } onCancel: {
            if let id = ticket.id { abandon(id) }
        }
        if case .error(let text) = value { throw RedisError(serverMessage: text) }
        return value
    }

    /// Sends several commands in one piece: no other caller's come between them.
    ///
    /// - Returns: The answers, errors of the server among them.
    public func send(_ commands: [RedisCommand], timeout: Duration? = nil) async throws -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                enqueue(.several(continuation, count: commands.count), timeout, ticket) {
                    try Self.format(commands).withUnsafeReadableBytes($0)
                }
            }
        } onCancel: {
            if let id = ticket.id { abandon(id) }
        }
    }

    /// Sends what has no answer of its own, such as SUBSCRIBE.
    func post(_ commands: [RedisCommand]) throws {
        _ = try Self.format(commands).withUnsafeReadableBytes { try enqueue($0, nil, nil) }
    }

    private static func format(_ commands: [RedisCommand]) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        for command in commands { try command.withFormatted { _ = buffer.writeBytes($0) } }
        return buffer
    }

    /// Who waits is resumed in any case, now or later.
    private func enqueue(
        _ waiter: Waiter, _ timeout: Duration?, _ ticket: borrowing Ticket,
        _ format: ((UnsafeRawBufferPointer) throws -> UInt64) throws -> UInt64
    ) {
        do {
            let id = try format { try enqueue($0, waiter, timeout) }
            ticket.id = id
            // The cancellation may have come before there was something to cancel.
            if Task.isCancelled { abandon(id) }
        } catch {
            waiter.fail(error)
        }
    }

    private func enqueue(_ bytes: UnsafeRawBufferPointer, _ waiter: Waiter?, _ timeout: Duration?) throws -> UInt64 {
        let deadline = NIODeadline.now() + (timeout.map(TimeAmount.init) ?? commandTimeout)
        let id = try state.withLockedValue { state in
            if let closure = state.closure { throw RedisError(.closed, "The connection has been closed", cause: closure) }
            guard state.pending.count < configuration.maximumPendingCommands, state.pendingBytes < configuration.maximumPendingBytes else {
                throw RedisError(.overloaded, "\(state.pending.count) commands wait for answers already")
            }
            let id = state.firstID + UInt64(state.pending.count)
            state.outgoing.writeBytes(bytes)
            if let waiter {
                state.pending.append(Pending(waiter: waiter, deadline: deadline, size: bytes.count))
                state.pendingBytes += bytes.count
            }
            return id
        }
        // By the time the loop comes to it, others have added theirs.
        if !isFlushScheduled.exchange(true, ordering: .sequentiallyConsistent) { channel.eventLoop.execute { self.flush() } }
        return id
    }

    private func flush() {
        // Before the bytes are taken: what comes in between is taken too, and costs an empty flush.
        isFlushScheduled.store(false, ordering: .sequentiallyConsistent)
        var bytes = state.withLockedValue { state in
            guard state.outgoing.readableBytes > 0 else { return ByteBuffer() }
            defer { (state.outgoing, state.spare) = (state.spare, ByteBuffer()) }
            return state.outgoing
        }
        guard bytes.readableBytes > 0 else { return }
        channel.writeAndFlush(bytes, promise: nil)
        guard bytes.capacity <= Self.maximumSpareCapacity else { return }
        // Mostly it is all sent by now; otherwise this takes other memory.
        bytes.clear()
        state.withLockedValue { state in state.spare = bytes }
    }

    private static let maximumSpareCapacity = 256 * 1024

    /// The answer will be thrown away.
    private func abandon(_ id: UInt64) {
        let waiter = state.withLockedValue { state -> Waiter? in
            guard id >= state.firstID else { return nil }
            let index = Int(id - state.firstID)
            guard index < state.pending.count else { return nil }
            let waiter = state.pending[index].waiter
            state.pending[index].waiter = .nobody(count: waiter.count - state.pending[index].answers.count)
            state.pending[index].answers = []
            return waiter
        }
        waiter?.fail(CancellationError())
    }

    // MARK: Answers, on the event loop

    /// What follows from an answer, outside of the lock.
    private enum Effect: Sendable {
        case nothing
        case unasked(RedisValue)
        case answer(UnsafeContinuation<RedisValue, any Error>, RedisValue)
        case answers(UnsafeContinuation<[RedisValue], any Error>, [RedisValue])
    }

    /// Hands answers that came in one piece to those who wait for them.
    func received(_ values: [RedisValue]) {
        let effects = state.withLockedValue { state in values.map { Self.effect(of: $0, on: &state) } }
        for effect in effects {
            switch effect {
            case .nothing: break
            case .unasked(let value): unasked(value)
            case .answer(let continuation, let value): continuation.resume(returning: value)
            case .answers(let continuation, let values): continuation.resume(returning: values)
            }
        }
    }

    private static func effect(of value: RedisValue, on state: inout State) -> Effect {
        guard !state.pending.isEmpty else { return .unasked(value) }
        if case .one(let continuation) = state.pending[0].waiter {
            _ = state.removeFirst()
            return .answer(continuation, value)
        }
        state.pending[0].answers.append(value)
        guard state.pending[0].answers.count == state.pending[0].waiter.count else { return .nothing }
        let complete = state.removeFirst()
        if case .several(let continuation, _) = complete.waiter { return .answers(continuation, complete.answers) }
        return .nothing
    }

    private func unasked(_ value: RedisValue) {
        guard let receive else { return close(because: RedisError(.invalidReply, "The server answered what nobody asked")) }
        receive(value)
    }

    /// Closes the connection when the oldest command has waited too long.
    func checkDeadline() {
        let now = NIODeadline.now()
        let isLate = state.withLockedValue { state in state.pending.first.map { $0.deadline <= now } ?? false }
        if isLate { close(because: RedisError(.timeout, "The server did not answer in time")) }
    }

    // MARK: Life

    public var isOpen: Bool { !hasEnded.load(ordering: .acquiring) }

    /// Whether it is going to send what it has been given so far.
    var isGathering: Bool { isFlushScheduled.load(ordering: .relaxed) && isOpen }

    /// Commands that wait for answers.
    var pendingCount: Int { state.withLockedValue { $0.pending.count } }

    /// Ends the connection; commands under way fail.
    public func close() { close(because: RedisError(.closed, "The connection has been closed")) }

    func close(because error: RedisError) {
        let (pending, whenClosed) = state.withLockedValue { state -> (Deque<Pending>, (@Sendable () -> Void)?) in
            guard state.closure == nil else { return ([], nil) }
            state.closure = error
            hasEnded.store(true, ordering: .releasing)
            defer {
                state.pending = []
                state.outgoing = ByteBuffer()
                state.whenClosed = nil
            }
            return (state.pending, state.whenClosed)
        }
        channel.close(promise: nil)
        for command in pending { command.waiter.fail(error) }
        whenClosed?()
    }

    /// Sets what is called, once, when the connection ends; at once when it has ended.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        let isOpen = state.withLockedValue { state in
            guard state.closure == nil else { return false }
            state.whenClosed = action
            return true
        }
        if !isOpen { action() }
    }
}

extension RedisConnection.State {
    fileprivate mutating func removeFirst() -> RedisConnection.Pending {
        firstID += 1
        let first = pending.removeFirst()
        pendingBytes -= first.size
        return first
    }
}

/// The id of a command under way, for the handler of its cancellation.
private struct Ticket: ~Copyable, Sendable {
    private let number = Atomic<UInt64>(.max)

    var id: UInt64? {
        get {
            let number = number.load(ordering: .sequentiallyConsistent)
            return number == .max ? nil : number
        }
        nonmutating set { number.store(newValue ?? .max, ordering: .sequentiallyConsistent) }
    }
}

extension RedisConnection.Waiter {
    /// Answers that are still to come.
    var count: Int {
        switch self {
        case .one: 1
        case .several(_, let count), .nobody(let count): count
        }
    }

    func fail(_ error: any Error) {
        switch self {
        case .one(let continuation): continuation.resume(throwing: error)
        case .several(let continuation, _): continuation.resume(throwing: error)
        case .nobody: break
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? .max / 2 : nanoseconds + attoseconds / 1_000_000_000)
    }
}
