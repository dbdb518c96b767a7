import HTTPTypes
import Logging
import Testing

@testable import APISupport

@Suite struct RouterTests {
    private static let requestIDField = HTTPField.Name("X-Request-ID")!

    private static func route(_ method: HTTPRequest.Method, _ path: String, _ id: String) -> APIRoute {
        APIRoute(method: method, path: path, operationID: id) { request, context in
            let parameters = request.pathParameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return .text(200, "text/plain", ([context.operationID] + parameters).joined(separator: " "))
        }
    }

    private let router = APIRouter(
        routes: [
            route(.get, "/", "root"), route(.get, "/sessions", "list"), route(.post, "/sessions", "create"),
            route(.get, "/sessions/{id}", "get"),
            route(.get, "/sessions/mine", "mine"), route(.get, "/sessions/{id}/history", "history"),
            route(.get, "/sessions/mine/agents", "myAgents"),
            route(.get, "/a/{b}/{c}", "two"), route(.get, "/files/{name}.json", "file"), route(.get, "/files/{name}", "anyFile"),
            route(.get, "/compare/{from}...{to}", "compare"), route(.get, "/compare/{from}...{to}.diff", "difference"),
            route(.post, "/sessions/{session_id}/cancel", "cancel"),
        ],
        webSockets: [WebSocketRoute(path: "/ws/{id}", channelID: "ws") { _, _ in .reject(.empty(403)) }])

    private func respond(_ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:]) async -> ServerResponse {
        await router.respond(
            to: ServerRequest(head: HTTPRequest(method: method, scheme: "http", authority: "h", path: path, headerFields: fields)))
    }

    private func text(_ response: ServerResponse) -> String? {
        if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    @Test(arguments: [
        ("/", "root"), ("/sessions", "list"), ("/sessions?x=/mine", "list"), ("/sessions/7", "get id=7"), ("/sessions/mine", "mine"),
        ("/sessions/mine/history", "history id=mine"), ("/sessions/mine/agents", "myAgents"), ("/a/x%2Fy/%C3%A4", "two b=x/y c=ä"),
        ("/files/a.json", "file name=a"),
        ("/compare/a...b", "compare from=a to=b"), ("/compare/a.b...c...d", "compare from=a.b to=c...d"),
        ("/compare/a...b.diff", "difference from=a to=b"), ("/compare/a....", "compare from=a to=."),
        ("/files/a.txt", "anyFile name=a.txt"), ("/files/.json", "anyFile name=.json"),
    ])
    func literalsBeatParameters(_ path: String, _ expected: String) async {
        let response = await respond(.get, path)
        #expect(text(response) == expected)
    }

    @Test(arguments: ["/nothing", "/sessions/", "/sessions/7/", "//sessions", "/sessions/7/other", "/a/b", "", "/a//"])
    func otherPathsAreNotFound(_ path: String) async {
        let response = await respond(.get, path)
        #expect(response.head.status.code == (path.isEmpty ? 200 : 404))
    }

    @Test func methodsAreTold() async throws {
        let wrong = await respond(.delete, "/sessions")
        #expect(wrong.head.status.code == 405)
        #expect(wrong.head.headerFields[.allow] == "GET, HEAD, OPTIONS, POST")
        #expect(wrong.head.headerFields[.contentType] == "application/problem+json")
        let options = await respond(.options, "/sessions")
        #expect(options.head.status.code == 204)
        #expect(options.head.headerFields[.allow] == "GET, HEAD, OPTIONS, POST")
        let head = await respond(.head, "/sessions")
        #expect(head.head.status.code == 200)
        #expect(head.head.headerFields[.contentLength] == "4")
        #expect(text(head) == nil)
        #expect(await respond(.get, "/sessions/7/cancel").head.status.code == 405)
    }

    @Test(arguments: ["/sessions/%", "/sessions/%ff", "/%zz"])
    func brokenEncodingsAreInvalid(_ path: String) async {
        #expect(await respond(.get, path).head.status.code == 400)
    }

    @Test(arguments: [("abc-1:2_3", true), ("a b", false), ("a\"b", false), ("", false), (String(repeating: "x", count: 129), false)])
    func requestIDsAreKeptWhenTheyAreSane(_ id: String, _ isKept: Bool) async throws {
        let response = await respond(.get, "/nothing", [Self.requestIDField: id])
        let echoed = try #require(response.head.headerFields[Self.requestIDField])
        #expect((echoed == id) == isKept)
        let problem = try JSONReader.decode(Problem.self, from: [UInt8](try #require(text(response)).utf8))
        #expect(problem.requestID == echoed)
        #expect(problem.status == 404)
    }

    @Test func channelsAreFoundByTheirPath() async throws {
        let plain = await respond(.get, "/ws/7")
        #expect(plain.head.status.code == 426)
        let request = { (path: String) in ServerRequest(head: HTTPRequest(method: .get, scheme: "http", authority: "h", path: path)) }
        guard case .reject(let found) = await router.upgrade(for: request("/ws/7")),
            case .reject(let missing) = await router.upgrade(for: request("/sessions"))
        else {
            Issue.record("neither path accepts")
            return
        }
        #expect(found.head.status.code == 403)
        #expect(found.head.headerFields[Self.requestIDField] != nil)
        #expect(missing.head.status.code == 404)
    }
}
