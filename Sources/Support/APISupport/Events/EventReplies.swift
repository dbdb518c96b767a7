internal import Synchronization

/// Where an application receives the replies to what it asks over a broker.
///
/// One for each address of replies; `run()` is to be running while requests are made.
public final class EventReplies: Sendable {
    /// The address that replies are sent to.
    public let address: String
    private let transport: any EventTransport
    private let table: ReplyTable<Event>
    private let ids = CorrelationSequence()
    private let locations: ReplyLocations
    private let timeout: Duration

    /// `address` is where replies come in; a request says it to whoever answers, where its document has a place for that.
    public init(transport: any EventTransport, address: String, requestsInFlight: Int = 64, timeout: Duration = .seconds(30)) {
        self.transport = transport
        self.address = address
        self.timeout = timeout
        table = ReplyTable(places: max(1, requestsInFlight))
        locations = ReplyLocations()
    }

    /// Receives replies until cancelled.
    public func run() async throws {
        let subscription = EventSubscription(operationID: "replies", address: EventAddress(address))
        do {
            try await transport.deliver([subscription]) { delivery, _ in
                self.receive(delivery.event)
                return .accepted
            }
        } catch {
            table.finish(error)
            throw error
        }
    }

    /// A reply that nobody waits for (any more) is dropped: it came too late.
    private func receive(_ event: Event) {
        for location in locations.all {
            guard let name = EventCall.value(inHeader: location.isHeader, at: location.path, of: event.headers, event.payload) else {
                continue
            }
            if table.deliver(event, for: name) { return }
        }
    }

    /// Publishes a request and waits for the reply with the same correlation id.
    public func request(
        _ call: EventCall, correlation: EventCorrelation, addressIn place: (isHeader: Bool, path: [String])?, timeout: Duration?
    ) async throws -> Event {
        var call = call
        if let place { _ = call.setDefault(.string(address), inHeader: place.isHeader, at: place.path) }
        let id = ids.next(correlation.kind)
        guard let name = call.setDefault(id, inHeader: correlation.requestInHeader, at: correlation.request) else {
            throw RequestError(operationID: call.operationID, code: .uncorrelated)
        }
        locations.add(correlation.reply, isHeader: correlation.replyInHeader)
        let event = try call.event()
        let transport = transport
        return try await table.request(call.operationID, timeout: timeout ?? self.timeout, name: name) {
            try await transport.publish(event)
        }
    }
}

/// The places where replies carry their correlation ids: as many as a document has operations.
private final class ReplyLocations: Sendable {
    struct Location: Equatable {
        var path: [String]
        var isHeader: Bool
    }

    private let known = Mutex<[Location]>([])

    var all: [Location] { known.withLock { $0 } }

    func add(_ path: [String], isHeader: Bool) {
        let location = Location(path: path, isHeader: isHeader)
        known.withLock { known in
            if !known.contains(location) { known.append(location) }
        }
    }
}
