import APISupport
import Testing

@testable import RuntimeHandlers

@Suite("The turn's state machine")
struct TurnStateMachineTests {
    private let now = Moment(date: Timestamp(secondsSinceEpoch: 1_750_000_000), uptime: .seconds(100))

    private func machine(_ agent: AgentType = .coder, steps: Int = 25, resultBytes: Int = 1000) -> TurnStateMachine {
        TurnStateMachine(
            turnID: "turn_1", agent: agent, model: "m",
            limits: TurnLimits(
                maximumSteps: steps, toolResultTimeout: .seconds(10), approvalTimeout: .seconds(60), maximumAnswerBytes: 100,
                maximumToolResultBytes: resultBytes
            ),
            makeIdentifier: { "\($0)new" }
        )
    }

    private func call(_ id: String, _ name: String, _ arguments: String) -> ToolCall { ToolCall(id: id, name: name, arguments: arguments) }

    @Test("Text ends the turn, with the usage of all calls")
    func text() throws {
        var machine = machine(.ask)
        #expect(try machine.modelWrote("Hel") == .textDelta(turnID: "turn_1", text: "Hel"))
        _ = try machine.modelWrote("lo")
        let usage = TokenUsage(promptTokens: 3, completionTokens: 2)
        let effects = machine.modelAnswered(ModelAnswer(usage: usage), at: now)
        #expect(effects.messages == [Message(role: .assistant, content: "Hello", name: "ask", createdAt: now.date)])
        #expect(
            effects.events == [
                .assistantMessage(turnID: "turn_1", content: "Hello", agent: .ask), .turnCompleted(turnID: "turn_1", usage: usage),
            ]
        )
        #expect(machine.state == .finished)
    }

    @Test("A reading call goes to the client, and its result back to the model")
    func reading() throws {
        var machine = machine()
        let read = call("c1", "read_file", #"{"path":"a.txt","start_line":null}"#)
        let asked = machine.modelAnswered(ModelAnswer(toolCalls: [read]), at: now)
        #expect(asked.messages == [Message(role: .assistant, content: nil, name: "coder", toolCalls: [read], createdAt: now.date)])
        #expect(
            asked.events == [
                .toolCall(turnID: "turn_1", callID: "c1", tool: "read_file", arguments: ["path": "a.txt"], requiresApproval: false)
            ]
        )
        #expect(machine.state == .awaitingClient)
        let returned = try machine.toolReturned(.result(["content": "x"]), callID: "c1", at: now)
        #expect(
            returned.messages == [
                Message(role: .tool, content: #"{"content":"x"}"#, name: "read_file", toolCallID: "c1", createdAt: now.date)
            ]
        )
        #expect(returned.events == [.toolResultRecorded(turnID: "turn_1", callID: "c1", tool: "read_file", isError: false)])
        #expect(machine.state == .callingModel)
    }

    @Test("Of parallel calls none is lost, and the model waits for all")
    func parallel() throws {
        var machine = machine()
        let calls = (1...3).map { call("c\($0)", "read_file", #"{"path":"\#($0)"}"#) }
        _ = machine.modelAnswered(ModelAnswer(toolCalls: calls), at: now)
        _ = try machine.toolReturned(.result("two"), callID: "c2", at: now)
        _ = try machine.toolReturned(.result("three"), callID: "c3", at: now)
        #expect(machine.state == .awaitingClient)
        #expect(throws: TurnRefusal.unknownCall) { try machine.toolReturned(.result("again"), callID: "c2", at: now) }
        _ = try machine.toolReturned(.result("one"), callID: "c1", at: now)
        #expect(machine.state == .callingModel)
    }

    @Test("A writing call waits for a decision, then for the result")
    func approval() throws {
        var machine = machine()
        let arguments: JSONObject = ["path": "a.txt", "content": "x"]
        let write = call("c1", "write_file", #"{"path":"a.txt","content":"x"}"#)
        let asked = machine.modelAnswered(ModelAnswer(toolCalls: [write]), at: now)
        #expect(
            asked.events == [
                .toolCall(turnID: "turn_1", callID: "c1", tool: "write_file", arguments: arguments, requiresApproval: true),
                .approvalRequired(
                    turnID: "turn_1", requestID: "apr_new", callID: "c1", tool: "write_file", arguments: arguments,
                    reason: "The agent wants to write a file."
                ),
            ]
        )
        let settled = try machine.decide(ApprovalDecision(.approve), callID: "c1", at: now)
        #expect(
            settled.events == [
                .approvalSettled(
                    turnID: "turn_1", requestID: "apr_new", callID: "c1", tool: "write_file", decision: .approve, arguments: arguments,
                    feedback: nil
                )
            ]
        )
        #expect(throws: TurnRefusal.alreadyDecided) { try machine.decide(ApprovalDecision(.reject), callID: "c1", at: now) }
        _ = try machine.toolReturned(.result(nil), callID: "c1", at: now)
        #expect(machine.state == .callingModel)
    }

    @Test(
        "A result alone settles the approval",
        arguments: [
            (ToolOutcome.result("ok"), ApprovalDecision.Kind.approve), (.error("User rejected: no"), .reject),
            (.error("disk full"), .approve),
        ]
    )
    func resultSettles(outcome: ToolOutcome, decision: ApprovalDecision.Kind) throws {
        var machine = machine()
        _ = machine.modelAnswered(ModelAnswer(toolCalls: [call("c1", "execute_command", #"{"command":"ls"}"#)]), at: now)
        let effects = try machine.toolReturned(outcome, callID: "c1", at: now)
        guard case .approvalSettled(_, "apr_new", "c1", "execute_command", decision, _, nil) = effects.events.first else {
            Issue.record("Not settled: \(effects.events)")
            return
        }
        #expect(machine.pendingCalls.isEmpty)
        #expect(machine.state == .callingModel)
    }

    @Test("An edit is checked like the model's arguments, and told to the model")
    func edit() throws {
        var machine = machine()
        _ = machine.modelAnswered(ModelAnswer(toolCalls: [call("c1", "write_file", #"{"path":"a","content":"x"}"#)]), at: now)
        #expect(throws: TurnRefusal.argumentsMissing) { try machine.decide(ApprovalDecision(.edit), callID: "c1", at: now) }
        let error = try #require(throws: TurnRefusal.self) {
            try machine.decide(ApprovalDecision(.edit, arguments: ["path": 1]), callID: "c1", at: now)
        }
        guard case .arguments(let refusal) = error else {
            Issue.record("Not refused for its arguments: \(error)")
            return
        }
        #expect(refusal.violations.map(\.pointer) == ["/modified_arguments/path", "/modified_arguments/content"])
        #expect(machine.pendingCalls.first?.progress == .awaitingApproval(requestID: "apr_new"))

        _ = try machine.decide(
            ApprovalDecision(.edit, arguments: ["path": "b", "content": "y"], feedback: "better"), callID: "c1", at: now)
        let effects = try machine.toolReturned(.result("written"), callID: "c1", at: now)
        #expect(
            effects.messages.first?.content == """
                The user changed the arguments to: {"path":"b","content":"y"}
                The user says: better
                written
                """
        )
    }

    @Test("A rejection is told to the model, with the user's words")
    func reject() throws {
        var machine = machine()
        _ = machine.modelAnswered(ModelAnswer(toolCalls: [call("c1", "create_directory", #"{"path":"d"}"#)]), at: now)
        let effects = try machine.decide(ApprovalDecision(.reject, feedback: "not there"), callID: "c1", at: now)
        #expect(
            effects.messages.first?.content == "Error: The user rejected this call; it was not carried out. The user says: not there"
        )
        #expect(machine.state == .callingModel)
    }

    @Test(
        "A call that may not be made is answered at once and leaves nothing pending",
        arguments: [
            (AgentType.ask, "write_file", #"{"path":"a","content":"x"}"#), (.coder, "delete_file", #"{"path":"a"}"#),
            (.architect, "write_file", #"{"path":"a.swift","content":"x"}"#), (.coder, "read_file", #"{"path":"#),
            (.coder, "read_file", "{}"), (.coder, "read_file", #"{"path":"a","offset":3}"#), (.coder, "execute_command", "[1]"),
            (.coder, "execute_command", #"{"command":"x","timeout":301}"#),
            (.coder, "write_file", #"{"path":"a","content":"\#(String(repeating: "x", count: 100))"}"#),
        ]
    )
    func forbidden(agent: AgentType, tool: String, arguments: String) throws {
        var machine = machine(agent)
        let effects = machine.modelAnswered(ModelAnswer(toolCalls: [call("c1", tool, arguments)]), at: now)
        #expect(effects.events == [.toolResultRecorded(turnID: "turn_1", callID: "c1", tool: tool, isError: true)])
        #expect(effects.messages.count == 2)
        #expect(try #require(effects.messages.last?.content).hasPrefix("Error: "))
        #expect(machine.pendingCalls.isEmpty)
        #expect(machine.state == .callingModel)
    }

    @Test("The architect writes Markdown, and an edit cannot lead it elsewhere")
    func architect() throws {
        var machine = machine(.architect)
        let write = call("c1", "write_file", #"{"path":"docs/a.MD","content":"x"}"#)
        _ = machine.modelAnswered(ModelAnswer(toolCalls: [write]), at: now)
        #expect(machine.pendingCalls.count == 1)
        #expect(throws: TurnRefusal.self) {
            try machine.decide(ApprovalDecision(.edit, arguments: ["path": "a.md/../x.sh", "content": "x"]), callID: "c1", at: now)
        }
    }

    @Test("switch_mode changes the agent within the turn")
    func switchMode() throws {
        var machine = machine(.orchestrator)
        let effects = machine.modelAnswered(
            ModelAnswer(toolCalls: [call("c1", "switch_mode", #"{"mode":"code","reason":"to write"}"#)]), at: now
        )
        #expect(effects.switches == [AgentSwitch(from: .orchestrator, to: .coder, reason: "to write", date: now.date)])
        #expect(
            effects.events.last == .agentSwitched(turnID: "turn_1", from: .orchestrator, to: .coder, reason: "to write", confidence: nil))
        #expect(machine.agent == .coder)
        #expect(machine.state == .callingModel)
    }

    @Test("attempt_completion ends the turn with its result, but only alone")
    func completion() throws {
        var machine = machine()
        let complete = call("c1", "attempt_completion", #"{"result":"All done."}"#)
        let together = machine.modelAnswered(ModelAnswer(toolCalls: [complete, call("c2", "read_file", #"{"path":"a"}"#)]), at: now)
        #expect(together.events.first == .toolResultRecorded(turnID: "turn_1", callID: "c1", tool: "attempt_completion", isError: true))
        _ = try machine.toolReturned(.result("a"), callID: "c2", at: now)
        let alone = machine.modelAnswered(ModelAnswer(toolCalls: [call("c3", "attempt_completion", #"{"result":"All done."}"#)]), at: now)
        #expect(
            alone.events.suffix(3) == [
                .textDelta(turnID: "turn_1", text: "All done."),
                .assistantMessage(turnID: "turn_1", content: "All done.", agent: .coder), .turnCompleted(turnID: "turn_1", usage: nil),
            ]
        )
        #expect(alone.messages.map(\.role) == [.assistant, .tool, .assistant])
        #expect(machine.state == .finished)
    }

    @Test("Call ids that are empty, unprintable, too long or used before are replaced")
    func identifiers() throws {
        var machine = machine()
        let calls = ["", "old", "c1", "c\u{0}", String(repeating: "c", count: 129)].map { call($0, "read_file", #"{"path":"a"}"#) }
        let effects = machine.modelAnswered(ModelAnswer(toolCalls: calls), usedCallIDs: ["old"], at: now)
        #expect(effects.messages.first?.toolCalls.map(\.id) == ["call_new", "call_new", "c1", "call_new", "call_new"])
    }

    @Test("A call whose client stays silent expires, and the model is told")
    func expiry() throws {
        var machine = machine()
        let calls = [call("c1", "read_file", #"{"path":"a"}"#), call("c2", "write_file", #"{"path":"a","content":""}"#)]
        _ = machine.modelAnswered(ModelAnswer(toolCalls: calls), at: now)
        #expect(machine.nextDeadline == .seconds(110))
        var later = now
        later.uptime = .seconds(109)
        #expect(machine.expireCalls(at: later).isEmpty)
        later.uptime = .seconds(110)
        #expect(machine.expireCalls(at: later).messages.map(\.toolCallID) == ["c1"])
        #expect(machine.state == .awaitingClient)
        later.uptime = .seconds(160)
        #expect(machine.expireCalls(at: later).messages.map(\.toolCallID) == ["c2"])
        #expect(machine.state == .callingModel)
        #expect(throws: TurnRefusal.unknownCall) { try machine.toolReturned(.result("late"), callID: "c1", at: later) }
    }

    @Test("A turn that does not come to an end fails at its last step")
    func stepLimit() throws {
        var machine = machine(steps: 2)
        for step in 1...2 {
            let effects = machine.modelAnswered(ModelAnswer(toolCalls: [call("c\(step)", "read_file", "{}")]), at: now)
            if step == 2 {
                guard case .turnFailed("turn_1", let failure) = effects.events.last else {
                    Issue.record("Not failed: \(effects.events)")
                    return
                }
                #expect(failure.code == .stepLimit)
            }
        }
        #expect(machine.state == .finished)
    }

    @Test("Cancelling keeps what was written and answers what was pending")
    func cancel() throws {
        var writing = machine()
        _ = try writing.modelWrote("Half a sen")
        let effects = writing.cancel(at: now)
        #expect(effects.messages.map(\.content) == ["Half a sen"])
        #expect(effects.events.last == .turnCancelled(turnID: "turn_1"))

        var waiting = machine()
        _ = waiting.modelAnswered(ModelAnswer(toolCalls: [call("c1", "read_file", #"{"path":"a"}"#)]), at: now)
        #expect(waiting.cancel(at: now).messages.map(\.toolCallID) == ["c1"])
        #expect(waiting.state == .finished)
        #expect(waiting.cancel(at: now).isEmpty)
        #expect(waiting.modelAnswered(ModelAnswer(), at: now).isEmpty)
    }

    @Test("Answers that are empty, withheld or too long fail")
    func badAnswers() throws {
        var empty = machine()
        guard case .turnFailed(_, let failure) = empty.modelAnswered(ModelAnswer(), at: now).events.last else {
            Issue.record("An empty answer did not fail")
            return
        }
        #expect(failure.code == .modelInvalidOutput)

        var withheld = machine()
        let effects = withheld.modelAnswered(ModelAnswer(finishReason: .contentFilter), at: now)
        guard case .turnFailed(_, let reason) = effects.events.last else {
            Issue.record("A withheld answer did not fail")
            return
        }
        #expect(reason.code == .modelRejected)

        var long = machine()
        _ = try long.modelWrote(String(repeating: "x", count: 90))
        #expect(throws: TurnFailure.self) { try long.modelWrote("\u{1}\u{1}") }
    }

    @Test("A long result is cut between characters, and the cut is said")
    func longResult() throws {
        var machine = machine(resultBytes: 4)
        _ = machine.modelAnswered(ModelAnswer(toolCalls: [call("c1", "read_file", #"{"path":"a"}"#)]), at: now)
        let effects = try machine.toolReturned(.result("äöü"), callID: "c1", at: now)
        #expect(effects.messages.first?.content == "äö\n[cut: 6 bytes in all; ask for a part]")
    }
}
