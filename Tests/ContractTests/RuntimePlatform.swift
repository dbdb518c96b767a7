import APISupport
import FoundationEssentials
import LLMProxyAPI
import LLMProxyHandlers
import Logging
import MemoryInfrastructure
import RuntimeAPI
import RuntimeHandlers
import ScenarioFiles

/// A runtime over the scripted model, all in this process, with one session of `user-1`.
struct RuntimePlatform {
    let service: RuntimeService
    let router: APIRouter
    let client: RuntimeAPI.Client
    let sessionID: String

    init() async throws {
        let logger = Logger(label: "contract")
        let scenarios = "version: 1\nmodels: [scripted]\nscenarios: []\ndefault: {text: 'Understood.'}\n"
        let proxy = try LLMProxyService(
            configuration: LLMProxyConfiguration(),
            providers: [ScriptedProvider(try ScenarioBook(yaml: scenarios, file: "scenarios.yaml"))],
            limiter: MemoryRateLimiter(), logger: logger, checkToken: TestToken.check)
        let credentials = BearerCredentialProvider(token: TestToken.value)
        let model = LLMProxyAPI.Client(
            serverURL: "http://localhost:8002", transport: InProcessTransport(router: proxy.makeRouter()), credentials: credentials)
        let repository = MemorySessionRepository()
        service = RuntimeService(
            configuration: RuntimeConfiguration(model: "scripted"), repository: repository, outbox: repository,
            auditLog: MemoryAuditLog(),
            replica: RuntimeReplica(leases: MemoryLeaseKeeper(tokensAfter: 0), address: "http://localhost:8001", transport: nil),
            model: LLMProxyModelClient(model), logger: logger, checkToken: TestToken.check)
        try await service.prepare()
        router = service.makeRouter()
        client = RuntimeAPI.Client(
            serverURL: "http://localhost:8001", transport: InProcessTransport(router: router), credentials: credentials)
        sessionID = try await client.createSession(.init(codeLabUser: "user-1", body: .init())).created.body.id
    }
}
