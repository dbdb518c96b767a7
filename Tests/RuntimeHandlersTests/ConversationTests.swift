import APISupport
import Testing

@testable import RuntimeHandlers

@Suite("What a model is shown of a history")
struct ConversationTests {
    private let date = Timestamp(secondsSinceEpoch: 0)

    private func user(_ text: String) -> Message { Message(role: .user, content: text, createdAt: date) }
    private func answer(_ text: String) -> Message { Message(role: .assistant, content: text, createdAt: date) }
    private func calls(_ ids: String...) -> Message {
        Message(
            role: .assistant, content: nil, toolCalls: ids.map { ToolCall(id: $0, name: "read_file", arguments: "{}") }, createdAt: date
        )
    }
    private func result(_ id: String) -> Message { Message(role: .tool, content: "r", toolCallID: id, createdAt: date) }

    @Test("Calls without an answer are found, in the last assistant's message only")
    func unanswered() {
        #expect(Conversation.unansweredCalls(in: []).isEmpty)
        #expect(Conversation.unansweredCalls(in: [user("a"), answer("b")]).isEmpty)
        #expect(Conversation.unansweredCalls(in: [user("a"), calls("1", "2", "3"), result("2")]).map(\.id) == ["1", "3"])
        #expect(Conversation.unansweredCalls(in: [user("a"), calls("1"), result("1"), answer("x"), user("b")]).isEmpty)
    }

    @Test("The window starts with a user's message")
    func window() {
        let messages = [user("1"), answer("1"), user("2"), calls("a"), result("a"), answer("2")]
        #expect(Array(Conversation.window(of: messages, maximumCount: 100, maximumBytes: 10_000)) == messages)
        #expect(Array(Conversation.window(of: messages, maximumCount: 5, maximumBytes: 10_000)) == Array(messages[2...]))
    }

    @Test("Of a turn longer than the bounds its user's message stays, and no result without its call")
    func longTurn() {
        let messages = [user("1"), calls("a"), result("a"), calls("b"), result("b")]
        #expect(Array(Conversation.window(of: messages, maximumCount: 3, maximumBytes: 10_000)) == [user("1"), calls("b"), result("b")])
        #expect(Array(Conversation.window(of: messages, maximumCount: 100, maximumBytes: 1)) == [user("1")])
    }
}
