import LLMProxyHandlers
import Logging
import ScenarioFiles

extension ServiceAssembly {
    func makeLLMProxy(_ logger: Logger) throws -> ServedService {
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
