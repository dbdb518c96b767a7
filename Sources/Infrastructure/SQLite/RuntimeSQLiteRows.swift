import APISupport
import GRDB
import RuntimeHandlers

extension Session {
    init(row: Row) throws {
        self.init(
            id: row["id"], owner: row["owner"], title: row["title"], agent: try row.value("agent", AgentType.init(rawValue:)),
            state: try row.value("state", Session.State.init(rawValue:)), createdAt: Timestamp(microseconds: row["created_at"]),
            lastActivity: Timestamp(microseconds: row["last_activity"]), messageCount: row["message_count"],
            switchCount: row["switch_count"]
        )
    }
}

extension Message {
    init(row: Row) throws {
        let stored: String? = row["tool_calls"]
        self.init(
            role: try row.value("role", Message.Role.init(rawValue:)), content: row["content"], name: row["name"],
            toolCallID: row["tool_call_id"], toolCalls: try stored.map { try StoredToolCalls(text: $0).calls } ?? [],
            createdAt: Timestamp(microseconds: row["created_at"])
        )
    }
}

extension AgentSwitch {
    init(row: Row) throws {
        self.init(
            from: try row.value("from_agent", AgentType.init(rawValue:)), to: try row.value("to_agent", AgentType.init(rawValue:)),
            reason: row["reason"], date: Timestamp(microseconds: row["switched_at"])
        )
    }
}

extension Row {
    /// A column's text as the value that it names.
    fileprivate func value<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        let text: String? = self[column]
        guard let text, let value = make(text) else {
            throw SQLiteFailure("The column \(column) holds no value that is known: \(text ?? "NULL")")
        }
        return value
    }
}
