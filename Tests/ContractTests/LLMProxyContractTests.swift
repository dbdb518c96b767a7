import APISupport
import ContractTesting
import Coordination
import LLMProxyHandlers
import Logging
import MemoryInfrastructure
import ScenarioFiles
import Testing

@Suite("LLM proxy: specs/llm-proxy/openapi.yaml")
struct LLMProxyContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        let scenarios = "version: 1\nmodels: [scripted]\nscenarios: []\ndefault: {text: 'Understood.'}\n"
        let service = try LLMProxyService(
            configuration: LLMProxyConfiguration(),
            providers: [ScriptedProvider(try ScenarioBook(yaml: scenarios, file: "scenarios.yaml"))],
            limiter: MemoryRateLimiter(), logger: Logger(label: "contract"), checkToken: TestToken.check)
        let body: JSONValue = .object([
            "model": .string("scripted"),
            "messages": .array([.object(["role": .string("user"), "content": .string("Hello")])]),
        ])
        try await Contract("llm-proxy/openapi.yaml", router: service.makeRouter()).check(
            fixture: ContractFixture(bodies: ["createChatCompletion": body]), authorization: TestToken.authorization)
    }

    @Test("A completion too many is refused as the spec says")
    func tooManyCompletions() async throws {
        var configuration = LLMProxyConfiguration()
        configuration.completionsPerMinute = 1
        let limiter = MemoryRateLimiter()
        _ = try limiter.take(1, of: "llm:14:contract-tests:", under: RateLimit(requests: 1, per: .seconds(60)))
        let service = try LLMProxyService(
            configuration: configuration, providers: [], limiter: limiter, logger: Logger(label: "contract"), checkToken: TestToken.check)
        try await Contract("llm-proxy/openapi.yaml", router: service.makeRouter()).checkRefused(
            with: 429, exempt: ["listModels", "getHealth"], fixture: ContractFixture(), authorization: TestToken.authorization)
    }
}
