import APIAsyncHTTPClient
import APIHummingbird
import AsyncHTTPClient
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Puts the chosen services together, and runs them until a signal stops them.
struct Platform: Sendable {
    /// How long answers under way may take after a signal.
    static let drainTime: Duration = .seconds(20)

    let settings: ServeSettings
    let logger: Logger

    /// - Throws: what keeps a service from starting; nothing after an orderly stop.
    func run() async throws {
        let dataDirectory = try DataDirectory(path: settings.dataDirectory)
        let reservations = try reservePorts()
        let addresses = ServiceAddresses(settings: settings, reserved: reservations.mapValues(\.port))
        let secret = try settings.internalSecret ?? dataDirectory.internalSecret()
        try await HTTPClient.withHTTPClient(configuration: Self.clientConfiguration) { client in
            let calls = ServiceCalls(
                addresses: addresses, internalSecret: secret, transport: AsyncHTTPClientTransport(client: client), logger: logger
            )
            let assembly = ServiceAssembly(settings: settings, addresses: addresses, data: dataDirectory, secret: secret, calls: calls)
            var parts: [any Service] = []
            var servers: [ServiceName: APIServer] = [:]
            for name in Self.startOrder where settings.services.contains(name) {
                let served = try await assembly.make(name)
                let server = APIServer(router: served.router, host: settings.host, port: addresses.port(of: name), logger: served.logger)
                servers[name] = server
                parts.append(NamedServer(name: name, address: addresses.url(of: name), server: server))
                if let background = served.background { parts.append(background) }
            }
            parts.append(Readiness(servers: servers, portsFile: settings.portsFile, reservations: reservations, logger: logger))
            // Below this level the group writes every part into the log as it stands, with all that it holds.
            var groupLogger = logger
            groupLogger.logLevel = max(logger.logLevel, .notice)
            var configuration = ServiceGroupConfiguration(
                services: parts, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger
            )
            configuration.maximumGracefulShutdownDuration = Self.drainTime
            try await ServiceGroup(configuration: configuration).run()
        }
        logger.notice("CodeLab has stopped")
    }

    /// A service after those that it calls: they are shut down in the reverse order, the gateway first.
    private static let startOrder: [ServiceName] = [.auth, .llmProxy, .runtime, .gateway]

    /// For calls between the services: an open conversation holds a connection (its event stream), so the pool's usual limit of eight would let
    /// the ninth wait; and a stream may be silent for as long as a person thinks.
    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = AsyncHTTPClientTransport.configuration(readTimeout: .seconds(3_600))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8_192
        return configuration
    }

    private func reservePorts() throws -> [ServiceName: PortReservation] {
        var reservations: [ServiceName: PortReservation] = [:]
        for (service, port) in settings.ports where port == 0 { reservations[service] = try PortReservation(host: settings.host) }
        return reservations
    }
}

/// A server whose failure says which one it is.
private struct NamedServer: Service {
    let name: ServiceName
    let address: String
    let server: APIServer

    func run() async throws {
        do {
            try await server.run()
        } catch let error where !(error is CancellationError) {
            throw ConfigurationError("\(name.rawValue) cannot be served at \(address): \(error)")
        }
    }
}

/// Says that the platform is ready, once every server listens.
private struct Readiness: Service {
    let servers: [ServiceName: APIServer]
    let portsFile: String?
    /// Held until the servers have taken their ports.
    let reservations: [ServiceName: PortReservation]
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var ports: [ServiceName: Int] = [:]
            for (name, server) in servers { ports[name] = try await server.boundPort }
            let listed = ServiceName.allCases.compactMap { name in ports[name].map { "\(name.rawValue)=\($0)" } }.joined(separator: " ")
            if let portsFile { try PortsFile.write(ports, to: portsFile) }
            logger.notice("CodeLab is ready", metadata: ["ports": "\(listed)", "version": "\(CodeLab.version)"])
        }
        // Its end would end the group: it stays until the others are told to stop.
        try await gracefulShutdown()
    }
}
