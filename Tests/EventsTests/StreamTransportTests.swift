import APIStreams
import APISupport
import Coordination
import Logging
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import Synchronization
import TestServers
import Testing

/// What is asked of events on streams, in memory and on Redis.
@Suite("Events on streams", .timeLimit(.minutes(2)))
struct StreamTransportTests {
    enum Broker: CaseIterable, Sendable {
        case memory
        case redis
    }

    private static let address = "things.happened"

    /// Two empty streams: of the events, and of the dead letters.
    private func with(
        _ broker: Broker, _ body: (any EntryStream, any EntryStream, RedisServer?) async throws -> Void
    ) async throws {
        switch broker {
        case .memory:
            try await body(MemoryEntryStream(), MemoryEntryStream(), nil)
        case .redis:
            let server = try await RedisServer(settings: ["appendonly yes", "appendfsync always"])
            do {
                var configuration = try RedisConfiguration(url: server.url)
                configuration.commandTimeout = .seconds(2)
                try await RedisClient.withClient(configuration) { client in
                    try await body(
                        RedisEntryStream(client, name: Self.address, prefix: ""),
                        RedisEntryStream(client, name: "dead", prefix: ""), server)
                }
            } catch {
                try await server.stop()
                throw error
            }
            try await server.stop()
        }
    }

    private func transport(
        _ stream: any EntryStream, _ dead: (any EntryStream)? = nil, member: String = "a"
    ) -> StreamEventTransport {
        var limits = StreamDeliveryLimits()
        limits.claimAfter = .milliseconds(200)
        limits.claimInterval = .milliseconds(50)
        limits.wait = .milliseconds(100)
        limits.maximumDeliveries = 3
        limits.firstPause = .milliseconds(10)
        limits.longestPause = .milliseconds(100)
        return StreamEventTransport(
            streams: [Self.address: stream], contentType: "text/plain",
            member: .init(group: "g", name: member, deadLetters: dead),
            limits: limits, logger: Logger(label: "test"))
    }

    private func event(_ text: String) -> Event {
        Event(address: Self.address, contentType: "text/plain", payload: [UInt8](text.utf8))
    }

    private let subscriptions = [
        EventSubscription(operationID: "happened", address: EventAddress(Self.address))
    ]

    /// Delivers to `receive` until `isDone`.
    private func deliver(
        _ transport: StreamEventTransport, until isDone: () async throws -> Bool,
        _ receive: @escaping @Sendable (EventDelivery) async -> EventOutcome,
        beside: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: beside)
            group.addTask {
                do {
                    try await transport.deliver(subscriptions) { delivery, _ in await receive(delivery) }
                } catch is CancellationError {}
            }
            try await Deadline.wait("the events", for: isDone)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("Events come in order, once, and not again to the next member", arguments: Broker.allCases)
    func order(broker: Broker) async throws {
        try await with(broker) { stream, _, _ in
            let transport = transport(stream)
            for number in 0..<50 { try await transport.publish(event("\(number)")) }
            let notes = Notes()
            try await deliver(transport, until: { notes.texts.count >= 50 }) { notes.add($0) }
            #expect(notes.texts == (0..<50).map { "\($0)" })
            try await self.transport(stream, member: "b").publish(event("last"))
            try await deliver(self.transport(stream, member: "b"), until: { notes.texts.last == "last" }) { notes.add($0) }
            #expect(notes.texts.count == 51)
        }
    }

    @Test("What a member left behind comes to another one", arguments: Broker.allCases)
    func takeover(broker: Broker) async throws {
        try await with(broker) { stream, _, _ in
            let transport = transport(stream)
            for number in 0..<10 { try await transport.publish(event("\(number)")) }
            let notes = Notes()
            // It has read all of them, and ends in the middle of the third.
            try await deliver(transport, until: { notes.texts.count == 3 }) { delivery in
                _ = notes.add(delivery)
                guard notes.texts.count == 3 else { return .accepted }
                let silence = AsyncStream<Never> { _ in }
                for await _ in silence {}
                return .failed(CancellationError())
            }
            let others = Notes()
            try await deliver(self.transport(stream, member: "b"), until: { others.texts.count == 8 }) {
                others.add($0)
            }
            #expect(others.texts == (2..<10).map { "\($0)" })
            #expect(others.attempts.allSatisfy { $0 == 2 })
        }
    }

    @Test(
        "What cannot be handled is set aside: at once when it is wrong, else after some attempts",
        arguments: Broker.allCases)
    func poison(broker: Broker) async throws {
        try await with(broker) { stream, dead, _ in
            let transport = transport(stream, dead)
            for text in ["1", "poison", "2", "wrong", "3"] { try await transport.publish(event(text)) }
            let (good, bad) = (Notes(), Notes())
            try await deliver(
                transport,
                until: { try await dead.read(after: .zero, count: 10, wait: .zero).entries.count == 2 }
            ) { delivery in
                switch String(decoding: delivery.event.payload, as: UTF8.self) {
                case "poison":
                    _ = bad.add(delivery)
                    return .failed(BrokerAway())
                case "wrong": return .rejected(RequestFailure(.invalid))
                default: return good.add(delivery)
                }
            }
            #expect(good.texts == ["1", "2", "3"])
            #expect(bad.attempts == [1, 2, 3])
            let letters = try await dead.read(after: .zero, count: 10, wait: .zero).entries
            #expect(letters.map { String(decoding: $0.payload, as: UTF8.self) } == ["wrong", "poison"])
            #expect(try await stream.claim("g", as: "c", idleFor: .zero, count: 10).entries.isEmpty)
        }
    }

    @Test("A broker that is restarted loses nothing, and reading goes on")
    func restart() async throws {
        try await with(.redis) { stream, _, server in
            let server = try #require(server)
            let transport = transport(stream)
            let notes = Notes()
            try await deliver(transport, until: { Set(notes.texts).count == 40 }) {
                notes.add($0)
            } beside: {
                // Comes again until the broker has it, as the relay does.
                for number in 0..<40 {
                    if number == 20 {
                        server.kill()
                        try await server.start()
                    }
                    while true {
                        do {
                            try await transport.publish(event("\(number)"))
                            break
                        } catch is RedisError {
                            await Task.yield()
                        }
                    }
                }
            }
            #expect(Set(notes.texts) == Set((0..<40).map { "\($0)" }))
        }
    }

    @Test("What a stream cannot carry is refused")
    func refusals() async throws {
        let transport = StreamEventTransport(
            streams: [Self.address: MemoryEntryStream()], logger: Logger(label: "test"))
        await #expect(throws: StreamEventTransport.Failure.notStructured) {
            try await transport.publish(event("x"))
        }
        await #expect(throws: StreamEventTransport.Failure.unknownAddress("else")) {
            try await transport.publish(
                Event(address: "else", contentType: "application/cloudevents+json", payload: []))
        }
        let withHeader = Event(
            address: Self.address, contentType: "application/cloudevents+json", headers: ["a": "b"],
            payload: [])
        await #expect(throws: StreamEventTransport.Failure.notStructured) {
            try await transport.publish(withHeader)
        }
        await #expect(throws: StreamEventTransport.Failure.notReadable) {
            try await transport.deliver(subscriptions) { _, _ in .accepted }
        }
    }
}

/// What has been delivered.
private final class Notes: Sendable {
    private let deliveries = Mutex<[EventDelivery]>([])

    func add(_ delivery: EventDelivery) -> EventOutcome {
        deliveries.withLock { $0.append(delivery) }
        return .accepted
    }

    var texts: [String] {
        deliveries.withLock { $0.map { String(decoding: $0.event.payload, as: UTF8.self) } }
    }
    var attempts: [Int] { deliveries.withLock { $0.map(\.attempt) } }
}
