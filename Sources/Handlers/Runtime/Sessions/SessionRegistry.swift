import Coordination
import Logging
import Metrics
import Synchronization

/// The sessions that this replica has, each under its lease: at most one ``LiveSession`` for each id at any time, in all replicas.
///
/// A session stays as long as somebody uses it (a turn, an event stream, a request), and those used last stay for a while longer, so that
/// a reader can resume. Its lease is held as long, and given back by the next round of ``renewLeases()``.
final class SessionRegistry: Sendable {
    struct Entry {
        let lease: Lease
        /// The ``Moment/uptime`` from which others may have it.
        var end: Duration
        weak var session: LiveSession?
    }

    struct State {
        /// By session: all leases that are held.
        var entries: [String: Entry] = [:] {
            didSet { RuntimeMetrics.shared.sessionsOpen.set(entries.count) }
        }
        /// The sessions used last, each with the number of its last use.
        var recent: [String: (session: LiveSession, use: UInt64)] = [:]
        var uses: UInt64 = 0
        /// Whether no more leases are taken.
        var hasEnded = false
    }

    /// What became of a wish to have a session.
    enum Opening {
        case here(LiveSession)
        case elsewhere(LeaseHolder)
        /// There is no such session.
        case missing
        /// Nobody has it that could be asked, and it may not be taken.
        case unavailable
    }

    /// The leases cannot be asked about.
    struct LeasesUnreachable: Error, CustomStringConvertible {
        let cause: any Error

        var description: String { "the leases cannot be reached: \(cause)" }
    }

    let environment: SessionEnvironment
    let leases: any LeaseKeeper
    /// This replica, as its leases name it.
    let name: ReplicaName
    let state = Mutex(State())
    /// Taking a session's lease and giving it back, one after the other.
    let gate = KeyedGate()

    init(environment: SessionEnvironment, replica: RuntimeReplica) {
        self.environment = environment
        leases = replica.leases
        name = ReplicaName(address: replica.address)
    }

    static func leaseName(of session: String) -> String { "session:\(session)" }

    var uptime: Duration { environment.clock.moment().uptime }

    // MARK: Having sessions

    /// The session of that id, when this replica has it in memory.
    func sessionInMemory(_ id: String) -> LiveSession? {
        let now = uptime
        return state.withLock { state in
            guard let entry = state.entries[id], entry.end > now, let session = entry.session else { return nil }
            use(session, &state)
            return session
        }
    }

    /// The session of that id, from memory or loaded under its lease.
    ///
    /// - Parameter mayTake: Whether a lease that nobody has is taken.
    /// - Throws: ``LeasesUnreachable``; ``SessionFenced``; what the repository throws.
    func open(_ id: String, mayTake: Bool) async throws -> Opening {
        if let session = sessionInMemory(id) { return .here(session) }
        return try await gate.pass(id) {
            if let session = sessionInMemory(id) { return .here(session) }
            // Whatever is left of it has to end before it begins anew.
            await dropExpiredLease(of: id)
            let lease: Lease
            if let held = state.withLock({ $0.entries[id]?.lease }) {
                lease = held
            } else {
                guard mayTake else { return .unavailable }
                switch try await take(id) {
                case .taken(let taken): lease = taken
                case .held(let holder): return .elsewhere(holder)
                case .refused: return .unavailable
                }
            }
            guard let claim = try await environment.repository.claim(id, fencingToken: lease.fencingToken) else { return .missing }
            if claim.hasInterrupted { RuntimeMetrics.shared.sessionsInterrupted.increment() }
            let session = LiveSession(claim.session, fencingToken: lease.fencingToken, environment: environment)
            let isKept = state.withLock { state in
                guard state.entries[id]?.lease == lease else { return false }
                state.entries[id]?.session = session
                use(session, &state)
                return true
            }
            return isKept ? .here(session) : .unavailable
        }
    }

    /// Forgets a session that has been deleted, and gives its lease back.
    func remove(_ id: String) async throws {
        state.withLock { $0.recent[id] = nil }
        try await giveBack(id) { _ in true }
    }

    private func use(_ session: LiveSession, _ state: inout State) {
        state.uses += 1
        state.recent[session.id] = (session, state.uses)
        let limit = max(1, environment.configuration.cachedSessions)
        guard state.recent.count > limit else { return }
        // A quarter at a time, so that the search for the oldest costs little a session.
        let oldest = state.recent.sorted { $0.value.use < $1.value.use }.prefix(max(1, limit / 4))
        for (id, _) in oldest { state.recent[id] = nil }
    }

    // MARK: Taking leases

    private enum Taking {
        case taken(Lease)
        case held(LeaseHolder)
        case refused
    }

    private func take(_ id: String) async throws -> Taking {
        do {
            let leaseName = Self.leaseName(of: id)
            if state.withLock({ $0.hasEnded }) { return try await leases.holder(of: leaseName).map(Taking.held) ?? .refused }
            let duration = environment.configuration.sessionLease
            // A second time when it ends between the two questions, or has to be given back first.
            for _ in 0..<2 {
                let end = uptime + duration
                if let lease = try await leases.acquire(leaseName, for: duration, holder: name.description) {
                    return try await keep(lease, of: id, until: end) ? .taken(lease) : .refused
                }
                guard let holder = try await leases.holder(of: leaseName) else { continue }
                guard holder.description == name.description else { return .held(holder) }
                // It was taken for somebody who went away meanwhile. Under a new one, nothing that is still under way can be written.
                try await leases.release(Lease(name: leaseName, fencingToken: holder.fencingToken))
            }
            return .refused
        } catch let error as CancellationError {
            throw error
        } catch {
            throw LeasesUnreachable(cause: error)
        }
    }

    /// - Returns: Whether it may be kept.
    private func keep(_ lease: Lease, of id: String, until end: Duration) async throws -> Bool {
        let isKept = state.withLock { state in
            guard !state.hasEnded else { return false }
            state.entries[id] = Entry(lease: lease, end: end)
            return true
        }
        if !isKept { try await leases.release(lease) }
        return isKept
    }
}
