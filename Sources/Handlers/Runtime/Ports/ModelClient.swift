/// The language model.
public protocol ModelClient: Sendable {
    /// Asks the model for its next message and hands over what comes, as it comes.
    ///
    /// The next event is read only after `receive` returned: a slow receiver slows the model down instead of filling a buffer.
    /// The last event of a complete answer is ``ModelEvent/finished(_:usage:)``. Cancelling the task stops the call.
    /// - Throws: ``ModelFailure`` when there is no complete answer; what `receive` throws; `CancellationError`.
    func respond(to request: ModelRequest, receive: @Sendable (ModelEvent) async throws -> Void) async throws
}

/// What a model is asked.
public struct ModelRequest: Sendable {
    /// The model's name.
    public let model: String
    /// What the agent is told about itself.
    public let systemPrompt: String
    /// The conversation, oldest first.
    public let messages: ArraySlice<Message>
    /// The tools that it may call.
    public let tools: [OfferedTool]
    /// The user's id, for the provider's abuse detection.
    public let user: String

    public init(model: String, systemPrompt: String, messages: ArraySlice<Message>, tools: [OfferedTool], user: String) {
        self.model = model
        self.systemPrompt = systemPrompt
        self.messages = messages
        self.tools = tools
        self.user = user
    }
}

/// A piece of a model's answer.
public enum ModelEvent: Sendable, Equatable {
    /// Text to append.
    case textDelta(String)
    /// A whole call; the arguments are JSON text and may be invalid.
    case toolCall(id: String, name: String, arguments: String)
    /// The answer is complete.
    case finished(FinishReason, usage: TokenUsage?)

    /// Why the model stopped.
    public enum FinishReason: Sendable, Equatable {
        case stop
        case toolCalls
        /// The provider's limit of tokens was reached.
        case length
        /// The provider withheld the answer.
        case contentFilter
    }
}

/// Tokens that a model took.
public struct TokenUsage: Sendable, Equatable {
    public var promptTokens: Int64
    public var completionTokens: Int64

    public init(promptTokens: Int64, completionTokens: Int64) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    /// Both.
    public var totalTokens: Int64 { promptTokens.saturatingSum(completionTokens) }

    /// Adds the tokens of another call. Figures come from outside: a sum that does not fit stays at the largest number.
    mutating func add(_ other: TokenUsage) {
        promptTokens = promptTokens.saturatingSum(other.promptTokens)
        completionTokens = completionTokens.saturatingSum(other.completionTokens)
    }
}

extension Int64 {
    fileprivate func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
