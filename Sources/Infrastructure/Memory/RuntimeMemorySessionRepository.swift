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
    /// Locked within the lock of `records`, where both are.
    let outbox = Mutex(MemoryOutbox())
    public let bell: OutboxBell

    /// An empty store.
    ///
    /// - Parameter bell: Rung when events have been stored.
    public init(bell: OutboxBell = OutboxBell()) { self.bell = bell }

    public func create(_ session: Session, events: [DomainEvent]) async throws {
        let events = try events.map { try $0.cloudEvent() }
        records.withLock { records in
            records[session.id] = Record(session: session)
            keep(events)
        }
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

    public func rename(_ id: String, of owner: String, to title: String, events: [DomainEvent]) async throws -> Session? {
        let events = try events.map { try $0.cloudEvent() }
        return records.withLock { records in
            guard records[id]?.session.owner == owner else { return nil }
            records[id]?.session.title = title
            keep(events)
            return records[id]?.session
        }
    }

    public func delete(_ id: String, of owner: String, fencingToken: Int64, events: [DomainEvent]) async throws -> Bool {
        let events = try events.map { try $0.cloudEvent() }
        return try records.withLock { records in
            guard records[id]?.session.owner == owner else { return false }
            try records[id]?.admit(fencingToken)
            records[id] = nil
            keep(events)
            return true
        }
    }

    public func claim(_ id: String, fencingToken: Int64) async throws -> SessionClaim? {
        try records.withLock { records in
            try records[id]?.admit(fencingToken)
            let isRunning = records[id]?.session.state == .running
            if isRunning { records[id]?.session.state = .interrupted }
            return records[id].map { SessionClaim($0.session, hasInterrupted: isRunning) }
        }
    }

    public func record(_ change: SessionChange, in id: String, fencingToken: Int64) async throws {
        try records.withLock { records in
            try records[id]?.admit(fencingToken)
            guard let position = records[id]?.messages.count else { throw SessionMissing(id: id) }
            let events = try change.outboxEvents(firstMessageAt: position)
            // In place: a copy would copy the whole history.
            records[id]?.apply(change)
            keep(events)
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
