import APISupport
import APIWebSocket
import AuthHandlers
import FoundationEssentials
import HTTPTypes
import Logging
import MemoryInfrastructure
import SQLiteInfrastructure
import Testing

@testable import codelab

@Suite("Expired tokens", .serialized, .runningPlatform)
struct ExpiredTokenTests {
    let platform: RunningPlatform

    init() throws { platform = try #require(RunningPlatform.current) }

    /// One operation of each service that takes a token.
    private static let operations: [(service: ServiceName, path: String)] = [
        (.auth, "/users/me"), (.gateway, "/api/v1/sessions"), (.runtime, "/sessions"), (.llmProxy, "/v1/models"),
    ]

    @Test("Every service refuses a token whose time is over, the WebSocket included", .timeLimit(.minutes(2)))
    func expired() async throws {
        for (age, isRefused) in [(TimeInterval(0), false), (3_600, true)] {
            let token = try await token(issuedBefore: age)
            for (service, path) in Self.operations {
                let headers = ["Authorization": "Bearer \(token)", "CodeLab-User": "u"]
                let answer = try await platform.send(service, .get, path, headers: headers)
                // A good token gets further, even where it lacks the scope or the account.
                #expect((answer.status == 401) == isRefused, "\(service.rawValue): \(answer.status) \(answer.body)")
            }
            let head = HTTPRequest(
                method: .get, scheme: "http", authority: "127.0.0.1:\(platform.ports["gateway"] ?? 0)", path: "/api/v1/ws/new_1",
                headerFields: [.authorization: "Bearer \(token)"])
            do {
                try await WebSocketClient().connect(ClientRequest(head: head, operationID: "session")) { _ in }
                #expect(!isRefused)
            } catch let error as ClientError {
                #expect(isRefused && error.status == 401, "\(error)")
            }
        }
    }

    /// A service's token that the platform's own key signed some seconds ago: nobody has to wait for it to expire.
    private func token(issuedBefore age: TimeInterval) async throws -> String {
        let data = platform.folder.path + "/data"
        let secret = try String(contentsOfFile: data + "/internal-secret", encoding: .utf8).trimmed
        let auth = try AuthService(
            configuration: try AuthConfiguration(environment: [
                "CODELAB_AUTH_ISSUER": platform.url(of: .auth), "CODELAB_AUTH_INTERNAL_SECRET": secret,
            ]),
            repositories: .sqlite(try SQLiteDatabase(path: data + "/auth.sqlite")), limiter: MemoryRateLimiter(),
            clock: AuthClock { Date().addingTimeInterval(-age) }, logger: Logger(label: "test"))
        _ = try await auth.prepare()
        let form =
            "grant_type=client_credentials&client_id=codelab-internal&client_secret=\(PercentEncoding.encode(secret))&scope=runtime%20llm"
        let head = HTTPRequest(
            method: .post, scheme: "http", authority: "auth", path: "/oauth/token",
            headerFields: [.contentType: "application/x-www-form-urlencoded"])
        let answer = await auth.makeRouter().respond(to: ServerRequest(head: head, body: RequestBody(Array(form.utf8))))
        guard case .bytes(let bytes) = answer.body else { throw NoToken() }
        return try #require(try JSONReader.decode(JSONObject.self, from: bytes)["access_token"]?.stringValue)
    }

    private struct NoToken: Error {}
}
