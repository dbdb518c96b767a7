import APISupport
public import RuntimeHandlers
import Synchronization

/// Sessions in the memory of the process: they end with it.
///
/// It keeps the same promises as the stores on disk, and serves tests and services that need nothing to outlive them.
public final class MemorySessionRepository: SessionRepository {
    fileprivate struct Record {
        var session: Session
        var messages: [Message] = []
        var switches: [AgentSwitch] = []
        var fencingToken: Int64 = 0
    }

    private let records = Mutex<[String: Record]>([:])

    /// An empty store.
    public init() {}

    public func create(_ session: Session) async throws {
        records.withLock { $0[session.id] = Record(session: session) }
    }

    public func session(_ id: String, of owner: String) async throws -> Session? {
        records.withLock { records in
            guard let session = records[id]?.session, session.owner == owner else { return nil }
            return session
        }
    }

    public func sessions(of owner: String, limit: Int, offset: Int) async throws -> (page: [Session], total: Int) {
        let all = records.withLock { $0.values.lazy.map(\.session).filter { $0.owner == owner } }
        let sorted = all.sorted { ($1.lastActivity, $0.id) < ($0.lastActivity, $1.id) }
        return (Array(sorted.dropFirst(offset).prefix(limit)), sorted.count)
    }

    public func rename(_ id: String, of owner: String, to title: String) async throws -> Session? {
        records.withLock { records in
            guard records[id]?.session.owner == owner else { return nil }
            records[id]?.session.title = title
            return records[id]?.session
        }
    }

    public func delete(_ id: String, of owner: String, fencingToken: Int64) async throws -> Bool {
        try records.withLock { records in
            guard records[id]?.session.owner == owner else { return false }
            try records[id]?.admit(fencingToken)
            records[id] = nil
            return true
        }
    }

    public func claim(_ id: String, fencingToken: Int64) async throws -> Session? {
        try records.withLock { records in
            try records[id]?.admit(fencingToken)
            if records[id]?.session.state == .running { records[id]?.session.state = .interrupted }
            return records[id]?.session
        }
    }

    public func record(_ change: SessionChange, in id: String, fencingToken: Int64) async throws {
        try records.withLock { records in
            try records[id]?.admit(fencingToken)
            // In place: a copy would copy the whole history.
            guard records[id]?.apply(change) != nil else { throw SessionMissing(id: id) }
        }
    }

    public func messages(in id: String, latest limit: Int) async throws -> [Message] {
        records.withLock { Array($0[id]?.messages.suffix(limit) ?? []) }
    }

    public func switches(in id: String, latest limit: Int) async throws -> [AgentSwitch] {
        records.withLock { Array($0[id]?.switches.suffix(limit) ?? []) }
    }

    public func runningSessions(after id: String?, limit: Int) async throws -> [String] {
        let running = records.withLock { $0.filter { $0.value.session.state == .running }.map(\.key) }
        return Array(running.filter { $0 > id ?? "" }.sorted().prefix(limit))
    }
}

extension MemorySessionRepository.Record {
    fileprivate mutating func admit(_ token: Int64) throws(SessionFenced) {
        guard token >= fencingToken else { throw SessionFenced(id: session.id, fencingToken: token) }
        fencingToken = token
    }

    fileprivate mutating func apply(_ change: SessionChange) {
        messages += change.messages
        switches += change.switches
        session.messageCount = messages.count
        session.switchCount = switches.count
        session.lastActivity = change.date
        if let target = change.switches.last?.to { session.agent = target }
        if let state = change.state { session.state = state }
        if session.title == nil { session.title = change.titleIfNone }
    }
}
