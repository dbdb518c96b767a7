import Coordination
import Logging
import Metrics
import Synchronization

/// What becomes of leases: they are renewed, given back, or lost.
extension SessionRegistry {
    /// How many leases are renewed at the same time.
    private static let concurrentRenewals = 64

    /// Renews the leases of the sessions that are in use, and gives the others back. Those that have ended are lost.
    func renewLeases() async {
        let held = state.withLock { $0.entries.map { (id: $0.key, lease: $0.value.lease, isUsed: $0.value.session != nil) } }
        var failures: [any Error] = []
        await withTaskGroup(of: (any Error)?.self) { group in
            var pending = held.makeIterator()
            func startNext() {
                guard let (id, lease, isUsed) = pending.next() else { return }
                group.addTask {
                    do {
                        if isUsed { try await self.renew(lease, of: id) } else { try await self.giveBack(id) { $0.session == nil } }
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            for _ in 0..<Self.concurrentRenewals { startNext() }
            for await failure in group {
                if let failure { failures.append(failure) }
                startNext()
            }
        }
        guard let first = failures.first, !Task.isCancelled else { return }
        environment.logger.warning("Leases cannot be renewed", metadata: ["count": "\(failures.count)", "error": "\(first)"])
    }

    private func renew(_ lease: Lease, of id: String) async throws {
        let duration = environment.configuration.sessionLease
        // From before the request: the keeper's end is later.
        let end = uptime + duration
        guard try await leases.renew(lease, for: duration) else { return await lose(id, fencingToken: lease.fencingToken) }
        state.withLock { state in
            if state.entries[id]?.lease == lease { state.entries[id]?.end = end }
        }
    }

    /// Gives a lease back, if the entry is still such that it should be.
    func giveBack(_ id: String, when isUseless: @Sendable (Entry) -> Bool) async throws {
        try await gate.pass(id) {
            let lease = state.withLock { state -> Lease? in
                guard let entry = state.entries[id], isUseless(entry) else { return nil }
                state.entries[id] = nil
                return entry.lease
            }
            if let lease { try await leases.release(lease) }
        }
    }

    // MARK: Losing leases

    /// Ends a session whose lease has ended: somebody else may have it now.
    func lose(_ id: String, fencingToken: Int64) async {
        let (isHeld, session) = state.withLock { state -> (Bool, LiveSession?) in
            guard let entry = state.entries[id], entry.lease.fencingToken == fencingToken else { return (false, nil) }
            state.entries[id] = nil
            state.recent[id] = nil
            return (true, entry.session)
        }
        guard isHeld else { return }
        RuntimeMetrics.shared.leasesLost.increment()
        environment.logger.warning("A session's lease is lost", metadata: ["session": "\(id)"])
        await session?.leaseEnded()
    }

    /// Ends all sessions whose leases have ended by this replica's clock.
    func dropExpiredLeases() async {
        let now = uptime
        let expired = state.withLock { state in
            state.entries.filter { $0.value.end <= now }.map { (id: $0.key, token: $0.value.lease.fencingToken) }
        }
        for (id, token) in expired { await lose(id, fencingToken: token) }
    }

    func dropExpiredLease(of id: String) async {
        let now = uptime
        guard let entry = state.withLock({ $0.entries[id] }), entry.end <= now else { return }
        await lose(id, fencingToken: entry.lease.fencingToken)
    }

    /// The earliest ``Moment/uptime`` at which a lease ends.
    var earliestEnd: Duration? { state.withLock { $0.entries.values.map(\.end).min() } }

    // MARK: The end of the service

    /// Ends the event streams of all sessions. No lease is taken from now on.
    func end() -> [LiveSession] {
        let sessions = state.withLock { state in
            state.hasEnded = true
            return state.entries.values.compactMap(\.session)
        }
        for session in sessions { session.events.close() }
        return sessions
    }

    /// Marks the turns that the end of the service interrupted, and gives all leases back, so that other replicas need not wait for their end.
    func giveAllBack(_ sessions: [LiveSession]) async {
        do {
            for session in sessions {
                guard await session.isInterrupted else { continue }
                _ = try await environment.repository.claim(session.id, fencingToken: session.fencingToken)
            }
            for id in state.withLock({ Array($0.entries.keys) }) { try await giveBack(id) { _ in true } }
        } catch {
            environment.logger.warning("Sessions are left to other replicas only when their leases end", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Turns that nobody runs

    /// The lease under which sessions are looked for that nobody has.
    private static let sweepLease = "runtime:sweep"
    /// How long that, and the lease of each such session, lasts at most.
    private static let sweepDuration = Duration.seconds(30)
    private static let sweepBatch = 100

    /// Marks the turns of all sessions that are stored as running, and whose lease nobody has, as interrupted. One replica at a time does so.
    ///
    /// - Returns: How many there were.
    /// - Throws: What the leases' keeper and the repository throw.
    func sweep() async throws -> Int {
        guard let right = try await leases.acquire(Self.sweepLease, for: Self.sweepDuration, holder: name.description) else { return 0 }
        var count = 0
        var last: String?
        repeat {
            let batch = try await environment.repository.runningSessions(after: last, limit: Self.sweepBatch)
            for id in batch {
                if try await interruptAbandoned(id) { count += 1 }
            }
            last = batch.count == Self.sweepBatch ? batch.last : nil
            guard try await leases.renew(right, for: Self.sweepDuration) else { return count }
        } while last != nil
        try await leases.release(right)
        return count
    }

    /// - Returns: Whether nobody had it.
    private func interruptAbandoned(_ id: String) async throws -> Bool {
        try await gate.pass(id) {
            guard state.withLock({ $0.entries[id] == nil && !$0.hasEnded }) else { return false }
            let leaseName = Self.leaseName(of: id)
            guard let lease = try await leases.acquire(leaseName, for: Self.sweepDuration, holder: name.description) else { return false }
            let claim: SessionClaim?
            do {
                claim = try await environment.repository.claim(id, fencingToken: lease.fencingToken)
            } catch is SessionFenced {
                claim = nil
            }
            if claim?.hasInterrupted == true { RuntimeMetrics.shared.sessionsInterrupted.increment() }
            try await leases.release(lease)
            return claim?.hasInterrupted == true
        }
    }
}
