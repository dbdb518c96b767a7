public import Logging

/// What surrounds the handling of one event.
public struct EventContext: Sendable {
    /// The operation's name in the document.
    public let operationID: String
    public let delivery: EventDelivery
    /// Carries `operation`, `address` and the event's id.
    public let logger: Logger

    /// The event as it came.
    public var event: Event { delivery.event }

    public init(operationID: String, delivery: EventDelivery, logger: Logger) {
        self.operationID = operationID
        self.delivery = delivery
        var logger = logger
        logger[metadataKey: "operation"] = "\(operationID)"
        logger[metadataKey: "address"] = "\(delivery.event.address)"
        if !delivery.id.isEmpty { logger[metadataKey: "event"] = "\(delivery.id)" }
        self.logger = logger
    }
}
