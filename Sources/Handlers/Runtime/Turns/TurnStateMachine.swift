import APISupport

/// One turn, from the user's message to the agent's answer, as a pure value: it is told what happens, and says what that leads to.
///
/// It neither waits nor stores nor calls. A step is one model call and all tool calls that it makes; the model is called again when every one
/// of these has its result. ``LiveSession`` drives it.
struct TurnStateMachine: Sendable {
    /// What the turn waits for.
    enum State: Sendable {
        /// The model's answer.
        case callingModel
        /// The client: at least one call is pending.
        case awaitingClient
        /// Nothing; the turn is over.
        case finished
    }

    let turnID: String
    private let limits: TurnLimits
    private let agents: AgentCatalogue
    private let makeIdentifier: @Sendable (String) -> String

    private(set) var state = State.callingModel
    /// The agent that acts.
    private(set) var agent: AgentType
    /// Calls that wait, in the order in which the model made them.
    private(set) var pendingCalls: [PendingCall] = []
    /// Text of the model's present answer, as far as it has come.
    private(set) var partialText = ""
    /// Bytes of ``partialText`` as JSON.
    private var partialSize = 0
    private var steps = 0
    private var usage: TokenUsage?

    /// A turn that is about to call the model.
    ///
    /// - Parameter makeIdentifier: Gives a new id with the prefix it is passed.
    init(
        turnID: String, agent: AgentType, limits: TurnLimits, agents: AgentCatalogue = .standard,
        makeIdentifier: @escaping @Sendable (String) -> String = Identifier.make
    ) {
        self.turnID = turnID
        self.agent = agent
        self.limits = limits
        self.agents = agents
        self.makeIdentifier = makeIdentifier
    }

    /// The earliest ``Moment/uptime`` at which a pending call is given up.
    var nextDeadline: Duration? { pendingCalls.map(\.deadline).min() }

    // MARK: The model

    /// The model's text grows.
    ///
    /// - Throws: ``TurnFailure`` when the answer is longer than the bound; the caller ends the turn with it.
    mutating func modelWrote(_ text: String) throws(TurnFailure) -> SessionEvent {
        partialSize += text.encodedSize
        guard partialSize <= limits.maximumAnswerBytes else {
            throw TurnFailure(.modelInvalidOutput, message: "The model's answer is too long.", isRetryable: true)
        }
        partialText += text
        return .textDelta(turnID: turnID, text: text)
    }

    /// The model's answer is complete; its text is ``partialText``.
    ///
    /// - Parameter usedCallIDs: Ids of calls that the session has seen: a model's id that is among them is replaced.
    mutating func modelAnswered(_ answer: ModelAnswer, usedCallIDs: Set<String> = [], at moment: Moment) -> TurnEffects {
        guard state == .callingModel else { return TurnEffects() }
        steps += 1
        addUsage(answer.usage)
        let text = partialText
        partialText = ""
        partialSize = 0
        if answer.toolCalls.isEmpty { return finalAnswer(text, answer.finishReason, at: moment) }

        let calls = Self.withUniqueIDs(answer.toolCalls, used: usedCallIDs, makeIdentifier)
        var effects = TurnEffects()
        effects.messages.append(
            Message(
                role: .assistant, content: text.isEmpty ? nil : text, name: agent.rawValue, toolCalls: calls, createdAt: moment.date
            )
        )
        if !text.isEmpty { effects.events.append(.assistantMessage(turnID: turnID, content: text, agent: agent)) }
        let asking = agents[agent]
        for call in calls {
            do throws(CallPolicy.Refusal) {
                let permission = try CallPolicy.check(call, by: asking, maximumBytes: limits.maximumAnswerBytes)
                effects.append(start(call, permission, by: asking.type, alone: calls.count == 1, at: moment))
            } catch {
                effects.append(record("Error: \(error.message)", isError: true, for: call.id, tool: call.name, at: moment))
            }
            if state == .finished { return effects }
        }
        effects.append(goOn(at: moment))
        return effects
    }

    private mutating func finalAnswer(_ text: String, _ reason: ModelEvent.FinishReason, at moment: Moment) -> TurnEffects {
        if reason == .contentFilter {
            return fail(TurnFailure(.modelRejected, message: "The model's provider withheld the answer.", isRetryable: false), at: moment)
        }
        guard !text.isEmpty else {
            return fail(TurnFailure(.modelInvalidOutput, message: "The model's answer is empty.", isRetryable: true), at: moment)
        }
        return complete(with: text, at: moment)
    }

    /// Ids that are empty, too long, unprintable or used before are replaced: a client tells calls apart by them.
    private static func withUniqueIDs(
        _ calls: [ToolCall], used: Set<String>, _ makeIdentifier: (String) -> String
    ) -> [ToolCall] {
        var used = used
        return calls.map { call in
            let isUsable =
                (1...128).contains(call.id.utf8.count) && call.id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                && used.insert(call.id).inserted
            return ToolCall(
                id: isUsable ? call.id : makeIdentifier("call_"), name: String(call.name.prefix(64)), arguments: call.arguments
            )
        }
    }

    // MARK: Tool calls

    private mutating func start(
        _ call: ToolCall, _ permission: CallPolicy.Permission, by asking: AgentType, alone: Bool, at moment: Moment
    ) -> TurnEffects {
        switch permission.tool.name {
        case .switchMode: switchMode(call, permission.arguments, at: moment)
        case .attemptCompletion: attemptCompletion(call, permission.arguments, alone: alone, at: moment)
        default: handToClient(call, permission, by: asking, at: moment)
        }
    }

    private mutating func handToClient(
        _ call: ToolCall, _ permission: CallPolicy.Permission, by asking: AgentType, at moment: Moment
    ) -> TurnEffects {
        let tool = permission.tool
        let requestID = tool.requiresApproval ? makeIdentifier("apr_") : nil
        let pending = PendingCall(
            callID: call.id, tool: tool, agent: asking, arguments: permission.arguments,
            progress: requestID.map { .awaitingApproval(requestID: $0) } ?? .awaitingResult,
            deadline: moment.uptime + (requestID == nil ? limits.toolResultTimeout : limits.approvalTimeout), createdAt: moment.date
        )
        pendingCalls.append(pending)
        var effects = TurnEffects()
        effects.events.append(
            .toolCall(
                turnID: turnID, callID: call.id, tool: call.name, arguments: permission.arguments, requiresApproval: tool.requiresApproval
            )
        )
        if let requestID {
            effects.events.append(
                .approvalRequired(
                    turnID: turnID, requestID: requestID, callID: call.id, tool: call.name, arguments: permission.arguments,
                    reason: pending.approvalReason
                )
            )
        }
        return effects
    }

    private mutating func switchMode(_ call: ToolCall, _ arguments: JSONObject, at moment: Moment) -> TurnEffects {
        guard let target = arguments["mode"]?.stringValue.flatMap(AgentType.init(named:)), target != agent else {
            return record("Error: \(agent.rawValue) is the current agent.", isError: true, for: call.id, tool: call.name, at: moment)
        }
        let reason = arguments["reason"]?.stringValue
        var effects = record("The agent is now \(target.rawValue).", isError: false, for: call.id, tool: call.name, at: moment)
        effects.switches.append(AgentSwitch(from: agent, to: target, reason: reason, date: moment.date))
        effects.events.append(.agentSwitched(turnID: turnID, from: agent, to: target, reason: reason, confidence: nil))
        agent = target
        return effects
    }

    private mutating func attemptCompletion(_ call: ToolCall, _ arguments: JSONObject, alone: Bool, at moment: Moment) -> TurnEffects {
        guard alone, let result = arguments["result"]?.stringValue else {
            let message = "Error: Call attempt_completion alone, after the results of all other calls."
            return record(message, isError: true, for: call.id, tool: call.name, at: moment)
        }
        var effects = record("The result is shown to the user.", isError: false, for: call.id, tool: call.name, at: moment)
        effects.events.append(.textDelta(turnID: turnID, text: result))
        effects.append(complete(with: result, at: moment))
        return effects
    }

    /// The client sends a call's outcome. Of a call that waits for approval it settles that too.
    mutating func toolReturned(_ outcome: ToolOutcome, callID: String, at moment: Moment) throws(TurnRefusal) -> TurnEffects {
        guard state == .awaitingClient, let index = pendingCalls.firstIndex(where: { $0.callID == callID }) else { throw .unknownCall }
        let call = pendingCalls.remove(at: index)
        var effects = TurnEffects()
        if case .awaitingApproval(let requestID) = call.progress {
            effects.events.append(settled(call, requestID, outcome.impliedDecision, feedback: nil))
        }
        var text = outcome.text(maximumBytes: limits.maximumToolResultBytes)
        if let note = call.note { text = "\(note)\n\(text)" }
        effects.append(record(text, isError: outcome.isError, for: callID, tool: call.tool.name.rawValue, at: moment))
        effects.append(goOn(at: moment))
        return effects
    }

    /// The user decides about a call.
    mutating func decide(_ decision: ApprovalDecision, callID: String, at moment: Moment) throws(TurnRefusal) -> TurnEffects {
        guard state == .awaitingClient, let index = pendingCalls.firstIndex(where: { $0.callID == callID }) else { throw .unknownCall }
        var call = pendingCalls[index]
        guard case .awaitingApproval(let requestID) = call.progress else { throw .alreadyDecided }
        switch decision.kind {
        case .reject:
            pendingCalls.remove(at: index)
            let feedback = decision.feedback.map { " The user says: \($0)" } ?? ""
            var effects = TurnEffects()
            effects.events.append(settled(call, requestID, .reject, feedback: decision.feedback))
            let text = "Error: The user rejected this call; it was not carried out.\(feedback)"
            effects.append(record(text, isError: true, for: callID, tool: call.tool.name.rawValue, at: moment))
            effects.append(goOn(at: moment))
            return effects
        case .edit:
            guard let arguments = decision.arguments else { throw .argumentsMissing }
            do throws(CallPolicy.Refusal) {
                call.arguments = try CallPolicy.check(
                    arguments, of: call.tool, by: agents[call.agent], maximumBytes: limits.maximumAnswerBytes,
                    pointerPrefix: "/modified_arguments"
                ).arguments
            } catch {
                throw .arguments(error)
            }
            let text = String(decoding: JSONWriter.encode(call.arguments), as: UTF8.self)
            call.note = "The user changed the arguments to: \(text)"
        case .approve:
            break
        }
        if let feedback = decision.feedback {
            call.note = [call.note, "The user says: \(feedback)"].compactMap(\.self).joined(separator: "\n")
        }
        call.progress = .awaitingResult
        call.deadline = moment.uptime + limits.toolResultTimeout
        pendingCalls[index] = call
        return TurnEffects(events: [settled(call, requestID, decision.kind, feedback: decision.feedback)])
    }

    /// Gives up the calls whose deadline has passed; the model is told.
    mutating func expireCalls(at moment: Moment) -> TurnEffects {
        guard state == .awaitingClient else { return TurnEffects() }
        let expired = pendingCalls.filter { $0.deadline <= moment.uptime }
        guard !expired.isEmpty else { return TurnEffects() }
        pendingCalls.removeAll { $0.deadline <= moment.uptime }
        var effects = TurnEffects()
        for call in expired {
            if case .awaitingApproval(let requestID) = call.progress {
                effects.events.append(settled(call, requestID, .reject, feedback: nil))
                effects.append(
                    record(
                        "Error: The user did not decide in time; the call was not carried out.", isError: true, for: call.callID,
                        tool: call.tool.name.rawValue, at: moment
                    )
                )
            } else {
                effects.append(
                    record(
                        "Error: The tool gave no result in time; whether it ran is unknown.", isError: true, for: call.callID,
                        tool: call.tool.name.rawValue, at: moment
                    )
                )
            }
        }
        effects.append(goOn(at: moment))
        return effects
    }

    // MARK: Endings

    /// Ends the turn without an answer.
    mutating func fail(_ failure: TurnFailure, at moment: Moment) -> TurnEffects {
        guard state != .finished else { return TurnEffects() }
        var effects = abandonCalls("the turn failed", at: moment)
        effects.events.append(.turnFailed(turnID: turnID, failure))
        state = .finished
        return effects
    }

    /// Ends the turn on request. What the model has written so far is kept.
    mutating func cancel(at moment: Moment) -> TurnEffects {
        guard state != .finished else { return TurnEffects() }
        var effects = abandonCalls("the user cancelled the turn", at: moment)
        if !partialText.isEmpty {
            effects.append(answer(partialText, at: moment))
            partialText = ""
        }
        effects.events.append(.turnCancelled(turnID: turnID))
        state = .finished
        return effects
    }

    private mutating func abandonCalls(_ reason: String, at moment: Moment) -> TurnEffects {
        var effects = TurnEffects()
        for call in pendingCalls {
            let text = "Error: No result: \(reason)."
            effects.append(record(text, isError: true, for: call.callID, tool: call.tool.name.rawValue, at: moment))
        }
        pendingCalls = []
        return effects
    }

    private mutating func complete(with text: String, at moment: Moment) -> TurnEffects {
        var effects = answer(text, at: moment)
        effects.events.append(.turnCompleted(turnID: turnID, usage: usage))
        state = .finished
        return effects
    }

    // MARK: Parts of effects

    /// Calls the model again once no call is pending, or ends the turn when it has taken too many steps.
    private mutating func goOn(at moment: Moment) -> TurnEffects {
        guard pendingCalls.isEmpty else {
            state = .awaitingClient
            return TurnEffects()
        }
        guard steps < limits.maximumSteps else {
            let message = "The agent has not come to an end within \(limits.maximumSteps) steps."
            return fail(TurnFailure(.stepLimit, message: message, isRetryable: false), at: moment)
        }
        state = .callingModel
        return TurnEffects()
    }

    private func answer(_ text: String, at moment: Moment) -> TurnEffects {
        TurnEffects(
            messages: [Message(role: .assistant, content: text, name: agent.rawValue, createdAt: moment.date)],
            events: [.assistantMessage(turnID: turnID, content: text, agent: agent)]
        )
    }

    private func record(_ text: String, isError: Bool, for callID: String, tool: String, at moment: Moment) -> TurnEffects {
        TurnEffects(
            messages: [Message(role: .tool, content: text, name: tool, toolCallID: callID, createdAt: moment.date)],
            events: [.toolResultRecorded(turnID: turnID, callID: callID, tool: tool, isError: isError)]
        )
    }

    private func settled(
        _ call: PendingCall, _ requestID: String, _ decision: ApprovalDecision.Kind, feedback: String?
    ) -> SessionEvent {
        .approvalSettled(
            turnID: turnID, requestID: requestID, callID: call.callID, tool: call.tool.name.rawValue, decision: decision,
            arguments: call.arguments, feedback: feedback
        )
    }

    private mutating func addUsage(_ added: TokenUsage?) {
        guard let added else { return }
        var sum = usage ?? TokenUsage(promptTokens: 0, completionTokens: 0)
        sum.add(added)
        usage = sum
    }
}
