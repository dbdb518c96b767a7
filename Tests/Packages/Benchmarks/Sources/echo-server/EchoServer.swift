import APIHummingbird
import APISupport
import CodableOrders
import Foundation
import Hummingbird
import Logging
import Metrics
import OrdersAPI
import PrometheusMetrics

/// Servers in one process, of which a load generator uses one at a time: generated code behind `APIServer`, and hand-written routes behind a
/// Hummingbird router. Prints a line of JSON with their ports, and serves until it is ended.
///
/// Two more routes of `APIServer` show what is left without JSON: `/copied` sends the body back as it came, `/ignored` neither reads nor writes
/// one. `loop` is the same server with its handlers on the event loops.
@main
struct EchoServer {
    private struct Echo: APIHandler {
        func echoOrder(_ input: Operations.EchoOrder.Input, context: CallContext) async throws -> Operations.EchoOrder.Output {
            .ok(input.body)
        }
    }

    static func main() async throws {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .error
            return handler
        }
        // Requests are measured, as the program measures them.
        MetricsSystem.bootstrap(PrometheusRegistry([]))
        let copied = APIRoute(method: .post, path: "/copied", operationID: "copied") { request, _ in
            do {
                return .bytes(200, "application/json", try await request.body.collect(upTo: APISupport.RequestBody.defaultLimit))
            } catch {
                return .empty(400)
            }
        }
        let ignored = APIRoute(method: .post, path: "/ignored", operationID: "ignored") { _, _ in .empty(200) }
        let routes = OrdersAPI.Server(handler: Echo()).routes + [copied, ignored]
        let generated = APIServer(router: APIRouter(routes: routes), host: "127.0.0.1", port: 0, logger: Logger(label: "generated"))
        let loop = APIServer(
            router: APIRouter(routes: routes), host: "127.0.0.1", port: 0,
            configuration: APIServerConfiguration(runsHandlersOnEventLoop: true), logger: Logger(label: "loop"))
        let router = Router()
        router.post("/orders") { request, context in try await request.decode(as: CodableOrder.self, context: context) }
        router.post("/ignored") { _, _ in HTTPResponse.Status.ok }
        let (bound, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let handwritten = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: Logger(label: "handwritten"))

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await generated.run() }
            group.addTask { try await loop.run() }
            group.addTask { try await handwritten.run() }
            var iterator = bound.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let ports = ["generated": try await generated.boundPort, "loop": try await loop.boundPort, "handwritten": port]
            FileHandle.standardOutput.write(try JSONEncoder().encode(ports) + Data("\n".utf8))
            try await group.waitForAll()
        }
    }
}

extension CodableOrder: ResponseCodable {}
