import APISupport
import HTTPTypes
import PeerAPI
import Synchronization
import Testing

/// The server of a document that describes its client.
struct FeedHandler: ChannelHandler {
    func feed(
        _ connection: Channels.Feed.ServerConnection, parameters: Channels.Feed.Parameters, context: CallContext
    ) async throws {
        let yes = try await connection.ready(.init())
        #expect(yes == .init())
        for text in ["one", "two"] { try await connection.send(.item(.init(text: text))) }
        for try await _ in connection.messages() {}
    }

    func console(
        _ connection: Channels.Console.ServerConnection, parameters: Channels.Console.Parameters, context: CallContext
    ) async throws {
        for try await line in connection.messages() { try await connection.send(TextMessage("> \(line.text)")) }
    }

    func subscribe(
        _ request: Schemas.FeedSubscribe, parameters: Channels.Feed.Parameters, context: CallContext
    ) async throws -> Schemas.FeedSubscribed { .init(topic: request.topic) }
}

struct Ready: FeedAnswers {
    func ready(_ request: Schemas.FeedReady) async throws -> Schemas.FeedYes { .init() }
}

/// Connects to a router in this process wherever it is told to connect, and keeps where that was.
final class RecordedSockets: WebSocketClientTransport {
    private let sockets: InProcessWebSockets
    private let recorded = Mutex<[String]>([])

    init(router: APIRouter) { sockets = InProcessWebSockets(router: router) }

    var urls: [String] { recorded.withLock { $0 } }

    nonisolated(nonsending) func connect<R>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        recorded.withLock { $0.append(request.url) }
        var request = request
        request.head.path = request.url.hasSuffix("console") ? "/v1/console" : "/v1/feed"
        return try await sockets.connect(request, body)
    }
}

@Suite("A document that describes the client, in part", .timeLimit(.minutes(1)))
struct PeerTests {
    private let transport = RecordedSockets(router: APIRouter(routes: [], webSockets: ChannelServer(handler: FeedHandler()).routes))

    @Test("What the described client sends, the server receives; each asks and answers")
    func roles() async throws {
        let client = ChannelClient(server: ChannelServers.main(), transport: transport)
        let texts = try await client.feed(.init(), answering: Ready()) { connection in
            let subscribed = try await connection.subscribe(.init(topic: "news"))
            #expect(subscribed == .init(topic: "news"))
            var texts: [String] = []
            for try await case .message(.item(let item)) in connection.incoming {
                texts.append(item.text)
                if texts.count == 2 { break }
            }
            return texts
        }
        #expect(texts == ["one", "two"])
        let invalid = await #expect(throws: WebSocketClosed.self) {
            try await client.feed(.init(), answering: Ready()) { try await $0.subscribe(.init(topic: "")) }
        }
        #expect(invalid?.code == .invalidPayload)
    }

    @Test("A server's path stands in place of the one in front of the addresses; a URL of one's own is behind nothing")
    func servers() async throws {
        for client in [
            ChannelClient(server: ChannelServers.main(), transport: transport),
            ChannelClient(server: ChannelServers.main(version: "v2/beta"), transport: transport),
            ChannelClient(server: ServerLocation(url: "ws://localhost"), transport: transport),
            ChannelClient(serverURL: "ws://localhost/proxy", transport: transport),
        ] {
            try await client.feed(.init(), answering: Ready()) { _ in }
        }
        #expect(
            transport.urls == [
                "wss://feeds.example.com:8443/v1/feed", "wss://feeds.example.com:8443/v2/beta/feed", "ws://localhost/feed",
                "ws://localhost/proxy/v1/feed",
            ])
        #expect(ChannelServers.MainPort.allCases.map(\.rawValue) == ["8443", "9443"])
        #expect(EventServers.queue(port: "7000").url == "redis://localhost:7000")
    }

    @Test("A frame is any text where the message's content type says so")
    func texts() async throws {
        let client = ChannelClient(server: ChannelServers.main(), transport: transport)
        let texts = try await client.console(.init()) { connection in
            for text in [#"{"not": "JSON"#, "", "\"ü\""] { try await connection.send(TextMessage(text)) }
            var texts: [String] = []
            for try await case .message(let line) in connection.incoming {
                texts.append(line.text)
                if texts.count == 3 { break }
            }
            return texts
        }
        #expect(texts == [#"> {"not": "JSON"#, "> ", "> \"ü\""])
    }

    @Test("An event's payload is text or bytes where its content type says so")
    func rawEvents() async throws {
        let broker = PublishedEvents()
        try await EventPublisher(transport: broker).log(Messages.LogsLog(headers: .init(level: "info"), payload: "{ü"))
        let log = Event(address: "logs", contentType: "text/plain", headers: ["level": "info"], payload: [UInt8]("{ü".utf8))
        #expect(broker.events == [log])
        let dispatcher = PeerDispatcher(handler: Readers(), core: EventCore(transport: broker))
        func isAccepted(_ event: Event, _ operation: String) async -> Bool {
            let subscription = EventSubscription(operationID: operation, address: EventAddress(event.address))
            if case .accepted = await dispatcher.receive(EventDelivery(event: event), subscription) { return true }
            return false
        }
        #expect(await isAccepted(log, "log"))
        var latin = log
        latin.contentType = "text/plain; charset=iso-8859-1"
        latin.payload = [0x7B, 0xFC]
        #expect(await isAccepted(latin, "log"))
        let image = Event(address: "images", contentType: "image/png", headers: ["reply": "here"], payload: [0, 255])
        #expect(await isAccepted(image, "resize"))
        #expect(broker.events.last == Event(address: "here", contentType: "image/png", payload: [255, 0]))
        var broken = log
        broken.payload = [255]
        #expect(!(await isAccepted(broken, "log")))
    }

    private struct Readers: PeerHandler {
        func audit(_ message: Schemas.AuditEntry, context: EventContext) async throws {}

        func log(_ message: Messages.LogsLog, context: EventContext) async throws {
            #expect(message.payload == "{ü" && message.headers.level == "info")
        }

        func resize(_ message: [UInt8], context: EventContext) async throws -> [UInt8] { message.reversed() }
    }

    @Test("An event of a broker that the application has a transport for")
    func event() async throws {
        let broker = PublishedEvents()
        try await EventPublisher(transport: broker).audit(.init(text: "a"))
        #expect(broker.events == [Event(address: "audit", payload: [UInt8](#"{"text":"a"}"#.utf8))])
    }
}

/// Keeps what is published.
final class PublishedEvents: EventTransport {
    private let published = Mutex<[Event]>([])

    var events: [Event] { published.withLock { $0 } }

    func publish(_ event: Event) async throws { published.withLock { $0.append(event) } }

    func deliver(
        _ subscriptions: [EventSubscription], to receive: @escaping @Sendable (EventDelivery, EventSubscription) async -> EventOutcome
    ) async throws {}
}
