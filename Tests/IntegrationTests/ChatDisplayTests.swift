import APISupport
import GatewayAPI
import Logging
import Testing

@testable import codelab

@Suite("What the terminal client shows")
struct ChatDisplayTests {
    private func frame(
        _ type: Schemas.ServerFrameType, content: String? = nil, token: String? = nil, isFinal: Bool? = nil, error: String? = nil,
        metadata: JSONObject? = nil, callID: String? = nil, tool: String? = nil, arguments: JSONObject? = nil
    ) -> Schemas.ServerFrame {
        Schemas.ServerFrame(
            type: type, content: content, token: token, isFinal: isFinal, callID: callID, toolName: tool, arguments: arguments,
            requiresApproval: nil, error: error, metadata: metadata
        )
    }

    @Test func deltasAreShownOnceAndWholeMessagesWhole() {
        var reader = TurnReader()
        #expect(reader.event(for: frame(.assistantMessage, token: "He", isFinal: false)) == .text("He"))
        #expect(reader.event(for: frame(.assistantMessage, content: "Hello", token: "", isFinal: true)) == .messageEnded(rest: ""))
        #expect(reader.event(for: frame(.assistantMessage, content: "Hi", token: "Hi", isFinal: true)) == .messageEnded(rest: "Hi"))
    }

    @Test func turnsEnd() {
        var reader = TurnReader()
        #expect(reader.event(for: frame(.status, metadata: ["state": "turn_started"])) == .nothing)
        #expect(reader.event(for: frame(.status, metadata: ["state": "turn_completed"])) == .ended(.completed))
        #expect(reader.event(for: frame(.status, metadata: ["state": "turn_cancelled"])) == .ended(.cancelled))
        #expect(reader.failure == nil)
        #expect(reader.event(for: frame(.error, error: "no model", metadata: ["state": "turn_failed"])) == .ended(.failed))
        #expect(reader.failure == "no model")
        #expect(reader.event(for: frame(.error, error: "what?")) == .failed("what?"))
    }

    @Test func unknownFramesAreNothing() {
        var reader = TurnReader()
        #expect(reader.event(for: frame(.unknown("weather"))) == .nothing)
        #expect(reader.event(for: frame(.toolCall)) == .failed("the server sent a tool call without its name"))
    }

    @Test("Control characters of a model or a file never reach the terminal")
    func printable() {
        #expect(Terminal.printable("a\u{1B}[2Jb\u{07}\u{9B}c\td\n") == "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c\td\n")
        #expect(Terminal.printable("x\r\ny\rz") == "x\nyz")
        #expect(Terminal.printable("safe\u{202E}exe.txt") == "safe\u{FFFD}exe.txt")
        #expect(Terminal.printable("жук 🪲") == "жук 🪲")
    }

    @Test("What is to be approved is shown as a whole")
    func details() {
        let call = TurnEvent.ToolCall(
            id: "c", tool: "write_file", arguments: ["path": "a", "content": "1\n2\n", "backup": true], requiresApproval: true)
        let details = ToolSummary.details(call)
        #expect(details.contains("| 1\n    | 2\n"))
        #expect(details.contains("backup: true"))
        #expect(ToolSummary.call(call) == "write_file: a (4 bytes)")
    }

    @Test("Log lines stay one line, in both formats")
    func logs() throws {
        let line = LogLine(
            time: Timestamp(secondsSinceEpoch: 0), level: .info, label: "auth", message: "two\nlines",
            metadata: [("name", "a b"), ("path", "/x\u{1B}[0m")])
        #expect(LogFormat.text.line(line) == "1970-01-01T00:00:00Z INFO auth: two\\u{a}lines name=\"a b\" path=/x\\u{1b}[0m\n")
        let json = try JSONReader.decode(JSONObject.self, from: Array(LogFormat.json.line(line).utf8))
        #expect(json["message"] == "two\nlines")
        #expect(json["logger"] == "auth")
        #expect(json["path"] == "/x\u{1B}[0m")
    }

    @Test("The first Ctrl-C cancels the turn and what runs in it, the second one leaves", .timeLimit(.minutes(1)))
    func interrupts() async throws {
        let interrupts = Interrupts()
        #expect(interrupts.interrupt() == nil)
        interrupts.turnBegins {}
        let (silence, never) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        defer { never.finish() }
        // Without an element and without an end, the stream ends only by cancellation.
        async let waiting = interrupts.run { () async throws -> Int in
            for await _ in silence {}
            try Task.checkCancellation()
            return 1
        }
        #expect(interrupts.interrupt() != nil)
        #expect(interrupts.interrupt() == nil)
        #expect(try await waiting == nil)
        interrupts.turnBegins {}
        #expect(try await interrupts.run { 7 } == 7)
        interrupts.turnEnded()
        #expect(interrupts.interrupt() == nil)
    }
}
