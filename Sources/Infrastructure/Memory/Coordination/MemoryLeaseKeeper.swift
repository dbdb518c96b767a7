public import Coordination
internal import Synchronization

/// Leases within one process.
public final class MemoryLeaseKeeper: LeaseKeeper {
    fileprivate struct State {
        /// By name: who has it, and until when.
        var holders: [String: (holder: LeaseHolder, end: Duration)] = [:]
        var lastToken: Int64
        /// Leases that ended without being given back are looked for when there are this many.
        var sweepAt = 1024
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Duration

    /// - Parameter firstToken: Tokens are larger than this. What was written under an earlier process's leases has seen its tokens: so this has to
    ///   grow from process to process, as a calendar's clock does.
    public convenience init(tokensAfter firstToken: Int64) {
        let start = ContinuousClock.now
        self.init(tokensAfter: firstToken) { start.duration(to: .now) }
    }

    /// - Parameters:
    ///   - firstToken: Tokens are larger than this.
    ///   - now: Time since some fixed point; must not go backwards.
    public init(tokensAfter firstToken: Int64, now: @escaping @Sendable () -> Duration) {
        state = Mutex(State(lastToken: firstToken))
        self.now = now
    }

    public func acquire(_ name: String, for duration: Duration, holder: String) async throws -> Lease? {
        try LeaseTextTooLong.check(name, holder)
        let now = now()
        return state.withLock { state -> Lease? in
            if let present = state.holders[name], present.end > now { return nil }
            state.sweep(now)
            state.lastToken += 1
            let holder = LeaseHolder(description: holder, fencingToken: state.lastToken)
            state.holders[name] = (holder, now + max(duration, .milliseconds(1)))
            return Lease(name: name, fencingToken: state.lastToken)
        }
    }

    public func holder(of name: String) async throws -> LeaseHolder? {
        try LeaseTextTooLong.check(name)
        let now = now()
        return state.withLock { state in
            guard let present = state.holders[name], present.end > now else { return nil }
            return present.holder
        }
    }

    public func renew(_ lease: Lease, for duration: Duration) async throws -> Bool {
        let now = now()
        return state.withLock { state in
            guard let present = state.holders[lease.name], present.holder.fencingToken == lease.fencingToken, present.end > now else {
                return false
            }
            state.holders[lease.name] = (present.holder, now + max(duration, .milliseconds(1)))
            return true
        }
    }

    public func release(_ lease: Lease) async throws {
        state.withLock { state in
            guard state.holders[lease.name]?.holder.fencingToken == lease.fencingToken else { return }
            state.holders.removeValue(forKey: lease.name)
        }
    }
}

extension MemoryLeaseKeeper.State {
    fileprivate mutating func sweep(_ now: Duration) {
        guard holders.count >= sweepAt else { return }
        holders = holders.filter { $0.value.end > now }
        sweepAt = max(1024, holders.count * 2)
    }
}
