public import Logging

/// What every generated dispatcher and publisher of events has: a broker, and a log.
public struct EventCore: Sendable {
    public let transport: any EventTransport
    private let logger: Logger

    public init(transport: any EventTransport, logger: Logger = Logger(label: "codelab.events")) {
        self.transport = transport
        self.logger = logger
    }

    public func publish(_ call: EventCall) async throws { try await publish(try call.event()) }

    public func publish(_ event: Event) async throws { try await transport.publish(event) }

    /// Has the events of the subscriptions delivered until cancelled.
    public func run(
        _ subscriptions: [EventSubscription], _ receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {
        try await transport.deliver(subscriptions, to: receive)
    }

    /// Runs `handle`; what it throws is what becomes of the event: a client's failure (4xx) rejects it, anything else is tried again.
    public func receive(
        _ delivery: EventDelivery, for subscription: EventSubscription, _ handle: (EventContext, EventAddress) async throws -> Void
    ) async -> EventOutcome {
        let context = EventContext(operationID: subscription.operationID, delivery: delivery, logger: logger)
        do {
            try await handle(context, subscription.address)
            return .accepted
        } catch let failure as RequestFailure where failure.code.status < 500 {
            let violations = failure.violations.map { "\($0.pointer) \($0.rule)" }
            context.logger.warning("event rejected", metadata: ["failure": "\(failure.code)", "violations": "\(violations)"])
            return .rejected(failure)
        } catch {
            context.logger.error("event not handled", metadata: ["error": "\(error)", "attempt": "\(delivery.attempt)"])
            return .failed(error)
        }
    }

    /// For a subscription to an operation that the document does not have.
    public static func unknown(_ operationID: String) -> RequestFailure {
        RequestFailure(.notFound, detail: "There is no operation \(operationID).")
    }
}
