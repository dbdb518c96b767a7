import APISupport
import LLMProxyAPI
import Synchronization

/// A fake LLM proxy: answers every completion with the same output, and keeps the requests.
final class CompletionsFake: LLMProxyAPI.APIHandler, LLMProxyAPI.SecurityHandler {
    private let output: @Sendable () -> Operations.CreateChatCompletion.Output
    private let received = Mutex<[Schemas.ChatCompletionRequest]>([])

    init(_ output: @escaping @Sendable () -> Operations.CreateChatCompletion.Output) { self.output = output }

    /// A proxy that streams these chunks.
    convenience init(chunks: [Schemas.ChatCompletionChunk]) {
        self.init {
            let (stream, continuation) = AsyncStream.makeStream(
                of: ServerSentEvent<Schemas.ChatCompletionChunk>.self, bufferingPolicy: .bufferingOldest(chunks.count)
            )
            for chunk in chunks { continuation.yield(ServerSentEvent(data: chunk)) }
            continuation.finish()
            return .ok(.init(body: .eventStream(EventStream(stream))))
        }
    }

    var requests: [Schemas.ChatCompletionRequest] { received.withLock(\.self) }

    /// A client of this proxy.
    func client(token: String = "t") -> LLMProxyAPI.Client {
        let router = APIRouter(routes: Server(handler: self, security: self).routes)
        return LLMProxyAPI.Client(
            serverURL: "http://llm", transport: InProcessTransport(router: router), credentials: BearerCredentialProvider(token: token)
        )
    }

    func createChatCompletion(
        _ input: Operations.CreateChatCompletion.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.CreateChatCompletion.Output {
        received.withLock { $0.append(input.body) }
        return output()
    }

    func listModels(
        _ input: Operations.ListModels.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListModels.Output { .ok(.init(data: [])) }

    func getHealth(_ input: Operations.GetHealth.Input, context: CallContext) async throws -> Operations.GetHealth.Output {
        .ok(.init(service: "fake"))
    }

    func failure(
        _ failure: RequestFailure, in operation: Operations.CreateChatCompletion.Type
    ) -> Operations.CreateChatCompletion.Output {
        switch failure.code.status {
        case 401: .unauthorized(.init(body: Self.error(failure.detail)))
        case 400: .badRequest(Self.error(failure.violations.map { "\($0.pointer) \($0.message)" }.joined()))
        default: .internalServerError(Self.error(failure.detail))
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.ListModels.Type) -> Operations.ListModels.Output {
        .internalServerError(Self.error(failure.detail))
    }

    func failure(_ failure: RequestFailure, in operation: Operations.GetHealth.Type) -> Operations.GetHealth.Output {
        .internalServerError(Self.error(failure.detail))
    }

    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard token == "t" else { throw RequestFailure(.unauthenticated) }
        return Principal(subject: "runtime", scopes: Set(scopes))
    }

    static func error(_ message: String) -> Schemas.ErrorResponse {
        Schemas.ErrorResponse(error: .init(message: message, type: "t", param: nil, code: nil))
    }
}
