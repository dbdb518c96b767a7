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

    public func delete(_ id: String, of owner: String) async throws -> Bool {
        records.withLock { records in
            guard records[id]?.session.owner == owner else { return false }
            records[id] = nil
            return true
        }
    }

    public func record(_ change: SessionChange, in id: String) async throws {
        try records.withLock { records in
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

    public func interruptRunningSessions() async throws -> Int {
        records.withLock { records in
            let running = records.filter { $0.value.session.state == .running }.map(\.key)
            for id in running { records[id]?.session.state = .interrupted }
            return running.count
        }
    }
}

extension MemorySessionRepository.Record {
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
