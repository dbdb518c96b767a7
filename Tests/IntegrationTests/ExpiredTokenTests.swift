import APISupport
import APITokens
import AuthAPI
import GatewayAPI
import GatewayHandlers
import HTTPTypes
import LLMProxyHandlers
import Logging
import RuntimeAPI
import Testing

@testable import codelab

@Suite("Expired tokens", .serialized, .runningPlatform)
struct ExpiredTokenTests {
    let platform: RunningPlatform

    init() throws { platform = try #require(RunningPlatform.current) }

    @Test("A real token is refused once its time is over", .timeLimit(.minutes(2)))
    func expired() async throws {
        let tokens = try await platform.newUser("late").tokens
        let token = try #require(try await tokens.credential(scheme: "bearerAuth"))
        let auth = AuthAPI.Client(serverURL: platform.url(of: .auth), transport: platform.transport)
        // The same checks as the platform's own, by a clock that is an hour ahead: nobody has to wait.
        for (ahead, status) in [(Duration.seconds(0), 200), (.seconds(3_600), 401)] {
            let verifier = JWKSTokenVerifier(
                JWKSTokenVerifier.Expectations(issuer: platform.url(of: .auth), audience: "codelab"),
                now: { Timestamp.now().advanced(by: ahead) }
            ) {
                JSONWriter.encode(try await auth.getJWKS().ok.body)
            }
            let runtime = RuntimeAPI.Client(serverURL: platform.url(of: .runtime), transport: platform.transport)
            let gateway = GatewayService(
                configuration: GatewayConfiguration(), runtime: runtime, logger: Logger(label: "test"),
                checkToken: { try await verifier.verify($0) }
            )
            let head = HTTPRequest(
                method: .get, scheme: "http", authority: "gateway", path: "/api/v1/agents",
                headerFields: [.authorization: "Bearer \(token)"])
            let answer = await gateway.makeRouter().respond(to: ServerRequest(head: head))
            // The runtime is asked without a service token here, so a good user token gets as far as its refusal.
            #expect((answer.head.status.code == 401) == (status == 401), "\(answer.head.status)")
            if status == 401 { #expect(answer.head.headerFields[.wwwAuthenticate]?.contains("invalid_token") == true) }
        }
    }
}
