import APISupport
import GatewayAPI
import RuntimeAPI
import Testing

@Suite("Events as frames", .timeLimit(.minutes(1)))
struct FrameTests {
    private typealias Event = RuntimeAPI.Schemas.SessionEvent

    private static let always = [
        "type", "content", "token", "is_final", "call_id", "tool_name", "arguments", "requires_approval", "error", "metadata",
    ]

    /// The frames that a client gets for events.
    private func frames(_ events: Event..., deltas: Bool = false) async throws -> [JSONObject] {
        let gateway = GatewayFixture()
        var frames: [JSONObject] = []
        try await gateway.connect("ses_1", query: deltas ? "?deltas=true" : "") { (socket) async throws in
            for event in events { gateway.runtime.emit(event) }
            gateway.runtime.emit(.turnFailed(.init(turnID: "last", code: .internalError, message: "the end", retryable: false)))
            while true {
                let frame = try await socket.nextObject()
                if frame["turn_id"] == "last" { break }
                frames.append(frame)
            }
        }
        return frames
    }

    @Test("A message has all of the first CodeLab's members, its text in content and token alike, and is final")
    func message() async throws {
        let frames = try await frames(.assistantMessage(.init(turnID: "t", content: "Hello", agent: .ask)))
        let frame = try #require(frames.first)
        #expect(Array(frame.names.prefix(10)) == Self.always)
        #expect(frame["type"] == "assistant_message")
        #expect(frame["content"] == "Hello")
        #expect(frame["token"] == "Hello")
        #expect(frame["is_final"] == true)
        #expect(frame["call_id"] == .null)
        #expect(frame["error"] == .null)
        #expect(frame["session_id"] == nil)
    }

    @Test("With deltas the text comes in tokens, and the final frame's token is empty")
    func deltas() async throws {
        let frames = try await frames(
            .textDelta(.init(turnID: "t", text: "Hel")), .textDelta(.init(turnID: "t", text: "lo")),
            .assistantMessage(.init(turnID: "t", content: "Hello", agent: .ask)), deltas: true)
        #expect(frames.map { $0["type"] } == ["assistant_message", "assistant_message", "assistant_message"])
        #expect(frames.map { $0["token"] } == ["Hel", "lo", ""])
        #expect(frames.map { $0["is_final"] } == [false, false, true])
        #expect(frames.map { $0["content"] } == [.null, .null, "Hello"])
        #expect(frames.allSatisfy { $0["turn_id"] == "t" })
    }

    @Test("A client that did not ask gets neither deltas nor newer frame types")
    func compatible() async throws {
        let frames = try await frames(
            .turnStarted(.init(turnID: "t", agent: .ask)), .textDelta(.init(turnID: "t", text: "x")),
            .toolResultRecorded(.init(turnID: "t", callID: "c", toolName: "read_file", isError: false)),
            .approvalRequired(.init(turnID: "t", requestID: "a", callID: "c", toolName: "write_file", arguments: [:], reason: nil)),
            .approvalSettled(.init(turnID: "t", requestID: "a", callID: "c", toolName: "write_file", decision: .approve, arguments: [:])),
            .turnCompleted(.init(turnID: "t")), .turnCancelled(.init(turnID: "t")))
        #expect(frames.isEmpty)
    }

    @Test("A client that asked gets the turn's course")
    func course() async throws {
        let frames = try await frames(
            .turnStarted(.init(turnID: "t", agent: .ask)),
            .toolResultRecorded(.init(turnID: "t", callID: "c", toolName: "read_file", isError: true)),
            .approvalRequired(
                .init(turnID: "t", requestID: "a", callID: "c", toolName: "write_file", arguments: ["path": "p"], reason: "writes")),
            .approvalSettled(
                .init(
                    turnID: "t", requestID: "a", callID: "c", toolName: "write_file", decision: .edit, arguments: ["path": "q"],
                    feedback: "so")),
            .turnCompleted(.init(turnID: "t", usage: .init(promptTokens: 1, completionTokens: 2, totalTokens: 3))),
            .turnCancelled(.init(turnID: "t")),
            deltas: true)
        #expect(frames.map { $0["type"] } == ["status", "tool_result", "approval_required", "approval_settled", "status", "status"])
        let states = frames.map { $0["metadata"]?.objectValue?["state"] }
        #expect(states == ["turn_started", nil, nil, nil, "turn_completed", "turn_cancelled"])
        #expect(frames[1]["metadata"] == ["is_error": true])
        #expect(frames[2]["approval_request_id"] == "a")
        #expect(frames[2]["tool_name"] == "write_file")
        #expect(frames[2]["reason"] == "writes")
        #expect(frames[3]["metadata"] == ["decision": "edit", "feedback": "so"])
        #expect(frames[3]["arguments"] == ["path": "q"])
        #expect(frames[4]["metadata"]?.objectValue?["usage"]?.objectValue?["total_tokens"] == 3)
    }

    @Test("A tool call has its name and its arguments as an object", arguments: [true, false])
    func toolCall(deltas: Bool) async throws {
        let frames = try await frames(
            .toolCall(.init(turnID: "t", callID: "c", toolName: "write_file", arguments: ["path": "p"], requiresApproval: true)),
            deltas: deltas)
        let frame = try #require(frames.first)
        #expect(frame["type"] == "tool_call")
        #expect(frame["call_id"] == "c")
        #expect(frame["tool_name"] == "write_file")
        #expect(frame["arguments"] == ["path": "p"])
        #expect(frame["requires_approval"] == true)
        #expect(frame["content"] == .null)
    }

    @Test("A switch of the agent is told at top level and in the metadata")
    func agentSwitched() async throws {
        let frames = try await frames(
            .agentSwitched(.init(fromAgent: .orchestrator, toAgent: .coder, reason: "code", confidence: 0.5)),
            .agentSwitched(.init(turnID: "t", fromAgent: .coder, toAgent: .ask, reason: nil, confidence: nil)))
        let first = try #require(frames.first)
        #expect(first["type"] == "agent_switched")
        for (name, value) in [("from_agent", "orchestrator"), ("to_agent", "coder"), ("reason", "code"), ("confidence", 0.5)]
            as [(String, JSONValue)]
        {
            #expect(first[name] == value)
            #expect(first["metadata"]?.objectValue?[name] == value)
        }
        #expect(frames[1]["confidence"] == nil)
        #expect(frames[1]["metadata"]?.objectValue?["confidence"] == .null)
    }

    @Test("An error's text is in content and in error")
    func failed() async throws {
        let frames = try await frames(.turnFailed(.init(turnID: "t", code: .modelRateLimited, message: "too fast", retryable: true)))
        let frame = try #require(frames.first)
        #expect(frame["type"] == "error")
        #expect(frame["content"] == "too fast")
        #expect(frame["error"] == "too fast")
        #expect(frame["metadata"]?.objectValue?["code"] == "model_rate_limited")
        #expect(frame["metadata"]?.objectValue?["retryable"] == true)
    }
}
