import LLMProxyAPI
import Logging
import RuntimeHandlers
import ServiceLifecycle

extension ServiceAssembly {
    func makeRuntime(_ logger: Logger) throws -> ServedService {
        let access = calls.access(scope: "llm")
        let proxy = LLMProxyAPI.Client(
            serverURL: addresses.url(of: .llmProxy), transport: access.transport, credentials: access.credentials
        )
        var configuration = RuntimeConfiguration(model: settings.languageModel.model)
        if coordination.redis == nil {
            // Nobody but this process knows of its leases: they end with it, and not while the machine sleeps.
            configuration.sessionLease = .seconds(1_000_000_000)
            if settings.stores.postgres[.runtime] != nil {
                logger.notice("This has to be the only replica of the runtime on its database: more of them need Redis (--redis-url)")
            }
        }
        let replica = RuntimeReplica(
            leases: coordination.leases, address: settings.runtimeAdvertiseURL ?? addresses.url(of: .runtime), transport: calls.transport
        )
        let (sessions, auditLog) = try storage.runtimeStores()
        let service = RuntimeService(
            configuration: configuration, repository: sessions, outbox: sessions, auditLog: auditLog, replica: replica,
            model: LLMProxyModelClient(proxy), logger: logger, checkToken: calls.checkToken
        )
        let events = EventServices(
            outbox: sessions, auditLog: auditLog, transport: try coordination.eventTransport(logger), leases: coordination.leases,
            logger: logger
        )
        return ServedService(
            router: service.makeRouter(), logger: logger, prepare: { try await service.prepare() },
            // Leases on sessions are in Redis: without it no turn can begin here.
            checks: [databaseCheck(of: .runtime), signingKeysCheck]
                + redisChecks(isRequired: true, "Sessions cannot be led, and their events not be published."),
            background: TurnService(runtime: service), foundation: events.parts
        )
    }
}

/// The runtime's turns, as a part of the service group.
private struct TurnService: Service {
    let runtime: RuntimeService

    func run() async throws {
        await withGracefulShutdownHandler {
            await runtime.run()
        } onGracefulShutdown: {
            runtime.stop()
        }
        await runtime.stopped()
    }
}
