public import Coordination
internal import Synchronization

/// Leases within one process.
public final class MemoryLeaseKeeper: LeaseKeeper {
    fileprivate struct State {
        /// By name: who has it, and until when.
        var holders: [String: (token: Int64, end: ContinuousClock.Instant)] = [:]
        var lastToken: Int64
        /// Leases that ended without being given back are looked for when there are this many.
        var sweepAt = 1024
    }

    private let state: Mutex<State>

    /// - Parameter firstToken: Tokens are larger than this. What was written under an earlier process's leases has seen its tokens: so this has to
    ///   grow from process to process, as a calendar's clock does.
    public init(tokensAfter firstToken: Int64) { state = Mutex(State(lastToken: firstToken)) }

    public func acquire(_ name: String, for duration: Duration) async throws -> Lease? {
        try LeaseNameTooLong.check(name)
        let now = ContinuousClock.now
        return state.withLock { state -> Lease? in
            if let holder = state.holders[name], holder.end > now { return nil }
            state.sweep(now)
            state.lastToken += 1
            state.holders[name] = (state.lastToken, now + max(duration, .milliseconds(1)))
            return Lease(name: name, fencingToken: state.lastToken)
        }
    }

    public func renew(_ lease: Lease, for duration: Duration) async throws -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard let holder = state.holders[lease.name], holder.token == lease.fencingToken, holder.end > now else { return false }
            state.holders[lease.name] = (holder.token, now + max(duration, .milliseconds(1)))
            return true
        }
    }

    public func release(_ lease: Lease) async throws {
        state.withLock { state in
            if state.holders[lease.name]?.token == lease.fencingToken { state.holders.removeValue(forKey: lease.name) }
        }
    }
}

extension MemoryLeaseKeeper.State {
    fileprivate mutating func sweep(_ now: ContinuousClock.Instant) {
        guard holders.count >= sweepAt else { return }
        holders = holders.filter { $0.value.end > now }
        sweepAt = max(1024, holders.count * 2)
    }
}
