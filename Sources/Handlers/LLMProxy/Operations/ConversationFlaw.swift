import LLMProxyAPI

/// What is wrong with a conversation beyond what its schema says.
struct ConversationFlaw: Equatable {
    /// The member, in OpenAI's notation.
    var param: String
    var message: String

    /// The first flaw; nil when upstreams can take the conversation.
    static func first(in messages: [Schemas.ChatMessage]) -> ConversationFlaw? {
        for (index, message) in messages.enumerated() {
            let place = "messages[\(index)]"
            switch message.role {
            case .tool where message.toolCallID == nil:
                return ConversationFlaw(param: "\(place).tool_call_id", message: "A tool's message must name the call that it answers.")
            case .assistant where message.content == nil && (message.toolCalls ?? []).isEmpty:
                return ConversationFlaw(param: "\(place).content", message: "An assistant's message must have content or tool calls.")
            case .system, .developer, .user, .tool:
                if message.content == nil { return ConversationFlaw(param: "\(place).content", message: "The message must have content.") }
            case .assistant:
                continue
            }
        }
        return nil
    }
}
