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

    @Test("That make no sense are refused", arguments: [["CODELAB_GATEWAY_ANONYMOUS": "yes"], ["CODELAB_GATEWAY_RUNTIME_TIMEOUT": "0"]])
    func refused(environment: [String: String]) {
        #expect(throws: GatewayConfigurationError.self) { try GatewayConfiguration(environment: environment) }
    }
}
