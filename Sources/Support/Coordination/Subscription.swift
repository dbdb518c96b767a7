internal import Synchronization

/// What a subscriber hears, in order. It does not end by itself; reading ends with the task's cancellation.
public struct Subscription: AsyncSequence, Sendable {
    public enum Event: Sendable, Equatable {
        case message(channel: String, payload: [UInt8])
        /// Messages may have been lost here: whoever keeps a copy of something reads it anew.
        case gap
    }

    private let buffer: SubscriptionBuffer

    public init(_ buffer: SubscriptionBuffer) { self.buffer = buffer }

    /// Waits for the next event.
    ///
    /// - Throws: `CancellationError`; ``PublishSubscribeFailure/alreadyReading``.
    public func next() async throws -> Event { try await buffer.next() }

    public func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let buffer: SubscriptionBuffer

        public mutating func next() async throws -> Event? { try await buffer.next() }
    }
}

/// Between whatever receives messages and the one task that reads them: bounded, dropping the oldest when it is full.
public final class SubscriptionBuffer: Sendable {
    private struct State {
        var events: [Subscription.Event] = []
        var bytes = 0
        /// Something has been dropped before the first of `events`.
        var hasLost = false
        var reader: CheckedContinuation<Subscription.Event, any Error>?
        /// Which call of ``SubscriptionBuffer/next()`` the reader is.
        var readerID: UInt64 = 0
        var lastID: UInt64 = 0
    }

    private let capacity: Int
    private let capacityBytes: Int
    private let state = Mutex(State())

    public init(_ limits: PublishSubscribeLimits) {
        capacity = limits.capacity
        capacityBytes = limits.capacityBytes
    }

    /// Hands an event over, or keeps it. Never waits.
    public func offer(_ event: Subscription.Event) {
        let reader = state.withLock { state -> CheckedContinuation<Subscription.Event, any Error>? in
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            // Two gaps, one behind the other, are one.
            if event == .gap, state.events.isEmpty ? state.hasLost : state.events.last == .gap { return nil }
            state.events.append(event)
            state.bytes += event.size
            while state.events.count > capacity || state.bytes > capacityBytes, let first = state.events.first {
                state.events.removeFirst()
                state.bytes -= first.size
                state.hasLost = true
            }
            if state.hasLost, state.events.first == .gap { state.events.removeFirst() }
            return nil
        }
        reader?.resume(returning: event)
    }

    /// Waits for the next event.
    public func next() async throws -> Subscription.Event {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Subscription.Event, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.reader != nil { return .failure(PublishSubscribeFailure.alreadyReading) }
                    if state.hasLost {
                        state.hasLost = false
                        return .success(.gap)
                    }
                    if let first = state.events.first {
                        state.events.removeFirst()
                        state.bytes -= first.size
                        return .success(first)
                    }
                    state.reader = continuation
                    state.readerID = id
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let reader = state.withLock { state -> CheckedContinuation<Subscription.Event, any Error>? in
                guard state.readerID == id else { return nil }
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(throwing: CancellationError())
        }
    }

    /// Events that wait.
    public var count: Int { state.withLock { $0.events.count } }
}

extension Subscription.Event {
    fileprivate var size: Int {
        switch self {
        case .message(let channel, let payload): channel.utf8.count + payload.count
        case .gap: 0
        }
    }
}
