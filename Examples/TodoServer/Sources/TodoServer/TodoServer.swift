import APIHummingbird
import APISupport
import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle

@main
struct TodoServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves a list of things to do, on this machine only.",
        discussion: """
            Examples:
              TodoServer --port 8080
              TodoServer --port 8080 --mock
            """
    )

    @Option(help: "The port to listen on; 0 takes a free one. It is printed as soon as the server listens.")
    var port = 8080

    @Option(help: "The key that clients send in X-API-Key.")
    var apiKey = "example"

    @Flag(help: "Answer with fixed values instead of a list.")
    var mock = false

    func run() async throws {
        let logger = Logger(label: "todos")
        let security = APIKey(expected: apiKey)
        let router: APIRouter
        if mock {
            router = APIRouter(routes: Server(handler: TodoMock(), security: security).routes.with(AccessLog(), ServerTiming()))
        } else {
            let handler = TodoHandler(list: TodoList())
            router = APIRouter(
                routes: Server(handler: handler, security: security).routes.with(AccessLog(), ServerTiming()),
                webSockets: ChannelServer(handler: handler).routes, logger: logger
            )
        }
        let server = APIServer(router: router, host: "127.0.0.1", port: port, logger: logger)
        let group = ServiceGroup(
            services: [server, Announcement(server: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}

/// Says where the server is, once it is there.
struct Announcement: Service {
    let server: APIServer

    func run() async throws {
        // Written at once, also into a pipe, where `print` would wait for more.
        FileHandle.standardOutput.write(Data("listening on http://127.0.0.1:\(try await server.boundPort)\n".utf8))
        try await gracefulShutdown()
    }
}
