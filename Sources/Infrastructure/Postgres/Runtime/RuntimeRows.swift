internal import APISupport
internal import PostgresClient
internal import RuntimeHandlers

extension Session {
    init(row: PostgresRow) throws {
        self.init(
            id: try row.decode("id"), owner: try row.decode("owner"), title: try row.decode("title"),
            agent: try row.value("agent", AgentType.init(rawValue:)), state: try row.value("state", Session.State.init(rawValue:)),
            createdAt: try row.timestamp("created_at"), lastActivity: try row.timestamp("last_activity"),
            messageCount: try row.decode("message_count"), switchCount: try row.decode("switch_count"))
    }
}

extension Message {
    init(row: PostgresRow) throws {
        self.init(
            role: try row.value("role", Message.Role.init(rawValue:)), content: try row.decode("content"), name: try row.decode("name"),
            toolCallID: try row.decode("tool_call_id"),
            toolCalls: try row.decode("tool_calls", as: String?.self).map { try StoredToolCalls(text: $0).calls } ?? [],
            createdAt: try row.timestamp("created_at"))
    }
}

extension AgentSwitch {
    init(row: PostgresRow) throws {
        self.init(
            from: try row.value("from_agent", AgentType.init(rawValue:)), to: try row.value("to_agent", AgentType.init(rawValue:)),
            reason: try row.decode("reason"), date: try row.timestamp("switched_at"))
    }
}

extension PostgresRow {
    /// A column's text as the value that it names.
    fileprivate func value<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        let text: String = try decode(column)
        guard let value = make(text) else { throw PostgresError(.decoding, "The column \(column) holds no value that is known: \(text)") }
        return value
    }

    fileprivate func timestamp(_ column: String) throws -> Timestamp {
        Timestamp(microseconds: try decode(column, as: PostgresTimestamp.self).microsecondsSince1970)
    }
}

extension Timestamp {
    var postgres: PostgresTimestamp { PostgresTimestamp(microsecondsSince1970: microseconds) }
}
