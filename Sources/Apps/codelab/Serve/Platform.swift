import APIAsyncHTTPClient
import APIHummingbird
import APISupport
import APITracing
import AsyncHTTPClient
import Logging
import NIOCore
import OTLPTracing
import OperationsHandlers
import PrometheusMetrics
import ServiceLifecycle
import Tracing
import UnixSignals

/// Puts the chosen services together, and runs them until a signal stops them.
struct Platform: Sendable {
    /// How long answers under way may take, once no new ones are taken.
    static let stopTime: Duration = .seconds(20)

    let settings: ServeSettings
    /// What the process measures.
    let metrics: PrometheusRegistry
    let logger: Logger

    /// - Throws: what keeps a service from starting; nothing after an orderly stop.
    func run() async throws {
        let reservations = try reservePorts()
        let addresses = ServiceAddresses(settings: settings, reserved: reservations.mapValues(\.port))
        let secrets =
            try settings.isPartOfPlatform ? settings.internalSecrets ?? [DataDirectory(path: settings.dataDirectory).internalSecret()] : []
        let storage = try Storage(settings.stores, dataDirectory: settings.dataDirectory, services: settings.services)
        let coordination = CoordinationPorts(settings.stores.redis)
        MetricCatalogue.observe(in: metrics)
        storage.observe(in: metrics)
        try await storage.prepare(settings.stores, logger: logger)
        try await coordination.prepare(within: settings.stores.startTimeout, logger: logger)
        try await HTTPClient.withHTTPClient(configuration: Self.clientConfiguration) { client in
            let transport = AsyncHTTPClientTransport(client: client)
            let exporter = settings.tracing.map { SpanExporter($0, transport: transport, logger: logger) }
            if let exporter { InstrumentationSystem.bootstrap(exporter.tracer) }
            let middlewares: [any ClientMiddleware] = exporter == nil ? [] : [TracingClientMiddleware()]
            let calls = ServiceCalls(
                addresses: addresses, internalSecrets: secrets, transport: MiddlewareTransport(transport, middlewares: middlewares),
                logger: logger
            )
            let assembly = ServiceAssembly(
                settings: settings, addresses: addresses, storage: storage, coordination: coordination, secrets: secrets, calls: calls
            )
            // They are shut down in the reverse order: what others stand on comes first.
            var parts = (exporter.map { [$0] } ?? []) + storage.parts + coordination.parts
            var servers: [ServiceName: APIServer] = [:]
            var readiness: [ReadinessChecks] = []
            for name in Self.startOrder where settings.services.contains(name) {
                let served = try assembly.make(name)
                let checks = ReadinessChecks(served.checks, logger: served.logger)
                readiness.append(checks)
                let operations = OperationsService(service: name.rawValue, readiness: checks, metrics: RegistrySource(registry: metrics))
                let router = exporter == nil ? served.router : served.router.with { TracingServerMiddleware($0) }
                let server = APIServer(
                    router: router.adding(operations.routes), host: settings.host, port: addresses.port(of: name),
                    logger: served.logger)
                servers[name] = server
                parts += served.foundation
                parts.append(ServicePart(name: name, address: addresses.url(of: name), prepare: served.prepare, server: server))
                if let background = served.background { parts.append(background) }
            }
            parts.append(Readiness(servers: servers, portsFile: settings.portsFile, reservations: reservations, logger: logger))
            parts.append(Drain(readiness: readiness, time: settings.drainTime, logger: logger))
            try await run(parts)
        }
        logger.notice("CodeLab has stopped")
    }

    private func run(_ parts: [any Service]) async throws {
        // Below this level the group writes every part into the log as it stands, with all that it holds.
        var groupLogger = logger
        groupLogger.logLevel = max(logger.logLevel, .notice)
        var configuration = ServiceGroupConfiguration(
            services: parts, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger
        )
        configuration.maximumGracefulShutdownDuration = settings.drainTime + Self.stopTime
        try await ServiceGroup(configuration: configuration).run()
    }

    /// A service after those that it calls: they are shut down in the reverse order, the gateway first.
    private static let startOrder: [ServiceName] = [.auth, .llmProxy, .runtime, .gateway, .website]

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
