import APISupport
import GRDB
public import RuntimeHandlers

/// Sessions in a SQLite file, whose tables have been brought up to date.
///
/// Methods throw ``SQLiteFailure`` when the database fails or holds what cannot be read, and `CancellationError` when the task is cancelled.
public struct SQLiteSessionRepository: SessionRepository {
    private let database: SQLiteDatabase
    public let bell: OutboxBell

    /// - Parameter bell: Rung when events have been stored.
    public init(_ database: SQLiteDatabase, bell: OutboxBell = OutboxBell()) {
        self.database = database
        self.bell = bell
    }

    public func create(_ session: Session, events: [DomainEvent]) async throws {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO runtime_session (id, owner, title, agent, state, created_at, last_activity, message_count, switch_count)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(arguments: [
                session.id, session.owner, session.title, session.agent.rawValue, session.state.rawValue,
                session.createdAt.microseconds, session.lastActivity.microseconds, session.messageCount, session.switchCount,
            ])
            try Self.insert(events.map { try $0.cloudEvent() }, in: database)
        }
        ring(events)
    }

    public func session(_ id: String, of owner: String) async throws -> Session? {
        try await read { try Self.session(id, of: owner, in: $0) }
    }

    public func sessions(of owner: String, limit: Int, offset: Int) async throws -> (page: [Session], total: Int) {
        try await read { database in
            let page = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM runtime_session WHERE owner = ? ORDER BY last_activity DESC, id LIMIT ? OFFSET ?"
                ),
                arguments: [owner, limit, offset]
            )
            let total = try Int.fetchOne(
                database.cachedStatement(sql: "SELECT COUNT(*) FROM runtime_session WHERE owner = ?"), arguments: [owner]
            )
            return (try page.map(Session.init(row:)), total ?? 0)
        }
    }

    public func rename(_ id: String, of owner: String, to title: String, events: [DomainEvent]) async throws -> Session? {
        let session = try await write { database in
            try database.cachedStatement(sql: "UPDATE runtime_session SET title = ? WHERE id = ? AND owner = ?")
                .execute(arguments: [title, id, owner])
            if database.changesCount > 0 { try Self.insert(events.map { try $0.cloudEvent() }, in: database) }
            return try Self.session(id, of: owner, in: database)
        }
        ring(events)
        return session
    }

    public func delete(_ id: String, of owner: String, fencingToken: Int64, events: [DomainEvent]) async throws -> Bool {
        let wasThere = try await write { database in
            guard try Self.session(id, of: owner, in: database) != nil, try Self.admit(fencingToken, to: id, in: database) else {
                return false
            }
            try database.cachedStatement(sql: "DELETE FROM runtime_session WHERE id = ? AND owner = ?").execute(arguments: [id, owner])
            guard database.changesCount > 0 else { return false }
            try Self.insert(events.map { try $0.cloudEvent() }, in: database)
            return true
        }
        ring(events)
        return wasThere
    }

    public func messages(in id: String, latest limit: Int) async throws -> [Message] {
        try await read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM runtime_message WHERE session_id = ? ORDER BY position DESC LIMIT ?"),
                arguments: [id, limit]
            )
            return try rows.reversed().map(Message.init(row:))
        }
    }

    public func switches(in id: String, latest limit: Int) async throws -> [AgentSwitch] {
        try await read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM runtime_agent_switch WHERE session_id = ? ORDER BY position DESC LIMIT ?"),
                arguments: [id, limit]
            )
            return try rows.reversed().map(AgentSwitch.init(row:))
        }
    }

    public func runningSessions(after id: String?, limit: Int) async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: "SELECT id FROM runtime_session WHERE state = 'running' AND id > ? ORDER BY id LIMIT ?"
                ),
                arguments: [id ?? "", limit]
            )
        }
    }

    private static func session(_ id: String, of owner: String, in database: Database) throws -> Session? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM runtime_session WHERE id = ? AND owner = ?"), arguments: [id, owner]
        ).map(Session.init(row:))
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        try await mappingErrors { try await database.pool.read(body) }
    }

    func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        try await mappingErrors { try await database.pool.write(body) }
    }

    /// What the driver throws, as this module's error; what the port promises goes through.
    private func mappingErrors<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw SQLiteFailure("The sessions cannot be read or written", cause: error)
        }
    }
}
