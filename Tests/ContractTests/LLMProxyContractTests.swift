import APISupport
import ContractTesting
import LLMProxyHandlers
import Logging
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
            logger: Logger(label: "contract"), checkToken: TestToken.check)
        let body: JSONValue = .object([
            "model": .string("scripted"),
            "messages": .array([.object(["role": .string("user"), "content": .string("Hello")])]),
        ])
        try await Contract("llm-proxy/openapi.yaml", router: service.makeRouter()).check(
            fixture: ContractFixture(bodies: ["createChatCompletion": body]), authorization: TestToken.authorization)
    }
}
