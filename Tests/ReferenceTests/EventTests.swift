import APISupport
import ChannelsAPI
import Synchronization
import Testing

/// Dims lamps; 13 per cent is bad luck, 99 fails twice.
final class LampHandler: EventHandler {
    let attempts = Mutex<[Int]>([])

    func dimLight(_ message: Messages.Dim, context: EventContext) async throws -> Messages.Dimmed {
        attempts.withLock { $0.append(context.delivery.attempt) }
        if message.payload == 13 { throw RequestFailure(.conflict, detail: "Bad luck.") }
        if message.payload == 99, context.delivery.attempt < 3 { throw LampBusy() }
        return Messages.Dimmed(headers: .init(), payload: message.payload)
    }
}

struct LampBusy: Error {}

/// Notes what lamps say.
struct LampObserver: PeerHandler {
    let seen: AsyncStream<String>.Continuation

    func lightMeasured(
        _ message: ChannelsAPI.Events.LightMeasuredMessage, parameters: ChannelsAPI.Events.LightMeasured.Parameters, context: EventContext
    ) async throws {
        switch message {
        case .measured(let message):
            seen.yield("\(parameters.street.rawValue) \(message.payload.lamp) \(message.payload.lumens) try \(message.headers.attempt)")
        case .broken(let broken):
            seen.yield("\(parameters.street.rawValue) \(broken.lamp) broken \(context.event.headers["attempt"] ?? "-")")
        }
    }
}

@Suite("Events over a broker", .timeLimit(.minutes(1)))
struct EventTests {
    /// Runs `body` beside what receives; ends both.
    func running<R: Sendable>(
        _ broker: InMemoryEventTransport, receivers: Int, _ run: @escaping @Sendable () async throws -> Void, on addresses: [String],
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await run()
                return nil
            }
            for address in addresses { while broker.subscribers(of: address) == 0 { await Task.yield() } }
            let result = try await body()
            group.cancelAll()
            return result
        }
    }

    @Test("what one side publishes the other handles: payload, headers, and parameters of the address")
    func delivers() async throws {
        let broker = InMemoryEventTransport()
        let (seen, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(8))
        let dispatcher = PeerDispatcher(handler: LampObserver(seen: continuation), core: EventCore(transport: broker))
        let lines = try await running(broker, receivers: 1, { try await dispatcher.run() }, on: ["lights.main.1.measured"]) {
            let publisher = EventPublisher(transport: broker)
            let measured = Schemas.LightMeasuredMeasured(lamp: "a.7", lumens: 40)
            try await publisher.lightMeasured(
                .measured(Messages.Measured(headers: .init(attempt: 2), payload: measured)), parameters: .init(street: .side))
            try await publisher.lightMeasured(.broken(.init(lamp: "8")), parameters: .init())
            // Not what the document describes: a header that is no number, a lamp that is none.
            try await broker.publish(
                Event(
                    address: "lights.main.9.measured", headers: ["attempt": "x"],
                    payload: [UInt8](#"{"kind":"measured","lamp":"9","lumens":1}"#.utf8)))
            try await broker.publish(Event(address: "lights.main.9.measured", payload: [UInt8](#"{"kind":"else"}"#.utf8)))
            try await publisher.lightMeasured(.broken(.init(lamp: "10")), parameters: .init())
            var lines: [String] = []
            for await line in seen {
                lines.append(line)
                if lines.count == 3 { break }
            }
            return lines
        }
        #expect(lines == ["side a.7 40 try 2", "main 8 broken -", "main 10 broken -"])
        #expect(broker.setAside.map(\.address) == ["lights.main.9.measured", "lights.main.9.measured"])
    }

    @Test("an event can be made without being published, for an outbox")
    func makesOnly() throws {
        let event = try EventPublisher.event(lightMeasured: .broken(.init(lamp: "8")), parameters: .init(street: .side))
        #expect(event == Event(address: "lights.side.8.measured", payload: [UInt8](#"{"kind":"broken","lamp":"8"}"#.utf8)))
    }

    @Test("a request over a broker has its reply, paired by a header and sent where the request says")
    func replies() async throws {
        let broker = InMemoryEventTransport()
        let handler = LampHandler()
        let dispatcher = EventDispatcher(handler: handler, core: EventCore(transport: broker))
        let inbox = EventReplies(transport: broker, address: "lights.replies.me")
        let run: @Sendable () async throws -> Void = {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await dispatcher.run() }
                group.addTask { try await inbox.run() }
                try await group.waitForAll()
            }
        }
        try await running(broker, receivers: 2, run, on: ["lights.commands", "lights.replies.me"]) {
            let publisher = PeerPublisher(transport: broker, replies: inbox)
            async let first = publisher.dimLight(Messages.Dim(headers: .init(), payload: 20))
            async let second = publisher.dimLight(Messages.Dim(headers: .init(traceID: "t"), payload: 99))
            let replies = try await [first, second]
            #expect(replies.map(\.payload) == [20, 99])
            #expect(replies[1].headers.traceID == "t" && replies[0].headers.traceID?.isEmpty == false)
            // Rejected: set aside, and never answered.
            let error = await #expect(throws: RequestError.self) {
                try await publisher.dimLight(Messages.Dim(headers: .init(), payload: 13), timeout: .milliseconds(50))
            }
            #expect(error?.code == .timedOut)
        }
        #expect(handler.attempts.withLock { $0.sorted() } == [1, 1, 1, 2, 3])
        #expect(broker.setAside.count == 1)
        let deaf = await #expect(throws: RequestError.self) {
            try await PeerPublisher(transport: broker).dimLight(Messages.Dim(headers: .init(), payload: 1))
        }
        #expect(deaf?.code == .noReplies)
    }

    @Test("subscriptions name the operation and the address's template")
    func subscribes() {
        let dispatcher = EventDispatcher(handler: LampHandler(), core: EventCore(transport: InMemoryEventTransport()))
        #expect(dispatcher.subscriptions == [EventSubscription(operationID: "dimLight", address: EventAddress("lights.commands"))])
    }
}
