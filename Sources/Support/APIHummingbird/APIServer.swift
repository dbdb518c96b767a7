public import APISupport
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle

/// Serves a router over HTTP/1.1 and WebSocket.
///
/// Graceful shutdown of its `ServiceGroup` stops accepting, lets answers under way finish, and closes WebSocket connections with 1001.
public struct APIServer: Service {
    private let router: APIRouter
    private let host: String
    private let port: Int
    private let configuration: APIServerConfiguration
    private let logger: Logger
    private let bound = OneShot<Int>()

    /// `port` 0 takes any free one: see ``boundPort``.
    public init(
        router: APIRouter, host: String, port: Int, configuration: APIServerConfiguration = APIServerConfiguration(), logger: Logger
    ) {
        self.router = router
        self.host = host
        self.port = port
        self.configuration = configuration
        self.logger = logger
    }

    /// The port that the server listens on, as soon as it does. Throws what ``run()`` threw when it could not.
    public var boundPort: Int {
        get async throws { try await bound.value }
    }

    /// Listens and answers until shutdown. To be called once.
    public func run() async throws {
        let bound = bound
        let server = Server(
            childChannelSetup: APIChannel(router: router, configuration: configuration),
            configuration: ServerConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections, logger: logger)),
            onServerRunning: { channel in bound.resolve(.success(channel.localAddress?.port ?? 0)) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        do {
            try await server.run()
            bound.resolve(.failure(CancellationError()))
        } catch {
            bound.resolve(.failure(error))
            throw error
        }
    }
}
