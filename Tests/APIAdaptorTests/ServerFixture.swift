import APIHummingbird
import APISupport
import APIWebSocket
import HTTPTypes
import Logging
import ServiceLifecycle

/// Runs a server on a free loopback port for the time of `body`, then shuts it down gracefully and waits for that.
@discardableResult
func withServer<R: Sendable>(
    routes: [APIRoute] = [], webSockets: [WebSocketRoute] = [], configuration: APIServerConfiguration = APIServerConfiguration(),
    _ body: @Sendable (RunningServer) async throws -> R
) async throws -> R {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = APIServer(
        router: APIRouter(routes: routes, webSockets: webSockets, logger: logger), host: "127.0.0.1", port: 0,
        configuration: configuration, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: R
        do {
            result = try await body(RunningServer(port: try await server.boundPort, group: group))
        } catch {
            tasks.cancelAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}

struct RunningServer: Sendable {
    let port: Int
    let group: ServiceGroup

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts the shutdown while a test still uses the server.
    func shutDown() async { await group.triggerGracefulShutdown() }

    func request(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: [UInt8] = []
    ) -> ClientRequest {
        ClientRequest(
            head: HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:\(port)", path: path, headerFields: fields), body: body,
            operationID: "test")
    }
}

/// A value that one task sets and others wait for.
actor Signal<Value: Sendable> {
    private var value: Value?
    private var waiters: [CheckedContinuation<Value, Never>] = []

    func set(_ value: Value) {
        guard self.value == nil else { return }
        self.value = value
        for waiter in waiters { waiter.resume(returning: value) }
        waiters = []
    }

    func wait() async -> Value {
        if let value { return value }
        return await withCheckedContinuation { waiters.append($0) }
    }
}

/// Returns once the task is cancelled, and only then: a stream without elements ends in no other way.
func untilCancelled() async {
    let (silence, continuation) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
    defer { continuation.finish() }
    for await _ in silence {}
}
