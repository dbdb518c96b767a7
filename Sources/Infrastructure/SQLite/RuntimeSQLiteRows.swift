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

/// An assistant's tool calls as the text of their column: `[[id, name, arguments], …]`.
struct StoredToolCalls {
    let calls: [ToolCall]

    init(_ calls: [ToolCall]) { self.calls = calls }

    init(text: String) throws {
        let rows: [[String]]
        do {
            rows = try JSONReader.decode([[String]].self, from: Array(text.utf8))
        } catch {
            throw SQLiteFailure("Stored tool calls cannot be read", cause: error)
        }
        calls = try rows.map { row in
            guard row.count == 3 else { throw SQLiteFailure("A stored tool call has \(row.count) members") }
            return ToolCall(id: row[0], name: row[1], arguments: row[2])
        }
    }

    var text: String { String(decoding: JSONWriter.encode(calls.map { [$0.id, $0.name, $0.arguments] }), as: UTF8.self) }
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

extension Timestamp {
    /// Since 1970; finer digits are cut off.
    var microseconds: Int64 { secondsSinceEpoch * 1_000_000 + Int64(nanoseconds) / 1000 }

    init(microseconds: Int64) {
        let remainder = microseconds % 1_000_000
        let seconds = microseconds / 1_000_000 - (remainder < 0 ? 1 : 0)
        self.init(secondsSinceEpoch: seconds, nanoseconds: Int32(remainder < 0 ? remainder + 1_000_000 : remainder) * 1000)
    }
}
