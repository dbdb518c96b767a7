import APIAsyncHTTPClient
import APISupport
import HTTPTypes

/// Adds a todo, finishes it, and lists what is still open. The server's URL is the only argument.
@main
struct TodoClient {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let client = Client(
            serverURL: arguments.first ?? "http://127.0.0.1:8080",
            transport: MiddlewareTransport(AsyncHTTPClientTransport(), middlewares: [Retry(attempts: 3)]),
            credentials: APIKeyProvider(key: "example")
        )
        let kept = try await client.addTodo(.init(body: .init(title: "Read the guide"))).created
        let finished = try await client.addTodo(.init(body: .init(title: "Try the example"))).created
        print("added \(kept.body.title), \(finished.body.title)")

        // Every declared answer is a case: what is not looked at is seen.
        switch try await client.finishTodo(.init(id: finished.body.id)) {
        case .ok(let todo): print("\(todo.title): \(todo.done ? "done" : "open")")
        case .notFound(let problem), .badRequest(let problem), .unauthorized(let problem), .internalServerError(let problem):
            print("cannot finish it: \(problem.detail ?? problem.title)")
        }
        for todo in try await client.listTodos(.init(open: true)).ok { print("open: \(todo.title)") }

        // What the document forbids does not get past the server, and the answer says where and why.
        if case .badRequest(let problem) = try await client.addTodo(.init(body: .init(title: ""))) {
            for violation in problem.errors ?? [] { print("refused: \(violation.pointer) \(violation.message)") }
        }
    }
}

/// The credential of the scheme `apiKey`.
struct APIKeyProvider: CredentialProvider {
    let key: String

    func credential(scheme: String) async throws -> String? { scheme == "apiKey" ? key : nil }
}

/// Sends a request again that no server could take.
struct Retry: ClientMiddleware {
    let attempts: Int

    func send(
        _ request: ClientRequest, next: @Sendable (ClientRequest) async throws -> ClientResponse
    ) async throws -> ClientResponse {
        for _ in 1..<attempts {
            let response = try await next(request)
            guard response.head.status == .serviceUnavailable else { return response }
        }
        return try await next(request)
    }
}
