import APISupport
import Coordination
import LLMProxyAPI

/// The operations of the proxy.
struct LLMProxyHandler: LLMProxyAPI.APIHandler {
    let router: ModelRouter
    /// Bytes of text and arguments that a whole answer may have.
    let answerSizeLimit: Int
    let limit: CompletionLimit

    func createChatCompletion(
        _ input: Operations.CreateChatCompletion.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.CreateChatCompletion.Output {
        let request = input.body
        let decision = try await limit.take(client: principal.clientID ?? principal.subject, user: request.user)
        if let decision, !decision.isAllowed { return .init(refused: decision) }
        guard let provider = router.provider(for: request.model) else {
            return .notFound(
                .init(
                    message: "The model \(request.model) does not exist.", type: "invalid_request_error", param: "model",
                    code: "model_not_found"))
        }
        if let flaw = ConversationFlaw.first(in: request.messages) {
            return .badRequest(.init(message: flaw.message, type: "invalid_request_error", param: flaw.param, code: "invalid_request"))
        }
        let record = CallRecord(model: request.model, provider: provider.name, logger: context.logger)
        do {
            let chunks = try await provider.complete(request)
            guard request.stream == true else { return .ok(.init(.json(try await whole(chunks, record: record)), decision)) }
            let stream = try await AnswerStream(
                chunks, includesUsage: request.streamOptions?.includeUsage ?? false, record: record)
            return .ok(.init(.eventStream(EventStream(stream)), decision))
        } catch let failure as ProviderFailure {
            record.failed(failure)
            return .init(failure)
        }
    }

    /// The whole answer. Throws ``ProviderFailure``, also for chunks that make none.
    private func whole(_ chunks: ChunkSequence, record: CallRecord) async throws -> Schemas.ChatCompletion {
        var assembler = CompletionAssembler(sizeLimit: answerSizeLimit)
        do {
            for try await chunk in chunks { try assembler.add(chunk) }
            let completion = try assembler.completion()
            record.completed(assembler.usage)
            return completion
        } catch let incomplete as CompletionAssembler.Incomplete {
            throw ProviderFailure(.invalidAnswer, "The upstream's answer cannot be used: \(incomplete.reason).")
        }
    }

    func listModels(
        _ input: Operations.ListModels.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListModels.Output {
        .ok(Schemas.ModelList(data: router.models))
    }

    func getHealth(_ input: Operations.GetHealth.Input, context: CallContext) async throws -> Operations.GetHealth.Output {
        .ok(Schemas.Health(service: "llm-proxy"))
    }
}
