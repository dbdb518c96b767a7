import APISupport
import RuntimeAPI
import RuntimeHandlers
import Testing

/// Whole turns through the service's interface.
@Suite("A turn", .timeLimit(.minutes(1)))
struct TurnTests {
    private typealias Harness = RuntimeHarness
    private static let read = ("c1", "read_file", #"{"path":"a.txt"}"#)
    private static let write = ("c1", "write_file", #"{"path":"a.txt","content":"x"}"#)

    @Test("Text is streamed, stored and announced")
    func text() async throws {
        let usage = TokenUsage(promptTokens: 5, completionTokens: 2)
        try await Harness.run(.events([.textDelta("Hel"), .textDelta("lo"), .finished(.stop, usage: usage)])) { runtime in
            let session = try await runtime.makeSession(.ask)
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Greet me.\nPlease.", into: session)
            let events = try await reader.turn()
            #expect(
                events.map(\.type) == ["turn_started", "text_delta", "text_delta", "assistant_message", "turn_completed"]
            )
            guard case .turnStarted(let started) = events.first, case .turnCompleted(let completed) = events.last else {
                Issue.record("\(events)")
                return
            }
            #expect(started.turnID == completed.turnID)
            #expect(completed.usage == Schemas.Usage(promptTokens: 5, completionTokens: 2, totalTokens: 7))
            #expect(events[3] == .assistantMessage(.init(turnID: started.turnID, content: "Hello", agent: .ask)))

            let history = try await runtime.history(session)
            #expect(
                history.messages == [
                    .init(role: .user, content: "Greet me.\nPlease."), .init(role: .assistant, content: "Hello", name: "ask"),
                ]
            )
            let stored = try await runtime.session(session)
            #expect(stored.title == "Greet me.")
            #expect(stored.messageCount == 2)
            #expect(stored.state == .idle)
            let request = try #require(runtime.model.requests.first)
            #expect(request.systemPrompt.contains("guide to a code base"))
            #expect(request.tools.map(\.name) == ["read_file", "list_files", "search_in_code", "attempt_completion", "switch_mode"])
        }
    }

    @Test("A reading call runs at the client without approval, and its result reaches the model")
    func reading() async throws {
        try await Harness.run(.calls(Self.read), .text("It says x.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("What does it say?", into: session)
            let call = try #require(try await reader.toolCalls().first)
            #expect(call.toolName == "read_file")
            #expect(call.arguments == ["path": "a.txt"])
            #expect(call.requiresApproval == false)
            #expect(try await runtime.session(session).state == .running)
            try await runtime.send(.toolResult(.init(callID: call.callID, result: ["content": "x"])), into: session)
            #expect(
                try await reader.turn().map(\.type) == ["tool_result_recorded", "text_delta", "assistant_message", "turn_completed"]
            )
            let messages = try await runtime.history(session).messages
            #expect(messages.map(\.role) == [.user, .assistant, .tool, .assistant])
            #expect(messages[1].toolCalls?.first?.function == .init(name: "read_file", arguments: Self.read.2))
            #expect(messages[2] == .init(role: .tool, content: #"{"content":"x"}"#, name: "read_file", toolCallID: "c1"))
            #expect(runtime.model.requests.last?.messages.last?.content == #"{"content":"x"}"#)
        }
    }

    @Test("A writing call is approved by a decision, then carried out")
    func decision() async throws {
        try await Harness.run(.calls(Self.write), .text("Written.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write.", into: session)
            _ = try await reader.events { if case .approvalRequired = $0 { true } else { false } }
            let approval = try #require(try await runtime.pendingApprovals(session).first)
            #expect(approval.callID == "c1")
            #expect(approval.toolName == "write_file")
            #expect(approval.subject == "write_file: a.txt")
            #expect(approval.arguments == ["path": "a.txt", "content": "x"])
            try await runtime.send(.hitlDecision(.init(callID: "c1", decision: .approve)), into: session)
            #expect(try await runtime.pendingApprovals(session).isEmpty)
            let again = try await runtime.put(.hitlDecision(.init(callID: "c1", decision: .reject)), into: session)
            guard case .conflict(let problem) = again else {
                Issue.record("\(again)")
                return
            }
            #expect(problem.type == "urn:codelab:problem:already-decided")
            try await runtime.send(.toolResult(.init(callID: "c1", result: ["ok": true])), into: session)
            #expect(
                try await reader.turn().map(\.type) == [
                    "approval_settled", "tool_result_recorded", "text_delta", "assistant_message", "turn_completed",
                ]
            )
        }
    }

    @Test("A result alone settles the approval", arguments: [nil, "User rejected: not now"])
    func resultAlone(error: String?) async throws {
        try await Harness.run(.calls(Self.write), .text("I see.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write.", into: session)
            _ = try await reader.toolCalls()
            try await runtime.send(.toolResult(.init(callID: "c1", result: error == nil ? "done" : nil, error: error)), into: session)
            let events = try await reader.turn()
            let settled = events.compactMap { if case .approvalSettled(let event) = $0 { event.decision } else { nil } }
            #expect(settled == [error == nil ? .approve : .reject])
            #expect(try await runtime.pendingApprovals(session).isEmpty)
            #expect(runtime.model.requests.last?.messages.last?.content == (error.map { "Error: \($0)" } ?? "done"))
        }
    }

    @Test("Of parallel calls all run, and the model is asked once all have a result")
    func parallel() async throws {
        let calls = ScriptedModelClient.Answer.calls(Self.read, ("c2", "list_files", #"{"path":"."}"#), ("c3", "write_file", Self.write.2))
        try await Harness.run(calls, .text("Done.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            #expect(try await reader.toolCalls(3).map(\.callID) == ["c1", "c2", "c3"])
            for id in ["c3", "c1"] { try await runtime.send(.toolResult(.init(callID: id, result: .string(id))), into: session) }
            #expect(runtime.model.requests.count == 1)
            try await runtime.send(.toolResult(.init(callID: "c2", result: "c2")), into: session)
            _ = try await reader.turn()
            #expect(runtime.model.requests.last?.messages.suffix(3).compactMap(\.toolCallID) == ["c3", "c1", "c2"])
        }
    }

    @Test("A rejected call is told to the model and not carried out")
    func reject() async throws {
        try await Harness.run(.calls(Self.write), .text("As you wish.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write.", into: session)
            _ = try await reader.toolCalls()
            try await runtime.send(.hitlDecision(.init(callID: "c1", decision: .reject, feedback: "Wrong file")), into: session)
            _ = try await reader.turn()
            let told = try #require(runtime.model.requests.last?.messages.last?.content)
            #expect(told.contains("rejected"))
            #expect(told.contains("Wrong file"))
        }
    }

    @Test("An edit replaces the arguments, after they are checked")
    func edit() async throws {
        try await Harness.run(.calls(Self.write), .text("Done.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write.", into: session)
            _ = try await reader.toolCalls()
            for (arguments, pointer) in [
                (nil, "/modified_arguments"), (["path": "b.txt", "content": 1], "/modified_arguments/content"),
            ] as [(JSONObject?, String)] {
                let message = Schemas.HitlDecision(callID: "c1", decision: .edit, modifiedArguments: arguments)
                guard case .unprocessableContent(let problem) = try await runtime.put(.hitlDecision(message), into: session) else {
                    Issue.record("Not refused: \(String(describing: arguments))")
                    return
                }
                #expect(problem.errors?.map(\.pointer) == [pointer])
            }
            let edited: JSONObject = ["path": "b.txt", "content": "y"]
            try await runtime.send(.hitlDecision(.init(callID: "c1", decision: .edit, modifiedArguments: edited)), into: session)
            let settled = try await reader.events { if case .approvalSettled = $0 { true } else { false } }
            guard case .approvalSettled(let event) = settled.last else { return }
            #expect(event.arguments == edited)
            try await runtime.send(.toolResult(.init(callID: "c1", result: "ok")), into: session)
            _ = try await reader.turn()
        }
    }

    @Test("A forbidden call is answered to the model and leaves no approval pending")
    func forbidden() async throws {
        try await Harness.run(.calls(Self.write), .text("I cannot write.")) { runtime in
            let session = try await runtime.makeSession(.ask)
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write.", into: session)
            #expect(
                try await reader.turn().map(\.type) == [
                    "turn_started", "tool_result_recorded", "text_delta", "assistant_message", "turn_completed",
                ]
            )
            #expect(try await runtime.pendingApprovals(session).isEmpty)
            #expect(runtime.model.requests.last?.messages.last?.content?.contains("has no tool write_file") == true)
        }
    }

    @Test("The orchestrator hands over within the turn, and the next agent has its own tools")
    func handover() async throws {
        let handover = ScriptedModelClient.Answer.calls(("c1", "switch_mode", #"{"mode":"ask","reason":"A question."}"#))
        try await Harness.run(handover, .text("Here.")) { runtime in
            let session = try await runtime.makeSession(.orchestrator)
            var reader = try await runtime.reader(of: session)
            try await runtime.say("How?", into: session)
            let events = try await reader.turn()
            let switched = events.compactMap { if case .agentSwitched(let event) = $0 { event } else { nil } }
            #expect(switched.map(\.toAgent) == [.ask])
            #expect(switched.first?.reason == "A question.")
            #expect(runtime.model.requests.map { $0.systemPrompt.contains("orchestrator. You receive") } == [true, false])
            let context = try await runtime.client.getCurrentAgent(.init(sessionID: session, codeLabUser: "u1")).ok
            #expect(context.currentAgent == .ask)
            #expect(context.switchCount == 1)
            #expect(context.switchHistory.map(\.from) == [.orchestrator])
        }
    }

    @Test("A client switches the agent, with text or without")
    func switchAgent() async throws {
        try await Harness.run(.text("Yes.")) { runtime in
            let session = try await runtime.makeSession(.orchestrator)
            var reader = try await runtime.reader(of: session)
            #expect(try await runtime.send(.switchAgent(.init(agentType: .debug, content: " ")), into: session) == nil)
            #expect(try await runtime.session(session).currentAgent == .debug)
            try await runtime.send(.switchAgent(.init(agentType: .ask, content: "Is it?", reason: "Mine")), into: session)
            let events = try await reader.turn()
            #expect(
                events.map(\.type) == [
                    "agent_switched", "agent_switched", "turn_started", "text_delta", "assistant_message", "turn_completed",
                ]
            )
            #expect(try await runtime.history(session).agentHistory.map(\.reason) == [nil, "Mine"])
        }
    }

    @Test("attempt_completion gives the turn's answer")
    func completion() async throws {
        try await Harness.run(.calls(("c1", "attempt_completion", #"{"result":"All done."}"#))) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Do it.", into: session)
            let events = try await reader.turn()
            #expect(
                events.map(\.type) == ["turn_started", "tool_result_recorded", "text_delta", "assistant_message", "turn_completed"]
            )
            #expect(try await runtime.history(session).messages.last?.content == "All done.")
        }
    }
}
