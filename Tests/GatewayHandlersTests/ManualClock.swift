import APISupport
import GatewayHandlers
import Synchronization

/// A clock that stands still until it is set.
final class ManualClock: GatewayClock {
    private struct State {
        var now = Timestamp(secondsSinceEpoch: 0)
        var waiters: [(instant: Timestamp, reached: Recorder<Void>)] = []
    }

    private let state = Mutex(State())

    func wait(until instant: Timestamp) async throws {
        let reached = Recorder<Void>()
        let isOver = state.withLock { state -> Bool in
            if state.now >= instant { return true }
            state.waiters.append((instant, reached))
            return false
        }
        if !isOver { try await reached.next() }
    }

    func set(_ now: Timestamp) {
        let reached = state.withLock { state -> [Recorder<Void>] in
            state.now = now
            defer { state.waiters.removeAll { $0.instant <= now } }
            return state.waiters.filter { $0.instant <= now }.map(\.reached)
        }
        for reached in reached { reached.record(()) }
    }
}
