/// A model's complete message: its text apart, which has been taken piece by piece.
struct ModelAnswer: Sendable, Equatable {
    var toolCalls: [ToolCall]
    var finishReason: ModelEvent.FinishReason
    var usage: TokenUsage?

    init(toolCalls: [ToolCall] = [], finishReason: ModelEvent.FinishReason = .stop, usage: TokenUsage? = nil) {
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.usage = usage
    }
}
