import LLMProxyHandlers
import Testing

@Suite("The proxy's settings")
struct ConfigurationTests {
    @Test("Are read from the environment")
    func environment() throws {
        let configuration = try LLMProxyConfiguration(environment: [
            "CODELAB_LLM_BASE_URL": "https://api.test/v1", "CODELAB_LLM_API_KEY": "k", "CODELAB_LLM_MODELS": "a, b",
            "CODELAB_LLM_IDLE_TIMEOUT": "5", "CODELAB_LLM_NAME": "",
        ])
        let upstream = try #require(configuration.upstream)
        #expect(upstream.models == ["a", "b"])
        #expect(upstream.name == "upstream")
        #expect(upstream.apiKey != nil)
        #expect(upstream.idleTimeout == .seconds(5))
        #expect(upstream.responseTimeout == .seconds(60))
        #expect(try LLMProxyConfiguration(environment: [:]).upstream == nil)
        #expect(try LLMProxyConfiguration(environment: [:]).completionsPerMinute == 600)
        #expect(try LLMProxyConfiguration(environment: ["CODELAB_LLM_RATE_LIMIT": "0"]).completionsPerMinute == 0)
    }

    @Test(
        "That make no sense are refused",
        arguments: [
            ["CODELAB_LLM_BASE_URL": "https://api.test/v1"], ["CODELAB_LLM_BASE_URL": "api.test", "CODELAB_LLM_MODELS": "a"],
            ["CODELAB_LLM_BASE_URL": "http://a", "CODELAB_LLM_MODELS": "a", "CODELAB_LLM_RESPONSE_TIMEOUT": "soon"],
            ["CODELAB_LLM_MAXIMUM_ANSWER": "0"], ["CODELAB_LLM_RATE_LIMIT": "-1"],
        ])
    func refused(environment: [String: String]) {
        #expect(throws: LLMProxyConfigurationError.self) { try LLMProxyConfiguration(environment: environment) }
    }
}
