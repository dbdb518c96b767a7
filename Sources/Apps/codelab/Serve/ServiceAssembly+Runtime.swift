import LLMProxyAPI
import Logging
import RuntimeHandlers
import ServiceLifecycle

extension ServiceAssembly {
    func makeRuntime(_ logger: Logger) throws -> ServedService {
        let proxy = LLMProxyAPI.Client(
            serverURL: addresses.url(of: .llmProxy), transport: calls.transport, credentials: calls.credentials(scope: "llm")
        )
        let service = RuntimeService(
            configuration: RuntimeConfiguration(model: settings.languageModel.model),
            repository: try storage.sessionRepository(),
            model: LLMProxyModelClient(proxy), logger: logger, checkToken: calls.checkToken
        )
        return ServedService(
            router: service.makeRouter(), logger: logger, prepare: { try await service.prepare() },
            background: TurnService(runtime: service)
        )
    }
}

/// The runtime's turns, as a part of the service group.
private struct TurnService: Service {
    let runtime: RuntimeService

    func run() async throws {
        await cancelWhenGracefulShutdown { await runtime.run() }
    }
}
