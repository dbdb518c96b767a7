import HTTPTypes
import Testing

@testable import APISupport

@Suite struct EventStreamTests {
    private static let stream = [UInt8](
        "\u{FEFF}: comment\r\ndata: one\r\n\r\nevent: add\rdata:two\rdata:  lines\rid: 7\r\rretry: 250\ndata\n\nid: x\u{0}y\nunknown: z\nevent: empty\n\ndata: last\n\ndata: unfinished"
            .utf8)

    private static let expected: [ServerSentEvent<String>] = [
        ServerSentEvent(data: "one"), ServerSentEvent(event: "add", id: "7", data: "two\n lines"),
        ServerSentEvent(id: "7", data: "", retry: 250),
        ServerSentEvent(id: "7", data: "last"),
    ]

    private func text(_ event: EventStreamParser.Event) -> ServerSentEvent<String> {
        ServerSentEvent(event: event.event, id: event.id, data: String(decoding: event.data, as: UTF8.self), retry: event.retry)
    }

    @Test func chunksMayBeCutAnywhere() throws {
        for cut in 0...Self.stream.count {
            var parser = EventStreamParser()
            let events = try parser.feed(Array(Self.stream[..<cut])) + parser.feed(Array(Self.stream[cut...]))
            #expect(events.map(text) == Self.expected)
        }
        var parser = EventStreamParser()
        var events: [EventStreamParser.Event] = []
        for byte in Self.stream { events += try parser.feed([byte]) }
        #expect(events.map(text) == Self.expected)
    }

    @Test func eventsAreBounded() throws {
        var parser = EventStreamParser(limit: 100)
        #expect(try parser.feed([UInt8]("data: \(String(repeating: "x", count: 90))\n\n".utf8)).count == 1)
        #expect(throws: EventStreamParser.EventTooLarge.self) {
            for _ in 0..<20 { _ = try parser.feed([UInt8]("data: 0123456789\n".utf8)) }
        }
        var line = EventStreamParser(limit: 100)
        #expect(throws: EventStreamParser.EventTooLarge.self) { try line.feed([UInt8](repeating: 0x20, count: 101)) }
    }

    @Test func whatIsWrittenReadsBack() throws {
        let event = ServerSentEvent(event: "a\nb", id: "1\r2", data: [UInt8]("x\ny\r\nz".utf8), retry: 5)
        var parser = EventStreamParser()
        let read = try parser.feed(EventText.bytes(event)).map(text)
        #expect(read == [ServerSentEvent(event: "a b", id: "1 2", data: "x\ny\n\nz", retry: 5)])
    }

    @Test func typedEventsEndAtTheTerminator() async throws {
        let reply = self.reply("data: 1\n\ndata: 2\n\ndata: [DONE]\n\ndata: 3\n\n")
        let events: EventStream<Int64> = reply.eventStream(terminator: "[DONE]") { json throws(JSONSyntaxError) in try json.readInt64() }
        var numbers: [Int64] = []
        for try await event in events { numbers.append(event.data) }
        #expect(numbers == [1, 2])
    }

    @Test(arguments: [("data: 1\n\ndata: {\n\n", ClientError.Code.malformedBody), ("data: 1\n\ndata: \"x\"\n\n", .invalidBody)])
    func badDataEndsTheStreamWithAnError(_ text: String, _ code: ClientError.Code) async throws {
        let events: EventStream<Int64> = reply(text).eventStream(terminator: nil) { json throws(JSONSyntaxError) in try json.readInt64() }
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next()?.data == 1)
        do {
            _ = try await iterator.next()
            Issue.record("the second event is not good")
        } catch let error as ClientError {
            #expect(error.code == code)
        }
    }

    private func reply(_ text: String) -> ClientReply {
        ClientReply(operationID: "events", response: ClientResponse(head: .init(status: .ok), body: ByteStream([UInt8](text.utf8))))
    }
}
