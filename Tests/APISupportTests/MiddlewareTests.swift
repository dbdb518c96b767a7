import HTTPTypes
import Synchronization
import Testing

@testable import APISupport

@Suite struct MiddlewareTests {
    /// Notes when it is entered and left, and leaves a field behind.
    private struct Trace: ServerMiddleware, ClientMiddleware {
        let name: String
        let log: Log

        func respond(
            to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
        ) async -> ServerResponse {
            log.add("\(name) in \(context.operationID)")
            var response = await next(request, context)
            response.head.headerFields.append(HTTPField(name: .via, value: name))
            log.add("\(name) out \(response.head.status.code)")
            return response
        }

        func send(
            _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
        ) async throws -> ClientResponse {
            log.add("\(name) sends \(request.operationID)")
            var request = request
            request.head.headerFields.append(HTTPField(name: .via, value: name))
            return try await next(request)
        }
    }

    private final class Log: Sendable {
        private let stored = Mutex<[String]>([])
        var lines: [String] { stored.withLock { $0 } }
        func add(_ line: String) { stored.withLock { $0.append(line) } }
    }

    /// Answers without passing anything on.
    private struct Closed: ServerMiddleware {
        func respond(
            to request: ServerRequest, context: CallContext, next: @Sendable (ServerRequest, CallContext) async -> ServerResponse
        ) async -> ServerResponse { .empty(503) }
    }

    /// Sends again what could not be served.
    private struct Retry: ClientMiddleware {
        let attempts: Int

        func send(
            _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
        ) async throws -> ClientResponse {
            var response = try await next(request)
            for _ in 1..<attempts where response.head.status == .serviceUnavailable { response = try await next(request) }
            return response
        }
    }

    private static func get(_ path: String) -> HTTPRequest { HTTPRequest(method: .get, scheme: "http", authority: "h", path: path) }

    @Test func theFirstServerMiddlewareIsTheOutermost() async {
        let log = Log()
        let route = APIRoute(method: .get, path: "/a/{b}", operationID: "readB") { request, _ in
            log.add("operation \(request.pathParameters["b"] ?? "")")
            return .empty(204)
        }
        let router = APIRouter(routes: [route].with(Trace(name: "outer", log: log), Trace(name: "inner", log: log)))
        let response = await router.respond(to: ServerRequest(head: Self.get("/a/7")))
        #expect(log.lines == ["outer in readB", "inner in readB", "operation 7", "inner out 204", "outer out 204"])
        #expect(response.head.headerFields[values: .via] == ["inner", "outer"])
        let unknown = await router.respond(to: ServerRequest(head: Self.get("/nothing")))
        #expect(unknown.head.status.code == 404)
        #expect(log.lines.count == 5)
    }

    @Test func aServerMiddlewareMayAnswerByItself() async {
        let log = Log()
        let route = APIRoute(method: .get, path: "/", operationID: "root") { _, _ in
            log.add("operation")
            return .empty(204)
        }
        let response = await APIRouter(routes: [route].with(Closed())).respond(to: ServerRequest(head: Self.get("/")))
        #expect(response.head.status.code == 503)
        #expect(log.lines.isEmpty)
    }

    @Test func clientMiddlewaresWrapTheTransport() async throws {
        let log = Log()
        let failures = Mutex(2)
        let route = APIRoute(method: .get, path: "/", operationID: "root") { request, _ in
            log.add("via \(request.head.headerFields[values: .via].joined(separator: ","))")
            let fails = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            return .empty(fails ? 503 : 204)
        }
        let transport = MiddlewareTransport(
            InProcessTransport(router: APIRouter(routes: [route])),
            middlewares: [Retry(attempts: 3), Trace(name: "a", log: log), Trace(name: "b", log: log)]
        )
        let response = try await transport.send(ClientRequest(head: Self.get("/"), operationID: "root"))
        #expect(response.head.status.code == 204)
        #expect(log.lines == Array(repeating: ["a sends root", "b sends root", "via a,b"], count: 3).flatMap { $0 })
    }
}
