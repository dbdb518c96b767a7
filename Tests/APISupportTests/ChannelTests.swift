import Synchronization
import Testing

@testable import APISupport

@Suite("Locations in messages")
struct JSONLocationTests {
    private func find(_ text: String, _ path: String...) -> JSONLocation.Found { JSONLocation.find(path, in: [UInt8](text.utf8)) }

    @Test("finds strings and numbers by path, and where one is missing")
    func finds() {
        #expect(find(#"{"a":{"b":"x\u0079"}}"#, "a", "b") == .value("xy"))
        #expect(find(#" { "z" : [1,{"a":2}], "a" : -12 } "#, "a") == .value("-12"))
        #expect(find(#"{"a":{}}"#, "a", "b") == .absent(6))
        #expect(find(#"{"a":1}"#, "a", "b") == .nowhere)
        #expect(find(#"{"a":null}"#, "a") == .nowhere)
        #expect(find(#"{}"#, "a", "b") == .nowhere)
        #expect(find("[1]", "a") == .nowhere)
        #expect(find("{", "a") == .nowhere)
        #expect(find("", "a") == .nowhere)
    }

    @Test("puts a member in front of those that are there")
    func inserts() {
        for (text, result) in [("{}", #"{"id":7}"#), ("{ }", #"{"id":7 }"#), (#"{"a":1}"#, #"{"id":7,"a":1}"#)] {
            var bytes = [UInt8](text.utf8)
            guard case .absent(let offset) = find(text, "id") else {
                Issue.record("\(text)")
                return
            }
            JSONLocation.insert("id", .integer(7), at: offset, into: &bytes)
            #expect(String(decoding: bytes, as: UTF8.self) == result)
        }
        var bytes = [UInt8](#"{"a":{"b":1}}"#.utf8)
        JSONLocation.insert("q\"", .string("\n"), at: 6, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":{"q\"":"\n","b":1}}"#)
    }

    @Test("correlation ids differ and have the form that is asked for")
    func makesIDs() throws {
        let ids = CorrelationSequence()
        #expect(ids.next(.integer) == .integer(1) && ids.next(.integer) == .integer(2))
        #expect(ids.next(.string) != ids.next(.string))
        var validation = Validation()
        for _ in 0..<50 { validation.check(ids.next(.uuid).text, format: .uuid) }
        #expect(validation.isSatisfied)
        let text = ids.next(.uuid).text
        #expect(text.count == 36 && text.dropFirst(14).first == "4" && "89ab".contains(text.dropFirst(19).first ?? " "))
    }
}

@Suite("Bounded queues", .timeLimit(.minutes(1)))
struct BoundedQueueTests {
    @Test("keeps the order, refuses what is too much, ends after what is in it")
    func bounds() async throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.offer(1) && queue.offer(2) && !queue.offer(3))
        async let waited: Void = queue.room()
        #expect(try await queue.next() == 1)
        try await waited
        #expect(queue.offer(4))
        queue.finish()
        #expect(!queue.offer(5))
        #expect(try await queue.next() == 2)
        #expect(try await queue.next() == 4)
        #expect(try await queue.next() == nil)
    }

    @Test("a failure comes after what is in it, and wakes a reader")
    func fails() async throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        let reader = Task { try await queue.next() }
        await Task.yield()
        queue.finish(WebSocketClosed(code: .abnormal, reason: ""))
        await #expect(throws: WebSocketClosed.self) { try await reader.value }
        try await queue.room()
    }

    @Test("cancellation ends a wait")
    func cancels() async throws {
        let queue = BoundedQueue<Int>(capacity: 1)
        let reader = Task { try await queue.next() }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        #expect(queue.offer(1))
        let writer = Task { try await queue.room() }
        writer.cancel()
        await #expect(throws: CancellationError.self) { try await writer.value }
    }

    @Test("thousands of elements pass")
    func passesMany() async throws {
        let queue = BoundedQueue<Int>(capacity: 100)
        async let sum = {
            var sum = 0
            while let next = try await queue.next() { sum += next }
            return sum
        }()
        for number in 1...5_000 { while !queue.offer(number) { try await queue.room() } }
        queue.finish()
        #expect(try await sum == 5_000 * 5_001 / 2)
    }
}

@Suite("Exchanges", .timeLimit(.minutes(1)))
struct ExchangeTests {
    typealias Connection = MessageConnection<JSONObject, JSONObject>

    private func ask(_ connection: Connection, _ request: JSONObject) async throws -> String {
        try await connection.request("ask", request, correlation: nil, timeout: .seconds(5)) {
            (json: inout JSONReader) throws(JSONSyntaxError) -> String? in try json.readString()
        }
    }

    @Test("without a correlation id replies are told by what they are, one at a time")
    func ordered() async throws {
        let (client, server) = InMemoryMessageTransport.pair()
        let rules = ExchangeRules<JSONObject, JSONObject>(isOrderedReply: { bytes in
            JSONReader.reads(bytes) { (json: inout JSONReader) throws(JSONSyntaxError) -> String? in try json.readString() }
        })
        async let served: Void = {
            var number = 0
            while try await server.receive() != nil {
                number += 1
                try await server.send([UInt8](#"{"seen":\#(number)}"#.utf8))
                try await server.send([UInt8]("\"\(number)\"".utf8))
            }
        }()
        try await Connection.exchange(client, rules: rules, limits: ExchangeLimits()) { connection in
            async let first = ask(connection, ["q": .integer(1)])
            async let second = ask(connection, ["q": .integer(2)])
            #expect(Set(try await [first, second]) == ["1", "2"])
            var seen = 0
            for try await case .message(let message) in connection.incoming {
                #expect(message["seen"] != nil)
                seen += 1
                if seen == 2 { break }
            }
        }
        await client.close(.normal, reason: "")
        try await served
    }

    @Test("the end of the connection fails what waits")
    func ends() async throws {
        let (client, server) = InMemoryMessageTransport.pair()
        await #expect(throws: WebSocketClosed.self) {
            try await Connection.exchange(client, rules: ExchangeRules(), limits: ExchangeLimits()) { connection in
                async let asked = ask(connection, [:])
                _ = try await server.receive()
                await server.close(.internalError, reason: "gone")
                _ = try await asked
            }
        }
    }

    @Test("an outbox never waits: it closes the connection of a peer that takes nothing, or refuses")
    func outbox() async throws {
        let (client, _) = InMemoryMessageTransport.pair(capacity: 1)
        let closed = await #expect(throws: WebSocketClosed.self) {
            try await Connection(transport: client).withOutbox(capacity: 4) { outbox in
                for _ in 0..<20 { await outbox.offer([:]) }
                // Nothing comes: the closing cancels the wait.
                _ = try await InMemoryMessageTransport.pair().0.receive()
            }
        }
        #expect(closed?.code == .tryAgainLater && client.closed?.code == .tryAgainLater)

        let (sender, receiver) = InMemoryMessageTransport.pair()
        let refused = try await Connection(transport: sender).withOutbox(capacity: 1, overflow: .refuse) { outbox in
            var refused = 0
            for _ in 0..<3 { if await !outbox.offer([:]) { refused += 1 } }
            return refused
        }
        #expect(refused < 3)
        #expect(try await receiver.receive() == [UInt8]("{}".utf8))
    }

    @Test("invalid messages are answered where the handler says so")
    func answersInvalid() async throws {
        let (client, server) = InMemoryMessageTransport.pair()
        try await client.send([UInt8]("[1".utf8))
        try await client.send([UInt8](#"{"a":1}"#.utf8))
        let connection = Connection(transport: server)
        for try await message in connection.messages(invalid: .answer({ ["error": .string($0.code.name)] })) {
            #expect(message["a"] == .integer(1))
            break
        }
        #expect(try await client.receive() == [UInt8](#"{"error":"malformed-body"}"#.utf8))
    }
}

@Suite("Event addresses")
struct EventAddressTests {
    @Test("parameters are filled in and found again")
    func matches() {
        let address = EventAddress("lights.{street}.{lamp}.measured")
        #expect(address.pattern(wildcard: "*") == "lights.*.*.measured")
        #expect(address.filled(["street": "main", "lamp": "7"]) == "lights.main.7.measured")
        #expect(address.filled(["street": "main"]) == nil)
        #expect(address.match("lights.main.7.measured") == ["street": "main", "lamp": "7"])
        #expect(address.match("lights.main.a.7.measured") == ["street": "main", "lamp": "a.7"])
        #expect(address.match("lights..7.measured") == nil)
        #expect(address.match("lights.main.7.measured.twice") == nil)
        #expect(EventAddress("{a}{b}").match("xyz") == ["a": "x", "b": "yz"])
        #expect(EventAddress("plain").match("plain") == [:])
        #expect(EventAddress("{queue}").match("") == nil)
        #expect(EventAddress("a{").match("a{") == [:])
    }

    @Test("headers are texts; what is JSON is named")
    func headers() throws {
        var headers: EventHeaders = ["a": "1", "b": "x", "a": "2"]
        #expect(headers["a"] == "2" && headers.map(\.name) == ["a", "b"])
        headers["b"] = nil
        #expect(headers == ["a": "2"])
        #expect(headers.object(json: ["a"]) == ["a": .integer(2)])
        #expect(headers.object(json: []) == ["a": .string("2")])
        #expect(
            EventHeaders(["n": .integer(1), "o": .object(["k": .null]), "s": .string("t")]) == ["n": "1", "o": #"{"k":null}"#, "s": "t"])
    }

    @Test("a subscriber with no room holds the publisher back; nothing is lost")
    func holdsBack() async throws {
        let broker = InMemoryEventTransport(capacity: 2)
        let seen = Mutex<[String]>([])
        let receiver = Task {
            try await broker.deliver([EventSubscription(operationID: "o", address: EventAddress("a"))]) { delivery, _ in
                await Task.yield()
                seen.withLock { $0.append(delivery.id) }
                return .accepted
            }
        }
        while broker.subscribers(of: "a") == 0 { await Task.yield() }
        for _ in 0..<50 { try await broker.publish(Event(address: "a", payload: [])) }
        while seen.withLock({ $0.count }) < 50 { await Task.yield() }
        receiver.cancel()
        #expect(seen.withLock { $0 } == (1...50).map(String.init))
    }
}
