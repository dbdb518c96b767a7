import APIHummingbird
import Logging
import ServiceLifecycle

/// Says that the platform is ready, once every server listens.
struct Readiness: Service {
    let servers: [ServiceName: APIServer]
    let portsFile: String?
    /// Held until the servers have taken their ports.
    let reservations: [ServiceName: PortReservation]
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await announce() }
        } catch is CancellationError {
            // Told to stop before they all listened.
            return
        }
        // Its end would end the group: it stays until the others are told to stop.
        try await gracefulShutdown()
    }

    private func announce() async throws {
        var ports: [ServiceName: Int] = [:]
        for (name, server) in servers { ports[name] = try await server.boundPort }
        let listed = ServiceName.allCases.compactMap { name in ports[name].map { "\(name.rawValue)=\($0)" } }.joined(separator: " ")
        if let portsFile { try PortsFile.write(ports, to: portsFile) }
        logger.notice("CodeLab is ready", metadata: ["ports": "\(listed)", "version": "\(CodeLab.version)"])
    }
}
