internal import Synchronization

/// Whether a store is away: its going and its coming back are told once each, and meanwhile it is asked now and then, not with every call.
final class Outage: Sendable {
    private struct State {
        var cause: any Error
        var nextAttempt: ContinuousClock.Instant
    }

    /// Time between attempts.
    private let pause: Duration
    private let state = Mutex<State?>(nil)
    /// Beside the lock, since every call asks.
    private let isUnderWay = Atomic(false)

    init(pause: Duration) { self.pause = pause }

    /// Why the store need not be asked now; nil when it is to be asked: always while it works, and by one caller a pause while it is away.
    func reasonNotToAsk() -> (any Error)? {
        guard isUnderWay.load(ordering: .acquiring) else { return nil }
        let now = ContinuousClock.now
        return state.withLock { state in
            guard let outage = state else { return nil }
            guard now >= outage.nextAttempt else { return outage.cause }
            state?.nextAttempt = now + pause
            return nil
        }
    }

    /// A call of the store has failed.
    ///
    /// - Returns: Whether it is the first one since the store worked.
    func begins(because cause: any Error) -> Bool {
        let isFirst = state.withLock { state in
            defer { state = State(cause: cause, nextAttempt: .now + pause) }
            return state == nil
        }
        isUnderWay.store(true, ordering: .releasing)
        return isFirst
    }

    /// A call of the store has worked.
    ///
    /// - Returns: Whether it is the first one since the store was away.
    func ends() -> Bool {
        guard isUnderWay.load(ordering: .acquiring) else { return false }
        isUnderWay.store(false, ordering: .releasing)
        return state.withLock { state in
            defer { state = nil }
            return state != nil
        }
    }
}
