import APIHummingbird
import APISupport
import FoundationEssentials
import HTTPTypes
import Logging

/// Waits on this machine for the browser to come back with the answer to an authorization request (RFC 8252 §7.3).
struct LoopbackListener: Sendable {
    /// Registered for the client without its port.
    let redirectURI: String
    private let port: Int
    private let answers: AsyncStream<[String: String]>

    /// Listens on 127.0.0.1 on a free port while `body` runs.
    ///
    /// - Parameter state: of the authorization request; what comes with another one is not its answer, and is refused.
    static func run<Result: Sendable>(state: String, _ body: @Sendable (LoopbackListener) async throws -> Result) async throws -> Result {
        // The first answer counts; there is never more than that one to keep.
        let (answers, continuation) = AsyncStream<[String: String]>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let route = APIRoute(method: .get, path: "/callback", operationID: "callback") { request, _ in
            let answer = Self.parameters(of: request)
            guard answer["state"] == state else { return Self.page(400, "This is not the sign-in that codelab waits for.") }
            continuation.yield(answer)
            return Self.page(200, answer["error"] == nil ? "You are signed in. You can close this page." : "You are not signed in.")
        }
        var logger = Logger(label: "codelab.sign-in")
        logger.logLevel = .critical
        let server = APIServer(router: APIRouter(routes: [route], logger: logger), host: "127.0.0.1", port: 0, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            let port = try await server.boundPort
            return try await body(
                LoopbackListener(redirectURI: "http://127.0.0.1:\(port)/callback", port: port, answers: answers)
            )
        }
    }

    /// The parameters of the redirect that came.
    func answer(within limit: Duration) async throws -> [String: String] {
        try await withThrowingTaskGroup(of: [String: String]?.self) { group in
            group.addTask { await answers.first { _ in true } }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else {
                try Task.checkCancellation()
                throw SignInFailure("nobody signed in within \(limit.components.seconds) seconds")
            }
            return answer
        }
    }

    /// Follows a redirect to this listener as a browser would.
    func visit(_ location: String, transport: any ClientTransport) async throws {
        guard location.hasPrefix(redirectURI + "?") else { throw SignInFailure("the sign-in page redirects elsewhere") }
        let path = "/callback" + location.dropFirst(redirectURI.count)
        let head = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: path)
        let response = try await transport.send(ClientRequest(head: head, operationID: "callback"))
        _ = try await response.body.collect(upTo: 65536)
    }

    private static func parameters(of request: ServerRequest) -> [String: String] {
        var reader = InputReader(request)
        var answer: [String: String] = [:]
        answer["code"] = reader.parameter("code", in: .query, required: false)
        answer["state"] = reader.parameter("state", in: .query, required: false)
        answer["iss"] = reader.parameter("iss", in: .query, required: false)
        answer["error"] = reader.parameter("error", in: .query, required: false)
        answer["error_description"] = reader.parameter("error_description", in: .query, required: false)
        return reader.isValid ? answer : [:]
    }

    private static func page(_ status: Int, _ text: String) -> ServerResponse {
        var response = ServerResponse.text(
            status, "text/html", "<!doctype html><meta charset=\"utf-8\"><title>CodeLab</title><p>\(text)</p>\n"
        )
        response.setHeader("Content-Security-Policy", "default-src 'none'")
        response.setHeader("Cache-Control", "no-store")
        response.setHeader("Referrer-Policy", "no-referrer")
        return response
    }
}
