public import LLMProxyAPI
import APISupport

/// A provider without a model: it plays a ``ScenarioBook``. It needs no network and no time, gives the same answer to the same
/// conversation, and says in every answer that it is scripted: `model` is the scripted one's, `system_fingerprint` is `scripted`, and texts
/// open with the book's notice.
///
/// Tokens are counted as words between white space.
public struct ScriptedProvider: ChatProvider {
    public let name = "codelab-scripted"
    private let book: ScenarioBook

    public init(_ book: ScenarioBook) { self.book = book }

    public var models: [String] { book.models }

    public func complete(_ request: Schemas.ChatCompletionRequest) async throws -> ChunkSequence {
        let conversation = Conversation(request)
        let step = book.step(for: conversation)
        if let failure = step.failure, failure.afterDeltas == nil { throw ProviderFailure(failure) }
        let answer = ScriptedAnswer(step, notice: book.notice, conversation: conversation)
        let usage = step.usage.map { Schemas.Usage($0) } ?? Schemas.Usage(request: request, answer: answer)
        return ScriptedChunks(answer: answer, model: request.model, usage: usage, failure: step.failure)
    }
}

/// A step with its places filled in.
struct ScriptedAnswer: Sendable {
    var text: String
    var toolCalls: [Schemas.ToolCall]
    var finishReason: Schemas.FinishReason

    init(_ step: ScenarioStep, notice: String, conversation: Conversation) {
        text = step.text.map { notice + $0.render(conversation) } ?? ""
        toolCalls = step.toolCalls.map { call in
            let arguments = String(decoding: JSONWriter.encode(call.arguments.render(conversation)), as: UTF8.self)
            return Schemas.ToolCall(
                id: ScriptedCallID.make(label: call.label), function: Schemas.FunctionCall(name: call.name, arguments: arguments))
        }
        finishReason = step.finishReason.map { Schemas.FinishReason(rawValue: $0) } ?? (step.toolCalls.isEmpty ? .stop : .toolCalls)
    }
}

extension ProviderFailure {
    /// A failure that the script simulates.
    init(_ failure: ScriptedFailure) {
        self.init(
            Code(upstreamStatus: failure.status), "The script answered \(failure.status): \(failure.message)",
            upstreamStatus: failure.status,
            retryAfter: failure.retryAfter)
    }
}

extension Schemas.Usage {
    fileprivate init(_ usage: ScriptedUsage) { self.init(prompt: usage.promptTokens, completion: usage.completionTokens) }

    fileprivate init(request: Schemas.ChatCompletionRequest, answer: ScriptedAnswer) {
        let prompt = request.messages.reduce(0) { $0 + WordCount.of($1.content ?? "") }
        let completion = answer.toolCalls.reduce(WordCount.of(answer.text)) { $0 + WordCount.of($1.function.arguments) }
        self.init(prompt: prompt, completion: completion)
    }

    private init(prompt: Int64, completion: Int64) {
        self.init(promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion)
    }
}

/// Counts words: runs of bytes that are not ASCII white space.
enum WordCount {
    static func of(_ text: String) -> Int64 {
        var count: Int64 = 0
        var isInWord = false
        for byte in text.utf8 {
            let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
            if !isSpace, !isInWord { count += 1 }
            isInWord = !isSpace
        }
        return count
    }
}
