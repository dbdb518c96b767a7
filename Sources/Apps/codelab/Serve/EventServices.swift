import APIStreams
import APISupport
import Coordination
import EventsAPI
import Logging
import RedisInfrastructure
import RuntimeHandlers
import ServiceLifecycle

/// What publishes the runtime's events, and the consumer that records them. Shut down in the reverse order: the relay first, when all that tells
/// something has stopped.
struct EventServices {
    let outbox: any EventOutbox
    let auditLog: any AuditLog
    let transport: any EventTransport
    let leases: any LeaseKeeper
    let logger: Logger

    var parts: [any Service] {
        [
            RecorderService(recorder: AuditRecorder(log: auditLog, transport: transport, leases: leases, logger: logger)),
            RelayService(relay: OutboxRelay(outbox: outbox, transport: transport, leases: leases, logger: logger)),
        ]
    }
}

extension CoordinationPorts {
    /// What carries the domain events: a stream of Redis' that all replicas share, else nothing but this process.
    func eventTransport(_ logger: Logger) throws -> any EventTransport {
        guard let redis else { return DirectEventTransport(logger: logger) }
        let address = Events.DomainEvents.address
        return StreamEventTransport(
            streams: [address: try RedisEntryStream(redis, name: address, prefix: "")],
            member: StreamEventTransport.Member(
                group: AuditRecorder.group, name: "runtime-\(String(UInt64.random(in: 0 ... .max), radix: 36))",
                deadLetters: try RedisEntryStream(redis, name: "\(address):dead-letters", prefix: "")),
            logger: logger)
    }
}

/// Publishes what waits before it stops.
private struct RelayService: Service {
    let relay: OutboxRelay

    func run() async throws {
        await withGracefulShutdownHandler {
            await relay.run()
        } onGracefulShutdown: {
            relay.stop()
        }
    }
}

private struct RecorderService: Service {
    let recorder: AuditRecorder

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await recorder.run() }
        } catch is CancellationError {
            // It was told to stop.
        }
    }
}
