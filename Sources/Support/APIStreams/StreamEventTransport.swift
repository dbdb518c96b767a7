public import APISupport
public import Coordination
public import Logging

/// Events on streams of entries, one stream an address: an entry is the event's payload.
///
/// The event has to say everything in its payload, as CloudEvents do in structured content mode: an entry has no place for headers, and its
/// content type is the same for all.
///
/// ``deliver(_:to:)`` reads as a member of a consumer group, one event after the other. An event is acknowledged when it is accepted. One that
/// failed stays pending, and comes again when it has been idle for ``StreamDeliveryLimits/claimAfter``, as do those of members that are gone: behind
/// events that came after it. One that is rejected, or has failed ``StreamDeliveryLimits/maximumDeliveries`` times, is put onto the stream of dead
/// letters. While events fail, or the streams cannot be reached, the pauses grow.
public struct StreamEventTransport: EventTransport {
    /// Who reads.
    public struct Member: Sendable {
        /// The consumer group: each event goes to one of its members.
        public let group: String
        /// A name that no other process has at the same time.
        public let name: String
        /// Where dead letters go. Without it they are only logged, and gone for the group.
        public let deadLetters: (any EntryStream)?

        public init(group: String, name: String, deadLetters: (any EntryStream)?) {
            self.group = group
            self.name = name
            self.deadLetters = deadLetters
        }
    }

    /// What cannot be done.
    public enum Failure: Error, Sendable, Equatable {
        /// No stream has this address.
        case unknownAddress(String)
        /// The event has headers, or another content type.
        case notStructured
        /// There is no ``Member`` to read as, or the subscriptions are to none or several of the streams.
        case notReadable
    }

    private let streams: [String: any EntryStream]
    private let contentType: String
    private let member: Member?
    private let limits: StreamDeliveryLimits
    private let logger: Logger

    /// - Parameters:
    ///   - streams: By address.
    ///   - contentType: Of all events.
    ///   - member: nil for who only publishes.
    public init(
        streams: [String: any EntryStream], contentType: String = "application/cloudevents+json", member: Member? = nil,
        limits: StreamDeliveryLimits = StreamDeliveryLimits(), logger: Logger
    ) {
        self.streams = streams
        self.contentType = contentType
        self.member = member
        self.limits = limits
        self.logger = logger
    }

    public func publish(_ event: Event) async throws {
        guard let stream = streams[event.address] else { throw Failure.unknownAddress(event.address) }
        guard event.contentType == contentType, event.headers == [:] else { throw Failure.notStructured }
        try await stream.append(event.payload)
    }

    public func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {
        let subscribed = streams.filter { address, _ in subscriptions.contains { $0.address.match(address) != nil } }
        guard let member, let (address, stream) = subscribed.first, subscribed.count == 1 else { throw Failure.notReadable }
        let reader = StreamReader(stream: stream, member: member, limits: limits, logger: logger) { entry in
            let event = Event(address: address, contentType: contentType, payload: entry.payload)
            let delivery = EventDelivery(event: event, id: entry.id.description, attempt: entry.deliveries)
            for subscription in subscriptions where subscription.address.match(address) != nil {
                let outcome = await receive(delivery, subscription)
                if case .accepted = outcome { continue }
                return outcome
            }
            return .accepted
        }
        try await reader.run()
    }
}

/// The bounds of delivery from a stream.
public struct StreamDeliveryLimits: Sendable {
    /// Entries that are read at a time.
    public var batch = 32
    /// An event that was delivered so long ago and not acknowledged is taken over from whoever has it. Longer than handling a batch takes.
    public var claimAfter: Duration = .seconds(30)
    /// How often there is a look for such events.
    public var claimInterval: Duration = .seconds(5)
    /// The longest wait for new events at a time.
    public var wait: Duration = .seconds(2)
    /// Deliveries after which an event is a dead letter.
    public var maximumDeliveries = 10
    /// The pause after a failure; twice as long after each further one.
    public var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    public var longestPause: Duration = .seconds(10)

    public init() {}

    func pause(afterFailures failures: Int) -> Duration {
        min(firstPause * (1 << min(max(0, failures - 1), 16)), longestPause) * Double.random(in: 0.5...1)
    }
}
