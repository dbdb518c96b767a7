import APISupport
public import LLMProxyAPI

/// The language model behind CodeLab's LLM proxy (`specs/llm-proxy`), asked for streamed chat completions.
public struct LLMProxyModelClient: ModelClient {
    private let client: LLMProxyAPI.Client
    private let maximumAnswerBytes: Int

    /// - Parameters:
    ///   - client: With credentials for the scope `llm`.
    ///   - maximumAnswerBytes: The most bytes of tool calls that an answer may have; see ``RuntimeConfiguration/maximumAnswerBytes``.
    public init(_ client: LLMProxyAPI.Client, maximumAnswerBytes: Int = 768 << 10) {
        self.client = client
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    public func respond(to request: ModelRequest, receive: @Sendable (ModelEvent) async throws -> Void) async throws {
        let output: Operations.CreateChatCompletion.Output
        do {
            output = try await client.createChatCompletion(.init(body: Schemas.ChatCompletionRequest(request)))
        } catch {
            throw Self.failure(error)
        }
        switch output {
        case .ok(let answer):
            switch answer.body {
            case .eventStream(let events): try await consume(events, receive)
            case .json(let completion): try await Self.consume(completion, receive)
            }
        case .badRequest(let answer), .notFound(let answer), .contentTooLarge(let answer), .unsupportedMediaType(let answer):
            throw ModelFailure(.rejected, message: "The model refused the request: \(answer.error.message)")
        case .tooManyRequests(let answer):
            throw ModelFailure(.rateLimited, message: "The model takes no more requests for now: \(answer.body.error.message)")
        case .badGateway(let answer), .serviceUnavailable(let answer), .gatewayTimeout(let answer):
            throw ModelFailure(.unavailable, message: "The model is not available: \(answer.error.message)")
        case .unauthorized(let answer):
            throw ModelFailure(.unavailable, message: "The model is not available.", cause: RefusedCredentials(answer.body))
        case .forbidden(let answer):
            throw ModelFailure(.unavailable, message: "The model is not available.", cause: RefusedCredentials(answer))
        case .internalServerError:
            throw ModelFailure(.unavailable, message: "The model is not available.")
        }
    }

    private func consume(
        _ events: EventStream<Schemas.ChatCompletionChunk>, _ receive: (ModelEvent) async throws -> Void
    ) async throws {
        var answer = StreamedAnswer(maximumBytes: maximumAnswerBytes)
        var iterator = events.makeAsyncIterator()
        while let chunk = try await Self.next(&iterator) {
            if let text = try answer.add(chunk) { try await receive(.textDelta(text)) }
        }
        for event in try answer.end() { try await receive(event) }
    }

    /// Errors of the stream are the model's; errors of the receiver are not, and must not get in here.
    private static func next(
        _ iterator: inout EventStream<Schemas.ChatCompletionChunk>.Iterator
    ) async throws -> Schemas.ChatCompletionChunk? {
        do {
            return try await iterator.next()?.data
        } catch {
            throw failure(error)
        }
    }

    private static func consume(_ completion: Schemas.ChatCompletion, _ receive: (ModelEvent) async throws -> Void) async throws {
        guard let choice = completion.choices.first else { throw ModelFailure(.invalidOutput, message: "The model's answer is empty.") }
        if let text = choice.message.content, !text.isEmpty { try await receive(.textDelta(text)) }
        for call in choice.message.toolCalls ?? [] {
            try await receive(.toolCall(id: call.id, name: call.function.name, arguments: call.function.arguments))
        }
        try await receive(.finished(ModelEvent.FinishReason(choice.finishReason), usage: TokenUsage(completion.usage)))
    }

    private static func failure(_ error: any Error) -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        if let error = error as? ClientError, error.status == 200 {
            return ModelFailure(.invalidOutput, message: "The model's answer cannot be read.", cause: error)
        }
        return ModelFailure(.unavailable, message: "The model cannot be reached.", cause: error)
    }
}

/// The LLM proxy does not accept the runtime's own credentials: for the log.
private struct RefusedCredentials: Error, CustomStringConvertible {
    let description: String

    init(_ answer: Schemas.ErrorResponse) { description = "The LLM proxy refused the runtime's credentials: \(answer.error.message)" }
}
