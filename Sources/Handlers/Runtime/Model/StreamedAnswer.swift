import LLMProxyAPI

/// Puts a streamed answer together: the pieces of its tool calls, why it ended, and what it took.
struct StreamedAnswer {
    private struct Call {
        var id = ""
        var name = ""
        var arguments = ""
    }

    private let maximumBytes: Int
    /// By the index in the message; a stream may interleave the pieces of several calls.
    private var calls: [Int32: Call] = [:]
    private var bytes = 0
    private var finishReason: ModelEvent.FinishReason?
    private var usage: TokenUsage?

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Takes a chunk.
    ///
    /// - Returns: The text that it adds, if any.
    /// - Throws: ``ModelFailure`` when the tool calls are larger than the bound.
    mutating func add(_ chunk: Schemas.ChatCompletionChunk) throws(ModelFailure) -> String? {
        if let usage = chunk.usage { self.usage = TokenUsage(usage) }
        guard let choice = chunk.choices.first(where: { $0.index == 0 }) else { return nil }
        if let reason = choice.finishReason { finishReason = ModelEvent.FinishReason(reason) }
        for piece in choice.delta.toolCalls ?? [] { try add(piece) }
        return choice.delta.content.flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func add(_ piece: Schemas.ToolCallDelta) throws(ModelFailure) {
        bytes += (piece.id?.utf8.count ?? 0) + (piece.function?.name?.utf8.count ?? 0) + (piece.function?.arguments?.utf8.count ?? 0)
        guard bytes <= maximumBytes else { throw ModelFailure(.invalidOutput, message: "The model's answer is too long.") }
        var call = calls.removeValue(forKey: piece.index) ?? Call()
        // Some providers repeat id and name in every piece.
        if call.id.isEmpty, let id = piece.id { call.id = id }
        if call.name.isEmpty, let name = piece.function?.name { call.name = name }
        if let arguments = piece.function?.arguments { call.arguments += arguments }
        calls[piece.index] = call
    }

    /// The stream has ended: the events that are left, the tool calls in their order first.
    ///
    /// - Throws: ``ModelFailure`` when the stream ended before the answer did.
    func end() throws(ModelFailure) -> [ModelEvent] {
        guard let finishReason else { throw ModelFailure(.unavailable, message: "The model's answer broke off.") }
        var events = calls.sorted { $0.key < $1.key }.map { _, call in
            ModelEvent.toolCall(id: call.id, name: call.name, arguments: call.arguments)
        }
        events.append(.finished(finishReason, usage: usage))
        return events
    }
}

extension ModelEvent.FinishReason {
    init(_ reason: Schemas.FinishReason) {
        switch reason {
        case .stop, .unknown: self = .stop
        case .length: self = .length
        case .toolCalls: self = .toolCalls
        case .contentFilter: self = .contentFilter
        }
    }
}

extension TokenUsage {
    init(_ usage: Schemas.Usage) { self.init(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens) }
}
