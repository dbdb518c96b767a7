public import APISupport
public import Logging
internal import Synchronization

/// Hands events to the consumers of this process, at once: for a process that has no broker.
///
/// Publishing returns when all consumers have accepted the event; it throws what keeps one of them from it, so that a relay keeps the event and
/// comes again. Nothing waits here that could be lost with the process.
public final class DirectEventTransport: EventTransport {
    /// No consumer of the address runs (yet).
    public struct NobodyListens: Error, Sendable {
        public let address: String
    }

    private struct Consumer: Sendable {
        let subscriptions: [EventSubscription]
        let receive: @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    }

    private struct State {
        var consumers: [Int: Consumer] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let logger: Logger

    public init(logger: Logger) { self.logger = logger }

    public func publish(_ event: Event) async throws {
        let consumers = state.withLock { state in state.consumers.sorted { $0.key < $1.key }.map(\.value) }
        var isTaken = false
        for consumer in consumers {
            for subscription in consumer.subscriptions where subscription.address.match(event.address) != nil {
                isTaken = true
                switch await consumer.receive(EventDelivery(event: event), subscription) {
                case .accepted: continue
                case .rejected(let failure): logger.error("An event is set aside", metadata: ["error": "\(failure)"])
                case .failed(let error): throw error
                }
            }
        }
        guard isTaken else { throw NobodyListens(address: event.address) }
    }

    public func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {
        let number = state.withLock { state -> Int in
            defer { state.next += 1 }
            state.consumers[state.next] = Consumer(subscriptions: subscriptions, receive: receive)
            return state.next
        }
        defer { state.withLock { _ = $0.consumers.removeValue(forKey: number) } }
        let (silence, continuation) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
        defer { continuation.finish() }
        for await _ in silence {}
        try Task.checkCancellation()
    }
}
