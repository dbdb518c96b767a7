public import APISupport
public import Coordination
internal import EventsAPI
public import Logging

/// Fills the audit log with the events that the broker delivers, and removes records that are too old.
public struct AuditRecorder: Sendable {
    /// The consumer group that all recorders are members of.
    public static let group = "audit-log"
    /// The name of the lease under which old records are removed.
    public static let leaseName = "runtime/audit-purge"

    private let log: any AuditLog
    private let transport: any EventTransport
    private let leases: any LeaseKeeper
    private let retention: AuditRetention
    private let clock: any RuntimeClock
    private let logger: Logger

    public init(
        log: any AuditLog, transport: any EventTransport, leases: any LeaseKeeper, retention: AuditRetention = AuditRetention(),
        clock: any RuntimeClock = SystemRuntimeClock(), logger: Logger
    ) {
        self.log = log
        self.transport = transport
        self.leases = leases
        self.retention = retention
        self.clock = clock
        self.logger = logger
    }

    /// Records until it is cancelled.
    ///
    /// - Throws: `CancellationError`; why events can be delivered no more.
    public func run() async throws {
        let dispatcher = PeerDispatcher(handler: AuditHandler(log: log), core: EventCore(transport: transport, logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await dispatcher.run() }
            group.addTask { try await purgeFromTimeToTime() }
            try await group.next()
        }
    }

    private func purgeFromTimeToTime() async throws {
        while true {
            do {
                // Not given back: it keeps all others from doing the same for as long as it lasts.
                if try await leases.acquire(Self.leaseName, for: retention.interval) != nil { try await purge() }
            } catch {
                try Task.checkCancellation()
                logger.warning("Old audit records cannot be removed for now", metadata: ["error": "\(error)"])
            }
            try await clock.sleep(until: clock.moment().uptime + retention.interval)
        }
    }

    private func purge() async throws {
        let now = clock.moment().date
        let limit = Timestamp(secondsSinceEpoch: now.secondsSinceEpoch - retention.age.components.seconds)
        var removed = 0
        while true {
            let count = try await log.purge(before: limit, limit: retention.batch)
            removed += count
            guard count == retention.batch else { break }
        }
        if removed > 0 { logger.info("Old audit records were removed", metadata: ["count": "\(removed)"]) }
    }
}

/// How long audit records are kept.
public struct AuditRetention: Sendable {
    public var age: Duration = .seconds(90 * 86_400)
    /// Between two removals.
    public var interval: Duration = .seconds(3600)
    /// Records that are removed in one step.
    public var batch = 1000

    public init() {}
}

/// What the generated consumer hands over.
private struct AuditHandler: PeerHandler {
    let log: any AuditLog

    func domainEvent(_ message: Events.DomainEventMessage, context: EventContext) async throws {
        // It has been read as one of the document's messages, all of which have these attributes.
        let event = try JSONReader.decode(JSONObject.self, from: context.event.payload)
        guard let id = event["id"]?.stringValue, let type = event["type"]?.stringValue, let subject = event["subject"]?.stringValue,
            let time = event["time"]?.stringValue.flatMap({ Timestamp($0) })
        else { throw RequestFailure(.invalid, detail: "The event lacks attributes.") }
        let record = AuditRecord(
            eventID: id, type: type, subject: subject, owner: event["authid"]?.stringValue,
            date: Timestamp(microseconds: time.microseconds), event: String(decoding: context.event.payload, as: UTF8.self))
        try await log.keep(record)
    }
}
