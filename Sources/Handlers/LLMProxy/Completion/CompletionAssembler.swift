import LLMProxyAPI

/// Puts the chunks of a streamed answer together to the whole one. A value type: feed it the chunks in order, then ask for the completion.
struct CompletionAssembler: Sendable {
    /// The chunks do not make an answer.
    struct Incomplete: Error, Equatable {
        var reason: String
    }

    private struct PartialCall {
        var id: String
        var name: String
        var arguments: String
    }

    private var head: Schemas.ChatCompletionChunk?
    private var text: String?
    private var calls: [Int32: PartialCall] = [:]
    private var finishReason: Schemas.FinishReason?
    private(set) var usage: Schemas.Usage?
    /// Bytes of text and arguments kept so far.
    private var size = 0
    private let sizeLimit: Int

    /// `sizeLimit`: the most bytes of text and arguments an answer may have.
    init(sizeLimit: Int) { self.sizeLimit = sizeLimit }

    /// Adds the next chunk. Only the first choice counts: the proxy asks for one.
    mutating func add(_ chunk: Schemas.ChatCompletionChunk) throws(Incomplete) {
        if head == nil { head = chunk }
        if let usage = chunk.usage { self.usage = usage }
        guard let choice = chunk.choices.first(where: { $0.index == 0 }) else { return }
        if let content = choice.delta.content {
            try grow(by: content.utf8.count)
            text = text ?? ""
            text?.append(content)
        }
        for delta in choice.delta.toolCalls ?? [] { try add(delta) }
        if let reason = choice.finishReason { finishReason = reason }
    }

    private mutating func add(_ delta: Schemas.ToolCallDelta) throws(Incomplete) {
        let arguments = delta.function?.arguments ?? ""
        try grow(by: arguments.utf8.count)
        // In place: a call's arguments come in many pieces, and a copy for each would cost their square.
        let none = PartialCall(id: "", name: "", arguments: "")
        calls[delta.index, default: none].arguments += arguments
        if let id = delta.id, !id.isEmpty { calls[delta.index]?.id = id }
        if let name = delta.function?.name, !name.isEmpty { calls[delta.index]?.name = name }
    }

    private mutating func grow(by count: Int) throws(Incomplete) {
        size += count
        if size > sizeLimit { throw Incomplete(reason: "the answer is larger than \(sizeLimit) bytes") }
    }

    /// The whole answer. `usage` of zero when the provider counted nothing. Throws when the chunks ended before the answer did.
    func completion() throws(Incomplete) -> Schemas.ChatCompletion {
        guard let head else { throw Incomplete(reason: "there was no chunk") }
        guard let finishReason else { throw Incomplete(reason: "the stream ended before the answer did") }
        var toolCalls: [Schemas.ToolCall] = []
        for (_, call) in calls.sorted(by: { $0.key < $1.key }) {
            guard !call.id.isEmpty, !call.name.isEmpty else { throw Incomplete(reason: "a tool call has no id or no name") }
            toolCalls.append(Schemas.ToolCall(id: call.id, function: Schemas.FunctionCall(name: call.name, arguments: call.arguments)))
        }
        // A text of no characters beside tool calls is no text: OpenAI answers null there.
        let content = text == "" && !toolCalls.isEmpty ? nil : text
        let message = Schemas.AssistantMessage(content: content, toolCalls: toolCalls.isEmpty ? nil : toolCalls)
        return Schemas.ChatCompletion(
            id: head.id, created: head.created, model: head.model,
            choices: [Schemas.Choice(index: 0, message: message, finishReason: finishReason)],
            usage: usage ?? Schemas.Usage(promptTokens: 0, completionTokens: 0, totalTokens: 0), systemFingerprint: head.systemFingerprint)
    }
}
