import APISupport
import ContractTesting
import GatewayHandlers
import Logging
import Testing

@Suite("Gateway: specs/gateway/openapi.yaml")
struct GatewayContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        let platform = try await RuntimePlatform()
        let gateway = GatewayService(
            configuration: GatewayConfiguration(), runtime: platform.client, logger: Logger(label: "contract"), checkToken: TestToken.check)
        let fixture = ContractFixture(parameters: ["session_id": platform.sessionID])
        try await Contract("gateway/openapi.yaml", router: gateway.makeRouter()).check(
            fixture: fixture, authorization: TestToken.authorization)
    }
}
