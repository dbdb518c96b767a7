import APISupport
import LLMProxyAPI
import RuntimeHandlers
import Synchronization
import Testing

@Suite("The model behind the LLM proxy", .timeLimit(.minutes(1)))
struct LLMProxyModelClientTests {
    private let date = Timestamp(secondsSinceEpoch: 0)

    private var request: ModelRequest {
        let call = ToolCall(id: "c1", name: "read_file", arguments: #"{"path":"a"}"#)
        let messages = [
            Message(role: .user, content: "Hi", createdAt: date),
            Message(role: .assistant, content: nil, name: "coder", toolCalls: [call], createdAt: date),
            Message(role: .tool, content: "x", name: "read_file", toolCallID: "c1", createdAt: date),
        ]
        return ModelRequest(
            model: "m", systemPrompt: "You are.", messages: messages[...],
            tools: [OfferedTool(name: "read_file", description: "Reads.", parameters: ["type": "object"])], user: "u1"
        )
    }

    private func chunk(
        _ delta: Schemas.Delta, _ reason: Schemas.FinishReason? = nil, usage: Schemas.Usage? = nil
    ) -> Schemas.ChatCompletionChunk {
        Schemas.ChatCompletionChunk(
            id: "1", created: 0, model: "m", choices: [.init(index: 0, delta: delta, finishReason: reason)], usage: usage
        )
    }

    private func events(of fake: CompletionsFake, token: String = "t", maximumBytes: Int = 1000) async throws -> [ModelEvent] {
        let events = Mutex<[ModelEvent]>([])
        try await LLMProxyModelClient(fake.client(token: token), maximumAnswerBytes: maximumBytes).respond(to: request) { event in
            events.withLock { $0.append(event) }
        }
        return events.withLock(\.self)
    }

    private func failure(of fake: CompletionsFake, token: String = "t", maximumBytes: Int = 1000) async throws -> ModelFailure {
        try await #require(throws: ModelFailure.self) { try await events(of: fake, token: token, maximumBytes: maximumBytes) }
    }

    @Test("The conversation is asked for in OpenAI's form, streamed")
    func asking() async throws {
        let fake = CompletionsFake(chunks: [chunk(.init(content: "Hi"), .stop)])
        #expect(try await events(of: fake) == [.textDelta("Hi"), .finished(.stop, usage: nil)])
        let sent = try #require(fake.requests.first)
        #expect(sent.model == "m")
        #expect(sent.stream == true)
        #expect(sent.user == "u1")
        #expect(sent.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(sent.messages.map(\.content) == ["You are.", "Hi", nil, "x"])
        #expect(sent.messages[2].toolCalls?.first?.function.arguments == #"{"path":"a"}"#)
        #expect(sent.messages[3].toolCallID == "c1")
        #expect(sent.tools?.first?.function.parameters == ["type": "object"])
    }

    @Test("Interleaved pieces of tool calls are put together, in the model's order")
    func toolCalls() async throws {
        func piece(_ index: Int32, _ id: String? = nil, _ name: String? = nil, _ arguments: String? = nil) -> Schemas.Delta {
            .init(toolCalls: [.init(index: index, id: id, function: .init(name: name, arguments: arguments))])
        }
        let fake = CompletionsFake(chunks: [
            chunk(.init(role: "assistant", content: "")), chunk(piece(1, "b", "list_files", "{")),
            chunk(piece(0, "a", "read_file", #"{"p"#)),
            chunk(piece(1, nil, nil, "}")), chunk(piece(0, "a", "read_file", #"ath":"x"}"#)), chunk(.init(), .toolCalls),
            Schemas.ChatCompletionChunk(
                id: "1", created: 0, model: "m", choices: [], usage: .init(promptTokens: 1, completionTokens: 2, totalTokens: 3)
            ),
        ])
        #expect(
            try await events(of: fake) == [
                .toolCall(id: "a", name: "read_file", arguments: #"{"path":"x"}"#),
                .toolCall(id: "b", name: "list_files", arguments: "{}"),
                .finished(.toolCalls, usage: TokenUsage(promptTokens: 1, completionTokens: 2)),
            ]
        )
    }

    @Test("A whole completion is taken too")
    func whole() async throws {
        let call = Schemas.ToolCall(id: "a", function: .init(name: "read_file", arguments: "{}"))
        let completion = Schemas.ChatCompletion(
            id: "1", created: 0, model: "m",
            choices: [.init(index: 0, message: .init(content: "Look", toolCalls: [call]), finishReason: .toolCalls)],
            usage: .init(promptTokens: 1, completionTokens: 1, totalTokens: 2)
        )
        let fake = CompletionsFake { .ok(.init(body: .json(completion))) }
        #expect(
            try await events(of: fake) == [
                .textDelta("Look"), .toolCall(id: "a", name: "read_file", arguments: "{}"),
                .finished(.toolCalls, usage: TokenUsage(promptTokens: 1, completionTokens: 1)),
            ]
        )
    }

    @Test("A stream that ends before its answer, and one that is too long, are failures")
    func broken() async throws {
        let broken = CompletionsFake(chunks: [chunk(.init(content: "Hi"))])
        #expect(try await failure(of: broken).code == .unavailable)
        let arguments = Schemas.FunctionCallDelta(name: "f", arguments: String(repeating: "x", count: 2000))
        let long = CompletionsFake(chunks: [chunk(.init(toolCalls: [.init(index: 0, id: "a", function: arguments)]), .stop)])
        #expect(try await failure(of: long).code == .invalidOutput)
    }

    @Test("The proxy's errors keep their meaning")
    func errors() async throws {
        let error = CompletionsFake.error("Because.")
        let expected: [(Operations.CreateChatCompletion.Output, ModelFailure.Code)] = [
            (.badRequest(error), .rejected), (.notFound(error), .rejected), (.contentTooLarge(error), .rejected),
            (.tooManyRequests(.init(body: error)), .rateLimited), (.badGateway(error), .unavailable),
            (.serviceUnavailable(error), .unavailable), (.gatewayTimeout(error), .unavailable), (.internalServerError(error), .unavailable),
            (.forbidden(error), .unavailable),
        ]
        for (output, code) in expected { #expect(try await failure(of: CompletionsFake { output }).code == code) }
        let refused = try await failure(of: CompletionsFake { .internalServerError(error) }, token: "wrong")
        #expect(refused.code == .unavailable)
        #expect(refused.cause != nil)
        #expect(!refused.message.contains("token"))
    }

    @Test("What the receiver throws ends the call and comes back as it is")
    func receiverThrows() async throws {
        struct Enough: Error {}
        let fake = CompletionsFake(chunks: [chunk(.init(content: "a")), chunk(.init(content: "b"), .stop)])
        await #expect(throws: Enough.self) {
            try await LLMProxyModelClient(fake.client()).respond(to: request) { _ in throw Enough() }
        }
    }
}
