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
            var environment = settings.environment
            // There is no upstream, whatever else is said about one.
            environment[Setting.llmBaseURL.variable] = nil
            service = try LLMProxyService(
                configuration: try LLMProxyConfiguration(environment: environment), providers: [ScriptedProvider(book)],
                limiter: coordination.rateLimiter, logger: logger, checkToken: calls.checkToken
            )
        case .openAI(let baseURL, let key, let models):
            var environment = settings.environment
            environment[Setting.llmBaseURL.variable] = baseURL
            environment[Setting.llmKey.variable] = key
            environment[Setting.llmModels.variable] = models.joined(separator: ",")
            service = try LLMProxyService(
                configuration: try LLMProxyConfiguration(environment: environment), transport: calls.transport,
                limiter: coordination.rateLimiter, logger: logger, checkToken: calls.checkToken
            )
        }
        return ServedService(
            router: service.makeRouter(), logger: logger,
            checks: [signingKeysCheck] + redisChecks(isRequired: false, "Users are not limited.")
        )
    }
}
