import APISupport
import ContractTesting
import Coordination
import GatewayHandlers
import Logging
import MemoryInfrastructure
import Testing

@Suite("Gateway: specs/gateway/openapi.yaml")
struct GatewayContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        let platform = try await RuntimePlatform()
        let gateway = GatewayService(
            configuration: GatewayConfiguration(), runtime: platform.client, limiter: MemoryRateLimiter(),
            logger: Logger(label: "contract"), checkToken: TestToken.check)
        let fixture = ContractFixture(parameters: ["session_id": platform.sessionID])
        try await Contract("gateway/openapi.yaml", router: gateway.makeRouter()).check(
            fixture: fixture, authorization: TestToken.authorization)
    }

    @Test("Every operation says as its spec says that there are too many calls")
    func tooManyCalls() async throws {
        let platform = try await RuntimePlatform()
        var configuration = GatewayConfiguration()
        configuration.callsPerMinute = 1
        let limiter = MemoryRateLimiter()
        _ = try limiter.take(1, of: "gateway:calls:user:user-1", under: RateLimit(requests: 1, per: .seconds(60)))
        let gateway = GatewayService(
            configuration: configuration, runtime: platform.client, limiter: limiter, logger: Logger(label: "contract"),
            checkToken: TestToken.check)
        try await Contract("gateway/openapi.yaml", router: gateway.makeRouter()).checkRefused(
            with: 429, exempt: ["getHealth"], fixture: ContractFixture(parameters: ["session_id": platform.sessionID]),
            authorization: TestToken.authorization)
    }
}
