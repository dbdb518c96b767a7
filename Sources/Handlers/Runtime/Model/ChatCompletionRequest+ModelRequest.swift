import APISupport
import LLMProxyAPI

extension Schemas.ChatCompletionRequest {
    /// A request in OpenAI's form, streamed, with the usage at its end.
    init(_ request: ModelRequest) {
        let system = Schemas.ChatMessage(role: .system, content: request.systemPrompt)
        self.init(
            model: request.model, messages: [system] + request.messages.map { Schemas.ChatMessage($0) },
            tools: request.tools.isEmpty ? nil : request.tools.map { Schemas.Tool($0) }, user: request.user, stream: true,
            streamOptions: Schemas.StreamOptions(includeUsage: true)
        )
    }
}

extension Schemas.ChatMessage {
    fileprivate init(_ message: Message) {
        switch message.role {
        case .user:
            self.init(role: .user, content: message.content)
        case .assistant:
            let calls = message.toolCalls.map {
                Schemas.ToolCall(id: $0.id, function: Schemas.FunctionCall(name: $0.name, arguments: $0.arguments))
            }
            self.init(role: .assistant, content: message.content, toolCalls: calls.isEmpty ? nil : calls)
        case .tool:
            self.init(role: .tool, content: message.content, toolCallID: message.toolCallID)
        }
    }
}

extension Schemas.Tool {
    fileprivate init(_ tool: OfferedTool) {
        self.init(
            function: Schemas.FunctionDefinition(name: tool.name, description: tool.description, parameters: tool.parameters)
        )
    }
}
