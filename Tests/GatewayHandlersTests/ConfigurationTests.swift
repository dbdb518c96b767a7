import GatewayHandlers
import Testing

@Suite("The gateway's settings")
struct ConfigurationTests {
    @Test("Are read from the environment; anonymous access is off unless switched on")
    func environment() throws {
        let defaults = try GatewayConfiguration(environment: ["CODELAB_GATEWAY_ANONYMOUS": ""])
        #expect(!defaults.allowsAnonymous)
        #expect(defaults.runtimeTimeout == .seconds(30))
        let configuration = try GatewayConfiguration(
            environment: ["CODELAB_GATEWAY_ANONYMOUS": "true", "CODELAB_GATEWAY_RUNTIME_TIMEOUT": "7"])
        #expect(configuration.allowsAnonymous)
        #expect(configuration.runtimeTimeout == .seconds(7))
    }

    @Test("Limits have defaults, and 0 switches one off")
    func limits() throws {
        let defaults = try GatewayConfiguration(environment: [:])
        #expect(defaults.callsPerMinute == 600 && defaults.messagesPerMinute == 600 && defaults.connectionsPerMinute == 120)
        #expect(defaults.unauthenticatedCallsPerMinute == 120 && defaults.trustedProxies == 0)
        let configuration = try GatewayConfiguration(environment: [
            "CODELAB_GATEWAY_RATE_LIMIT": "1", "CODELAB_GATEWAY_RATE_LIMIT_MESSAGES": "2", "CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS": "0",
            "CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED": "4", "CODELAB_TRUSTED_PROXIES": "5",
        ])
        #expect(configuration.callsPerMinute == 1 && configuration.messagesPerMinute == 2 && configuration.connectionsPerMinute == 0)
        #expect(configuration.unauthenticatedCallsPerMinute == 4 && configuration.trustedProxies == 5)
    }

    @Test(
        "That make no sense are refused",
        arguments: [
            ["CODELAB_GATEWAY_ANONYMOUS": "yes"], ["CODELAB_GATEWAY_RUNTIME_TIMEOUT": "0"], ["CODELAB_GATEWAY_RATE_LIMIT": "-1"],
            ["CODELAB_GATEWAY_RATE_LIMIT_MESSAGES": "many"],
        ])
    func refused(environment: [String: String]) {
        #expect(throws: GatewayConfigurationError.self) { try GatewayConfiguration(environment: environment) }
    }
}
