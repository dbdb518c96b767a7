import Synchronization

/// The sessions in memory: at most one ``LiveSession`` for each id at any time.
///
/// A session stays as long as somebody uses it (a turn, an event stream, a request), and those used last stay for a while longer, so that
/// a reader can resume. Whichever is not there is loaded.
final class SessionRegistry: Sendable {
    private struct Reference {
        weak var session: LiveSession?
    }

    private struct State {
        /// All sessions in memory.
        var references: [String: Reference] = [:]
        /// Those used last, each with the number of its last use.
        var recent: [String: (session: LiveSession, use: UInt64)] = [:]
        var uses: UInt64 = 0
    }

    private let environment: SessionEnvironment
    private let state = Mutex(State())

    init(environment: SessionEnvironment) { self.environment = environment }

    /// The owner's session, from memory or loaded; nil when the owner has none of that id.
    func session(_ id: String, of owner: String) async throws -> LiveSession? {
        if let session = sessionInMemory(id) { return session.owner == owner ? session : nil }
        guard let stored = try await environment.repository.session(id, of: owner) else { return nil }
        let loaded = LiveSession(stored, environment: environment)
        return state.withLock { state in
            // Somebody else may have loaded it meanwhile.
            let session = state.references[id]?.session ?? loaded
            use(session, &state)
            return session
        }
    }

    /// The session of that id, when it is in memory.
    func sessionInMemory(_ id: String) -> LiveSession? {
        state.withLock { state in
            guard let session = state.references[id]?.session else { return nil }
            use(session, &state)
            return session
        }
    }

    /// Forgets a session that has been deleted.
    func remove(_ id: String) {
        state.withLock { state in
            state.references[id] = nil
            state.recent[id] = nil
        }
    }

    /// Ends the event streams of all sessions, so that the service can stop.
    func closeEventStreams() {
        let sessions = state.withLock { $0.references.values.compactMap(\.session) }
        for session in sessions { session.events.close() }
    }

    private func use(_ session: LiveSession, _ state: inout State) {
        state.uses += 1
        state.references[session.id] = Reference(session: session)
        state.recent[session.id] = (session, state.uses)
        let limit = max(1, environment.configuration.cachedSessions)
        guard state.recent.count > limit else { return }
        // A quarter at a time, so that the search for the oldest costs little a session.
        let oldest = state.recent.sorted { $0.value.use < $1.value.use }.prefix(max(1, limit / 4))
        for (id, _) in oldest { state.recent[id] = nil }
        state.references = state.references.filter { $0.value.session != nil }
    }
}
