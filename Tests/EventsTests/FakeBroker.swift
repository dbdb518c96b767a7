import APISupport
import Synchronization

struct BrokerAway: Error {}

/// A broker that keeps what it is given, and can be away.
final class FakeBroker: EventTransport {
    private struct State {
        var published: [Event] = []
        var isAway = false
        var refusals = 0
    }

    private let state = Mutex(State())
    /// Runs after an event was taken, before its publisher knows.
    private let taken: @Sendable (Int) async throws -> Void

    init(taken: @escaping @Sendable (Int) async throws -> Void = { _ in }) { self.taken = taken }

    var published: [Event] { state.withLock { $0.published } }
    var refusals: Int { state.withLock { $0.refusals } }
    var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set { state.withLock { $0.isAway = newValue } }
    }

    func publish(_ event: Event) async throws {
        let count = try state.withLock { state in
            if state.isAway {
                state.refusals += 1
                throw BrokerAway()
            }
            state.published.append(event)
            return state.published.count
        }
        try await taken(count)
    }

    func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {
        throw BrokerAway()
    }

    /// What a consumer is left with that drops repetitions: by session, the places of the messages in the order of their coming.
    func positions() throws -> [String: [Int64]] {
        var seen: Set<String> = []
        var positions: [String: [Int64]] = [:]
        for event in published {
            guard let id = try event.id, let session = try event.session, seen.insert(id).inserted else { continue }
            if case .integer(let position)? = try event.position { positions[session, default: []].append(position) }
        }
        return positions
    }
}
