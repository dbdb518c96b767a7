public import PostgresClient
public import RuntimeHandlers

/// Sessions in PostgreSQL, whose tables have been brought up to date.
///
/// Methods throw ``PostgresError`` when the database fails or holds what cannot be read, and `CancellationError` when the task is cancelled.
public struct PostgresSessionRepository: SessionRepository {
    let pool: PostgresPool
    public let bell: OutboxBell

    /// - Parameter bell: Rung when events have been stored.
    public init(_ pool: PostgresPool, bell: OutboxBell = OutboxBell()) {
        self.pool = pool
        self.bell = bell
    }

    public func create(_ session: Session, events: [DomainEvent]) async throws {
        let insertion: PostgresQuery =
            """
            INSERT INTO runtime_session (id, owner, title, agent, state, created_at, last_activity, message_count, switch_count)
            VALUES (\(session.id), \(session.owner), \(session.title), \(session.agent.rawValue), \(session.state.rawValue),
                \(session.createdAt.postgres), \(session.lastActivity.postgres), \(session.messageCount), \(session.switchCount))
            """
        try await pool.batch([insertion] + Self.outboxInsertions(of: events.map { try $0.cloudEvent() }))
        ring(events)
    }

    public func session(_ id: String, of owner: String) async throws -> Session? {
        try await pool.query("SELECT * FROM runtime_session WHERE id = \(id) AND owner = \(owner)").first.map(Session.init(row:))
    }

    public func sessions(of owner: String, limit: Int, offset: Int) async throws -> (page: [Session], total: Int) {
        let results = try await pool.batch([
            "SELECT * FROM runtime_session WHERE owner = \(owner) ORDER BY last_activity DESC, id LIMIT \(limit) OFFSET \(offset)",
            "SELECT count(*) FROM runtime_session WHERE owner = \(owner)",
        ])
        return (try results[0].map(Session.init(row:)), try results[1][0].decode(Int.self))
    }

    public func rename(_ id: String, of owner: String, to title: String, events: [DomainEvent]) async throws -> Session? {
        let session = try await pool.transaction { transaction in
            let row = try await transaction.query(
                "UPDATE runtime_session SET title = \(title) WHERE id = \(id) AND owner = \(owner) RETURNING *"
            ).first
            if row != nil { _ = try await transaction.batch(Self.outboxInsertions(of: events.map { try $0.cloudEvent() })) }
            return try row.map(Session.init(row:))
        }
        ring(events)
        return session
    }

    public func delete(_ id: String, of owner: String, fencingToken: Int64, events: [DomainEvent]) async throws -> Bool {
        let wasThere = try await pool.transaction { transaction in
            let deletion = try await transaction.query(
                "DELETE FROM runtime_session WHERE id = \(id) AND owner = \(owner) AND fencing_token <= \(fencingToken)")
            guard deletion.affectedRows > 0 else { return false }
            _ = try await transaction.batch(Self.outboxInsertions(of: events.map { try $0.cloudEvent() }))
            return true
        }
        if wasThere {
            ring(events)
            return true
        }
        guard try await session(id, of: owner) != nil else { return false }
        throw SessionFenced(id: id, fencingToken: fencingToken)
    }

    public func claim(_ id: String, fencingToken: Int64) async throws -> SessionClaim? {
        let claimed = try await pool.query(
            """
            WITH before AS (SELECT id, state FROM runtime_session WHERE id = \(id) AND fencing_token <= \(fencingToken) FOR UPDATE)
            UPDATE runtime_session AS session SET
                fencing_token = \(fencingToken), state = CASE before.state WHEN 'running' THEN 'interrupted' ELSE before.state END
            FROM before WHERE session.id = before.id RETURNING session.*, before.state = 'running' AS was_running
            """
        ).first
        if let claimed { return SessionClaim(try Session(row: claimed), hasInterrupted: try claimed.decode("was_running", as: Bool.self)) }
        guard try await pool.query("SELECT 1 FROM runtime_session WHERE id = \(id)").first != nil else { return nil }
        throw SessionFenced(id: id, fencingToken: fencingToken)
    }

    public func record(_ change: SessionChange, in id: String, fencingToken: Int64) async throws {
        try await pool.transaction { transaction in
            // Locks the session's row: changes of one session come one after the other.
            let counts = try await transaction.query(
                """
                UPDATE runtime_session SET
                    agent = COALESCE(\(change.switches.last?.to.rawValue), agent), state = COALESCE(\(change.state?.rawValue), state),
                    title = COALESCE(title, \(change.titleIfNone)), last_activity = \(change.date.postgres),
                    message_count = message_count + \(change.messages.count), switch_count = switch_count + \(change.switches.count),
                    fencing_token = \(fencingToken)
                WHERE id = \(id) AND fencing_token <= \(fencingToken) RETURNING message_count, switch_count
                """
            ).first?.decode(Int.self, Int.self)
            guard let counts else {
                guard try await transaction.query("SELECT 1 FROM runtime_session WHERE id = \(id)").first != nil else {
                    throw SessionMissing(id: id)
                }
                throw SessionFenced(id: id, fencingToken: fencingToken)
            }
            let messages = change.messages.enumerated().map {
                Self.insertion(of: $0.element, at: counts.0 - change.messages.count + $0.offset, in: id)
            }
            let switches = change.switches.enumerated().map {
                Self.insertion(of: $0.element, at: counts.1 - change.switches.count + $0.offset, in: id)
            }
            let events = try change.outboxEvents(firstMessageAt: counts.0 - change.messages.count)
            _ = try await transaction.batch(messages + switches + Self.outboxInsertions(of: events))
        }
        ring(change.events)
    }

    public func messages(in id: String, latest limit: Int) async throws -> [Message] {
        try await pool.query("SELECT * FROM runtime_message WHERE session_id = \(id) ORDER BY position DESC LIMIT \(limit)")
            .reversed().map(Message.init(row:))
    }

    public func switches(in id: String, latest limit: Int) async throws -> [AgentSwitch] {
        try await pool.query("SELECT * FROM runtime_agent_switch WHERE session_id = \(id) ORDER BY position DESC LIMIT \(limit)")
            .reversed().map(AgentSwitch.init(row:))
    }

    public func runningSessions(after id: String?, limit: Int) async throws -> [String] {
        try await pool.query("SELECT id FROM runtime_session WHERE state = 'running' AND id > \(id ?? "") ORDER BY id LIMIT \(limit)")
            .map { try $0.decode(String.self) }
    }

    private static func insertion(of message: Message, at position: Int, in id: String) -> PostgresQuery {
        let calls = message.toolCalls.isEmpty ? nil : StoredToolCalls(message.toolCalls).text
        return """
            INSERT INTO runtime_message (session_id, position, role, content, name, tool_call_id, tool_calls, created_at)
            VALUES (\(id), \(position), \(message.role.rawValue), \(message.content), \(message.name), \(message.toolCallID), \(calls),
                \(message.createdAt.postgres))
            """
    }

    private static func insertion(of change: AgentSwitch, at position: Int, in id: String) -> PostgresQuery {
        """
        INSERT INTO runtime_agent_switch (session_id, position, from_agent, to_agent, reason, switched_at)
        VALUES (\(id), \(position), \(change.from.rawValue), \(change.to.rawValue), \(change.reason), \(change.date.postgres))
        """
    }
}
