public import APISupport

/// One message of a session's history, with the members of OpenAI's chat completions.
public struct Message: Sendable, Equatable {
    /// Who says it.
    public enum Role: String, Sendable {
        case user
        case assistant
        case tool
    }

    public let role: Role
    /// The text; nil for an assistant's message that only calls tools.
    public let content: String?
    /// Of a tool's message the tool, of an assistant's the agent.
    public let name: String?
    /// Of a tool's message, the call that it answers.
    public let toolCallID: String?
    /// Of an assistant's message, the calls that it makes.
    public let toolCalls: [ToolCall]
    public let createdAt: Timestamp

    /// A NUL in a text becomes U+FFFD; databases hold none.
    public init(
        role: Role, content: String?, name: String? = nil, toolCallID: String? = nil, toolCalls: [ToolCall] = [], createdAt: Timestamp
    ) {
        self.role = role
        self.content = content?.storable
        self.name = name?.storable
        self.toolCallID = toolCallID
        self.toolCalls = toolCalls
        self.createdAt = createdAt
    }
}

/// A model's call of a tool, as the model wrote it.
public struct ToolCall: Sendable, Equatable {
    /// Unique in its session.
    public let id: String
    public let name: String
    /// JSON text; not necessarily valid.
    public let arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
