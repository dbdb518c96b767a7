import APISupport
import LLMProxyAPI

/// A scripted answer as chunks: the role, the text word by word, the tool calls, the finish reason, the usage.
struct ScriptedChunks: AsyncSequence, Sendable {
    let answer: ScriptedAnswer
    let model: String
    let usage: Schemas.Usage
    let failure: ScriptedFailure?

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    struct Iterator: AsyncIteratorProtocol {
        private enum Phase {
            case role
            case text(rest: Substring, given: Int)
            case toolCall(Int)
            case finish, usage, done
        }

        private let chunks: ScriptedChunks
        private let id = "chatcmpl-" + String(UInt64.random(in: .min ... .max), radix: 36)
        private let created = Timestamp.now().secondsSinceEpoch
        private var phase = Phase.role

        init(_ chunks: ScriptedChunks) { self.chunks = chunks }

        mutating func next() async throws -> Schemas.ChatCompletionChunk? {
            try Task.checkCancellation()
            switch phase {
            case .role:
                phase = .text(rest: Substring(chunks.answer.text), given: 0)
                return chunk(Schemas.Delta(role: "assistant"))
            case .text(let rest, let given):
                if let failure = chunks.failure, let limit = failure.afterDeltas, given >= limit { throw ProviderFailure(failure) }
                guard !rest.isEmpty else {
                    phase = chunks.answer.toolCalls.isEmpty ? .finish : .toolCall(0)
                    return try await next()
                }
                let end = Self.endOfWord(rest)
                phase = .text(rest: rest[end...], given: given + 1)
                return chunk(Schemas.Delta(content: String(rest[..<end])))
            case .toolCall(let index):
                let call = chunks.answer.toolCalls[index]
                phase = index + 1 < chunks.answer.toolCalls.count ? .toolCall(index + 1) : .finish
                let delta = Schemas.ToolCallDelta(
                    index: Int32(index), id: call.id, type: "function",
                    function: Schemas.FunctionCallDelta(name: call.function.name, arguments: call.function.arguments))
                return chunk(Schemas.Delta(toolCalls: [delta]))
            case .finish:
                phase = .usage
                return chunk(Schemas.Delta(), finishReason: chunks.answer.finishReason)
            case .usage:
                phase = .done
                return chunk(choices: [], usage: chunks.usage)
            case .done:
                return nil
            }
        }

        /// Behind the first word and the white space that follows it.
        private static func endOfWord(_ text: Substring) -> Substring.Index {
            let space = text.firstIndex(where: \.isWhitespace) ?? text.endIndex
            return text[space...].firstIndex { !$0.isWhitespace } ?? text.endIndex
        }

        private func chunk(_ delta: Schemas.Delta, finishReason: Schemas.FinishReason? = nil) -> Schemas.ChatCompletionChunk {
            chunk(choices: [Schemas.ChunkChoice(index: 0, delta: delta, finishReason: finishReason)])
        }

        private func chunk(choices: [Schemas.ChunkChoice], usage: Schemas.Usage? = nil) -> Schemas.ChatCompletionChunk {
            Schemas.ChatCompletionChunk(
                id: id, created: created, model: chunks.model, choices: choices, usage: usage, systemFingerprint: "scripted")
        }
    }
}
