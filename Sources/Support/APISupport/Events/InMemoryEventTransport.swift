internal import Synchronization

/// A broker within this process, for tests and for an application of one process.
///
/// Each `deliver` gets every event published while it runs, in order, one at a time. An event that is not accepted is delivered again,
/// `maximumAttempts` times in all; then, and when it is rejected, it is set aside in ``setAside``.
public final class InMemoryEventTransport: EventTransport {
    private struct Subscriber {
        let subscriptions: [EventSubscription]
        let queue: BoundedQueue<EventDelivery>
    }

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        var next = 0
        var published = 0
        var setAside: [Event] = []
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let maximumAttempts: Int

    /// `capacity` events wait for each subscriber; a publisher waits when there is no room.
    public init(capacity: Int = 256, maximumAttempts: Int = 3) {
        self.capacity = capacity
        self.maximumAttempts = max(1, maximumAttempts)
    }

    /// Events that were rejected, or delivered as often as allowed; the last `capacity` of them.
    public var setAside: [Event] { state.withLock { $0.setAside } }

    /// How many receive an address now.
    public func subscribers(of address: String) -> Int { matching(address).count }

    private func matching(_ address: String) -> [Subscriber] {
        let subscribers = state.withLock { state in state.subscribers.sorted { $0.key < $1.key }.map(\.value) }
        return subscribers.filter { $0.subscriptions.contains { $0.address.match(address) != nil } }
    }

    public func publish(_ event: Event) async throws {
        let number = state.withLock { state -> Int in
            state.published += 1
            return state.published
        }
        for subscriber in matching(event.address) {
            while !subscriber.queue.offer(EventDelivery(event: event, id: String(number))) {
                try Task.checkCancellation()
                guard isSubscribed(subscriber) else { break }
                try await subscriber.queue.room()
            }
        }
    }

    private func isSubscribed(_ subscriber: Subscriber) -> Bool {
        state.withLock { state in state.subscribers.values.contains { $0.queue === subscriber.queue } }
    }

    public func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {
        let queue = BoundedQueue<EventDelivery>(capacity: capacity)
        let number = state.withLock { state -> Int in
            defer { state.next += 1 }
            state.subscribers[state.next] = Subscriber(subscriptions: subscriptions, queue: queue)
            return state.next
        }
        defer {
            state.withLock { _ = $0.subscribers.removeValue(forKey: number) }
            queue.finish()
        }
        while let delivery = try await queue.next() {
            for subscription in subscriptions where subscription.address.match(delivery.event.address) != nil {
                await deliver(delivery, subscription, to: receive)
            }
        }
    }

    private func deliver(
        _ delivery: EventDelivery, _ subscription: EventSubscription,
        to receive: @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async {
        var delivery = delivery
        while true {
            switch await receive(delivery, subscription) {
            case .accepted: return
            case .failed where delivery.attempt < maximumAttempts && !Task.isCancelled: delivery.attempt += 1
            case .failed, .rejected:
                let event = delivery.event
                return state.withLock { state in
                    state.setAside.append(event)
                    if state.setAside.count > capacity { state.setAside.removeFirst() }
                }
            }
        }
    }
}
