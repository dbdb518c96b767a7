import APIHummingbird
import APISupport
import HTTPTypes
import Logging

/// What this machine needs for the least an HTTP service can do: a small body there and back, over a kept connection, by the same server and
/// client that the platform uses.
enum EchoBaseline {
    static func measure(transport: any ClientTransport, warmUp: Int, rounds: Int) async throws -> Distribution {
        let route = APIRoute(method: .post, path: "/echo", operationID: "echo") { request, _ in
            do {
                return .bytes(200, "application/json", try await request.body.collect(upTo: 1024))
            } catch {
                return .empty(400)
            }
        }
        var logger = Logger(label: "echo")
        logger.logLevel = .critical
        let server = APIServer(router: APIRouter(routes: [route], logger: logger), host: "127.0.0.1", port: 0, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            let port = try await server.boundPort
            var head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:\(port)", path: "/echo")
            head.headerFields[.contentType] = "application/json"
            let request = ClientRequest(head: head, body: Array(#"{"type":"user_message","content":"Hello"}"#.utf8), operationID: "echo")
            var durations: [Duration] = []
            let clock = ContinuousClock()
            for round in 0..<(warmUp + rounds) {
                let duration = try await clock.measure {
                    _ = try await transport.send(request).body.collect(upTo: 1024)
                }
                if round >= warmUp { durations.append(duration) }
            }
            return Distribution(durations)
        }
    }
}
