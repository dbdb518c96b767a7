import APISupport
import GRDB
public import RuntimeHandlers

extension SQLiteSessionRepository {
    public func record(_ change: SessionChange, in id: String, fencingToken: Int64) async throws {
        try await write { database in
            guard try Self.admit(fencingToken, to: id, in: database), let counts = try Self.applyToSession(change, id, in: database) else {
                throw SessionMissing(id: id)
            }
            try Self.insert(change.messages, from: counts.messages - change.messages.count, id, in: database)
            try Self.insert(change.switches, from: counts.switches - change.switches.count, id, in: database)
            try Self.insert(change.outboxEvents(firstMessageAt: counts.messages - change.messages.count), in: database)
        }
        ring(change.events)
    }

    public func claim(_ id: String, fencingToken: Int64) async throws -> SessionClaim? {
        try await write { database in
            guard try Self.admit(fencingToken, to: id, in: database) else { return nil }
            try database.cachedStatement(sql: "UPDATE runtime_session SET state = 'interrupted' WHERE id = ? AND state = 'running'")
                .execute(arguments: [id])
            let hasInterrupted = database.changesCount > 0
            return try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM runtime_session WHERE id = ?"), arguments: [id]
            ).map { SessionClaim(try Session(row: $0), hasInterrupted: hasInterrupted) }
        }
    }

    /// Keeps the token, unless the session has seen a larger one.
    ///
    /// - Returns: Whether there is such a session.
    static func admit(_ token: Int64, to id: String, in database: Database) throws -> Bool {
        let seen = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT fencing_token FROM runtime_session WHERE id = ?"), arguments: [id])
        guard let seen else { return false }
        guard token >= seen else { throw SessionFenced(id: id, fencingToken: token) }
        if token > seen {
            try database.cachedStatement(sql: "UPDATE runtime_session SET fencing_token = ? WHERE id = ?").execute(arguments: [token, id])
        }
        return true
    }

    /// Updates the session's row.
    ///
    /// - Returns: Its counts, with what is about to be added; nil when there is no such session.
    private static func applyToSession(
        _ change: SessionChange, _ id: String, in database: Database
    ) throws -> (messages: Int, switches: Int)? {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    UPDATE runtime_session SET
                        agent = COALESCE(?, agent), state = COALESCE(?, state), title = COALESCE(title, ?), last_activity = ?,
                        message_count = message_count + ?, switch_count = switch_count + ?
                    WHERE id = ? RETURNING message_count, switch_count
                    """
            ),
            arguments: [
                change.switches.last?.to.rawValue, change.state?.rawValue, change.titleIfNone, change.date.microseconds,
                change.messages.count, change.switches.count, id,
            ]
        )
        return row.map { ($0["message_count"], $0["switch_count"]) }
    }

    private static func insert(_ messages: [Message], from first: Int, _ id: String, in database: Database) throws {
        guard !messages.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO runtime_message (session_id, position, role, content, name, tool_call_id, tool_calls, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        for (offset, message) in messages.enumerated() {
            try statement.execute(arguments: [
                id, first + offset, message.role.rawValue, message.content, message.name, message.toolCallID,
                message.toolCalls.isEmpty ? nil : StoredToolCalls(message.toolCalls).text, message.createdAt.microseconds,
            ])
        }
    }

    private static func insert(_ switches: [AgentSwitch], from first: Int, _ id: String, in database: Database) throws {
        guard !switches.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO runtime_agent_switch (session_id, position, from_agent, to_agent, reason, switched_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        for (offset, change) in switches.enumerated() {
            try statement.execute(arguments: [
                id, first + offset, change.from.rawValue, change.to.rawValue, change.reason, change.date.microseconds,
            ])
        }
    }
}
