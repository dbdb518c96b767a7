import APISupport
import AuthHandlers
import GatewayHandlers
import LLMProxyAPI
import LLMProxyHandlers
import Logging
import RuntimeAPI
import RuntimeHandlers
import SQLiteInfrastructure
import ScenarioFiles
import ServiceLifecycle

/// A service, ready to be served.
struct ServedService: Sendable {
    var router: APIRouter
    var logger: Logger
    /// What runs beside the requests.
    var background: (any Service)?
}

/// Makes each service from its handlers, the embedded storage and the calls to the others: the one place where the parts meet.
struct ServiceAssembly: Sendable {
    let settings: ServeSettings
    let addresses: ServiceAddresses
    let data: DataDirectory
    let secret: String
    let calls: ServiceCalls

    func make(_ name: ServiceName) async throws -> ServedService {
        let logger = Logger(label: name.rawValue)
        switch name {
        case .auth: return try await makeAuth(logger)
        case .gateway: return try makeGateway(logger)
        case .runtime: return try await makeRuntime(logger)
        case .llmProxy: return try makeLLMProxy(logger)
        }
    }

    private func makeAuth(_ logger: Logger) async throws -> ServedService {
        var environment = settings.environment
        environment["CODELAB_AUTH_ISSUER"] = addresses.issuer
        environment[Setting.internalSecret.variable] = secret
        if let password = settings.administratorPassword { environment[Setting.administratorPassword.variable] = password }
        let service = try AuthService(
            configuration: try AuthConfiguration(environment: environment),
            repositories: try .sqlite(try SQLiteDatabase(path: data.database(of: .auth))), logger: logger
        )
        if let administrator = try await service.prepare(), let password = administrator.generatedPassword {
            FirstStart.show(administrator: administrator.username, password: password)
        }
        return ServedService(router: service.makeRouter(), logger: logger)
    }

    private func makeRuntime(_ logger: Logger) async throws -> ServedService {
        let proxy = LLMProxyAPI.Client(
            serverURL: addresses.url(of: .llmProxy), transport: calls.transport, credentials: calls.credentials(scope: "llm")
        )
        let service = RuntimeService(
            configuration: RuntimeConfiguration(model: settings.languageModel.model),
            repository: try SQLiteSessionRepository(try SQLiteDatabase(path: data.database(of: .runtime))),
            model: LLMProxyModelClient(proxy), logger: logger, checkToken: calls.checkToken
        )
        try await service.prepare()
        return ServedService(router: service.makeRouter(), logger: logger, background: TurnService(runtime: service))
    }

    private func makeGateway(_ logger: Logger) throws -> ServedService {
        let runtime = RuntimeAPI.Client(
            serverURL: addresses.url(of: .runtime), transport: calls.transport, credentials: calls.credentials(scope: "runtime")
        )
        var environment = settings.environment
        // Settled already, from the flag and the file too.
        environment[Setting.anonymousUser.variable] = nil
        var configuration = try GatewayConfiguration(environment: environment)
        configuration.allowsAnonymous = settings.allowsAnonymous
        if configuration.allowsAnonymous { logger.warning("Clients without a token are served, as one shared user") }
        let service = GatewayService(
            configuration: configuration, runtime: runtime, logger: logger, checkToken: calls.checkToken
        )
        return ServedService(router: service.makeRouter(), logger: logger)
    }

    private func makeLLMProxy(_ logger: Logger) throws -> ServedService {
        let service: LLMProxyService
        switch settings.languageModel {
        case .scripted(let scenario):
            let book = try scenario.map { try ScenarioBook(path: $0) } ?? ScenarioBook(yaml: BuiltInScenario.yaml, file: "built-in")
            logger.notice("Conversations are scripted: no language model is asked", metadata: ["scenario": "\(scenario ?? "built-in")"])
            service = try LLMProxyService(
                configuration: LLMProxyConfiguration(), providers: [ScriptedProvider(book)], logger: logger, checkToken: calls.checkToken
            )
        case .openAI(let baseURL, let key, let models):
            var environment = settings.environment
            environment[Setting.llmBaseURL.variable] = baseURL
            environment[Setting.llmKey.variable] = key
            environment[Setting.llmModels.variable] = models.joined(separator: ",")
            service = try LLMProxyService(
                configuration: try LLMProxyConfiguration(environment: environment), transport: calls.transport, logger: logger,
                checkToken: calls.checkToken
            )
        }
        return ServedService(router: service.makeRouter(), logger: logger)
    }
}

/// The runtime's turns, as a part of the service group.
private struct TurnService: Service {
    let runtime: RuntimeService

    func run() async throws {
        await cancelWhenGracefulShutdown { await runtime.run() }
    }
}
