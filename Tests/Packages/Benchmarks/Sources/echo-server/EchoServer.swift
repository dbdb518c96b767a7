import APIHummingbird
import APISupport
import CodableOrders
import Foundation
import Hummingbird
import Logging
import OrdersAPI

/// Two servers in one process, of which a load generator uses one at a time: generated code behind `APIServer`, and hand-written routes
/// behind a Hummingbird router. Prints a line of JSON with their ports, and serves until it is ended.
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
        let generated = APIServer(
            router: APIRouter(routes: OrdersAPI.Server(handler: Echo()).routes), host: "127.0.0.1", port: 0,
            logger: Logger(label: "generated"))
        let router = Router()
        router.post("/orders") { request, context in try await request.decode(as: CodableOrder.self, context: context) }
        router.post("/ignored") { _, _ in HTTPResponse.Status.ok }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let handwritten = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: Logger(label: "handwritten"))

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await generated.run() }
            group.addTask { try await handwritten.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            FileHandle.standardOutput.write(Data(#"{"generated": \#(try await generated.boundPort), "handwritten": \#(port)}\#n"#.utf8))
            try await group.waitForAll()
        }
    }
}

extension CodableOrder: ResponseCodable {}
