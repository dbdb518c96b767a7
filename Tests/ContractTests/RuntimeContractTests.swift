import APISupport
import ContractTesting
import RuntimeHandlers
import Testing

@Suite("Runtime: specs/runtime/openapi.yaml")
struct RuntimeContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        let platform = try await RuntimePlatform()
        let fixture = ContractFixture(
            parameters: ["CodeLab-User": "user-1", "session_id": platform.sessionID],
            bodies: ["postMessage": ["type": .string("user_message"), "content": .string("Hello")]])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await platform.service.run() }
            try await Contract("runtime/openapi.yaml", router: platform.router).check(
                fixture: fixture, authorization: TestToken.authorization)
            group.cancelAll()
        }
    }
}
