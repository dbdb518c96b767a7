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
    let makeIdentifier: @Sendable (String) -> String
    /// The model's name, for what is told of the turn.
    private let model: String

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
    /// The request to the model, from its start until its end is told.
    private var modelCall: ModelCall?

    /// A turn that is about to call the model.
    ///
    /// - Parameter makeIdentifier: Gives a new id with the prefix it is passed.
    init(
        turnID: String, agent: AgentType, model: String, limits: TurnLimits, agents: AgentCatalogue = .standard,
        makeIdentifier: @escaping @Sendable (String) -> String = Identifier.make
    ) {
        self.turnID = turnID
        self.agent = agent
        self.model = model
        self.limits = limits
        self.agents = agents
        self.makeIdentifier = makeIdentifier
    }

    /// The earliest ``Moment/uptime`` at which a pending call is given up.
    var nextDeadline: Duration? { pendingCalls.map(\.deadline).min() }

    // MARK: The model

    /// The first request to the model is about to be made.
    ///
    /// - Parameter cause: The id of the occurrence that led to it.
    mutating func begin(because cause: String?, at moment: Moment) -> TurnEffects { askModel(because: cause, at: moment) }

    private mutating func askModel(because cause: String?, at moment: Moment) -> TurnEffects {
        state = .callingModel
        let facts = Occurrence.ModelRequestFacts(agent: agent, model: model, step: steps + 1)
        let asked = occurred(.modelAsked(facts), at: moment, because: cause)
        modelCall = ModelCall(facts: facts, startedAt: moment.uptime, occurrence: asked.id)
        return TurnEffects(occurrences: [asked])
    }

    /// The model's answer is there, or will not come: tells so once.
    private mutating func modelCallEnded(
        at moment: Moment, _ fact: (Occurrence.ModelRequestFacts, Duration) -> Occurrence.Fact
    ) -> Occurrence? {
        guard let call = modelCall else { return nil }
        modelCall = nil
        return occurred(fact(call.facts, moment.uptime - call.startedAt), at: moment, because: call.occurrence)
    }

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
        let answered = modelCallEnded(at: moment) { facts, duration in
            .modelAnswered(facts, duration: duration, answer.finishReason, toolCalls: answer.toolCalls.count, answer.usage)
        }
        var effects = TurnEffects(occurrences: [answered].compactMap(\.self))
        if answer.toolCalls.isEmpty {
            effects.append(finalAnswer(text, answer.finishReason, because: answered?.id, at: moment))
            return effects
        }

        let calls = Self.withUniqueIDs(answer.toolCalls, used: usedCallIDs, makeIdentifier)
        let message = Message(
            role: .assistant, content: text.isEmpty ? nil : text, name: agent.rawValue, toolCalls: calls, createdAt: moment.date
        )
        effects.append(adding(message, at: moment, because: answered?.id))
        let cause = effects.occurrences.last?.id
        if !text.isEmpty { effects.events.append(.assistantMessage(turnID: turnID, content: text, agent: agent)) }
        let asking = agents[agent]
        for call in calls {
            do throws(CallPolicy.Refusal) {
                let permission = try CallPolicy.check(call, by: asking, maximumBytes: limits.maximumAnswerBytes)
                effects.append(
                    start(call, permission, by: asking.type, alone: calls.count == 1, because: cause, at: moment))
            } catch {
                let refused = occurred(
                    .toolExecutionFailed(callID: call.id, tool: call.name, duration: .zero, .refused), at: moment, because: cause)
                effects.occurrences.append(refused)
                let text = "Error: \(error.message)"
                effects.append(record(text, isError: true, for: call.id, tool: call.name, because: refused.id, at: moment))
            }
            if state == .finished { return effects }
        }
        effects.append(goOn(because: effects.occurrences.last?.id, at: moment))
        return effects
    }

    private mutating func finalAnswer(
        _ text: String, _ reason: ModelEvent.FinishReason, because cause: String?, at moment: Moment
    ) -> TurnEffects {
        if reason == .contentFilter {
            return fail(TurnFailure(.modelRejected, message: "The model's provider withheld the answer.", isRetryable: false), at: moment)
        }
        guard !text.isEmpty else {
            return fail(TurnFailure(.modelInvalidOutput, message: "The model's answer is empty.", isRetryable: true), at: moment)
        }
        return complete(with: text, because: cause, at: moment)
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
        _ call: ToolCall, _ permission: CallPolicy.Permission, by asking: AgentType, alone: Bool, because cause: String?,
        at moment: Moment
    ) -> TurnEffects {
        switch permission.tool.name {
        case .switchMode: switchMode(call, permission.arguments, because: cause, at: moment)
        case .attemptCompletion: attemptCompletion(call, permission.arguments, alone: alone, because: cause, at: moment)
        default: handToClient(call, permission, by: asking, because: cause, at: moment)
        }
    }

    private mutating func handToClient(
        _ call: ToolCall, _ permission: CallPolicy.Permission, by asking: AgentType, because cause: String?, at moment: Moment
    ) -> TurnEffects {
        let tool = permission.tool
        let requestID = tool.requiresApproval ? makeIdentifier("apr_") : nil
        let requested = Occurrence.Fact.toolExecutionRequested(
            callID: call.id, tool: call.name, agent: asking, requiresApproval: tool.requiresApproval)
        var occurrences = [occurred(requested, at: moment, because: cause)]
        if let requestID {
            let fact = Occurrence.Fact.approvalRequested(requestID: requestID, callID: call.id, tool: call.name, agent: asking)
            occurrences.append(occurred(fact, at: moment, because: occurrences[0].id))
        }
        let pending = PendingCall(
            callID: call.id, tool: tool, agent: asking, arguments: permission.arguments,
            progress: requestID.map { .awaitingApproval(requestID: $0) } ?? .awaitingResult,
            deadline: moment.uptime + (requestID == nil ? limits.toolResultTimeout : limits.approvalTimeout), createdAt: moment.date,
            askedAt: moment.uptime, lastOccurrence: occurrences[occurrences.endIndex - 1].id
        )
        pendingCalls.append(pending)
        var effects = TurnEffects(occurrences: occurrences)
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

    private mutating func switchMode(
        _ call: ToolCall, _ arguments: JSONObject, because cause: String?, at moment: Moment
    ) -> TurnEffects {
        guard let target = arguments["mode"]?.stringValue.flatMap(AgentType.init(named:)), target != agent else {
            let text = "Error: \(agent.rawValue) is the current agent."
            return record(text, isError: true, for: call.id, tool: call.name, because: cause, at: moment)
        }
        let reason = arguments["reason"]?.stringValue
        let switched = occurred(.agentSwitched(from: agent, to: target, byUser: false), at: moment, because: cause)
        var effects = TurnEffects(occurrences: [switched])
        let text = "The agent is now \(target.rawValue)."
        effects.append(record(text, isError: false, for: call.id, tool: call.name, because: switched.id, at: moment))
        effects.switches.append(AgentSwitch(from: agent, to: target, reason: reason, date: moment.date))
        effects.events.append(.agentSwitched(turnID: turnID, from: agent, to: target, reason: reason, confidence: nil))
        agent = target
        return effects
    }

    private mutating func attemptCompletion(
        _ call: ToolCall, _ arguments: JSONObject, alone: Bool, because cause: String?, at moment: Moment
    ) -> TurnEffects {
        guard alone, let result = arguments["result"]?.stringValue else {
            let message = "Error: Call attempt_completion alone, after the results of all other calls."
            return record(message, isError: true, for: call.id, tool: call.name, because: cause, at: moment)
        }
        let text = "The result is shown to the user."
        var effects = record(text, isError: false, for: call.id, tool: call.name, because: cause, at: moment)
        effects.events.append(.textDelta(turnID: turnID, text: result))
        effects.append(complete(with: result, because: cause, at: moment))
        return effects
    }

    /// The client sends a call's outcome. Of a call that waits for approval it settles that too.
    mutating func toolReturned(_ outcome: ToolOutcome, callID: String, at moment: Moment) throws(TurnRefusal) -> TurnEffects {
        guard state == .awaitingClient, let index = pendingCalls.firstIndex(where: { $0.callID == callID }) else { throw .unknownCall }
        var call = pendingCalls.remove(at: index)
        var effects = TurnEffects()
        var isRejected = false
        if case .awaitingApproval(let requestID) = call.progress {
            isRejected = outcome.impliedDecision == .reject
            effects.events.append(settled(call, requestID, outcome.impliedDecision, feedback: nil))
            effects.occurrences.append(decided(&call, requestID, outcome.impliedDecision, by: .user, at: moment))
        }
        var text = outcome.text(maximumBytes: limits.maximumToolResultBytes)
        if let note = call.note { text = "\(note)\n\(text)" }
        let ended = outcome.isError ? failed(call, isRejected ? .rejected : .error, at: moment) : completed(call, at: moment)
        effects.append(end(call, with: text, isError: outcome.isError, ended, at: moment))
        effects.append(goOn(because: effects.occurrences.last?.id, at: moment))
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
            effects.occurrences.append(decided(&call, requestID, .reject, by: .user, at: moment))
            let text = "Error: The user rejected this call; it was not carried out.\(feedback)"
            effects.append(end(call, with: text, isError: true, failed(call, .rejected, at: moment), at: moment))
            effects.append(goOn(because: effects.occurrences.last?.id, at: moment))
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
        let occurrence = decided(&call, requestID, decision.kind, by: .user, at: moment)
        pendingCalls[index] = call
        return TurnEffects(
            events: [settled(call, requestID, decision.kind, feedback: decision.feedback)], occurrences: [occurrence]
        )
    }

    /// Gives up the calls whose deadline has passed; the model is told.
    mutating func expireCalls(at moment: Moment) -> TurnEffects {
        guard state == .awaitingClient else { return TurnEffects() }
        let expired = pendingCalls.filter { $0.deadline <= moment.uptime }
        guard !expired.isEmpty else { return TurnEffects() }
        pendingCalls.removeAll { $0.deadline <= moment.uptime }
        var effects = TurnEffects()
        for var call in expired {
            var text = "Error: The tool gave no result in time; whether it ran is unknown."
            if case .awaitingApproval(let requestID) = call.progress {
                effects.events.append(settled(call, requestID, .reject, feedback: nil))
                effects.occurrences.append(decided(&call, requestID, .reject, by: .timeout, at: moment))
                text = "Error: The user did not decide in time; the call was not carried out."
            }
            effects.append(end(call, with: text, isError: true, failed(call, .timedOut, at: moment), at: moment))
        }
        effects.append(goOn(because: effects.occurrences.last?.id, at: moment))
        return effects
    }

    // MARK: Endings

    /// Ends the turn without an answer.
    mutating func fail(_ failure: TurnFailure, at moment: Moment) -> TurnEffects {
        guard state != .finished else { return TurnEffects() }
        var effects = abandonCalls("the turn failed", reason: failure.code.rawValue, at: moment)
        effects.events.append(.turnFailed(turnID: turnID, failure))
        state = .finished
        return effects
    }

    /// Ends the turn on request. What the model has written so far is kept.
    mutating func cancel(at moment: Moment) -> TurnEffects {
        guard state != .finished else { return TurnEffects() }
        var effects = abandonCalls("the user cancelled the turn", reason: "cancelled", at: moment)
        if !partialText.isEmpty {
            effects.append(answer(partialText, because: effects.occurrences.last?.id, at: moment))
            partialText = ""
        }
        effects.events.append(.turnCancelled(turnID: turnID))
        state = .finished
        return effects
    }

    /// Ends what is under way: the request to the model, or the calls that wait.
    private mutating func abandonCalls(_ text: String, reason: String, at moment: Moment) -> TurnEffects {
        let failed = modelCallEnded(at: moment) { .modelFailed($0, duration: $1, reason: reason) }
        var effects = TurnEffects(occurrences: [failed].compactMap(\.self))
        for var call in pendingCalls {
            if case .awaitingApproval(let requestID) = call.progress {
                effects.occurrences.append(decided(&call, requestID, .reject, by: .turnEnd, at: moment))
            }
            effects.append(
                end(call, with: "Error: No result: \(text).", isError: true, self.failed(call, .abandoned, at: moment), at: moment))
        }
        pendingCalls = []
        return effects
    }

    private mutating func complete(with text: String, because cause: String?, at moment: Moment) -> TurnEffects {
        var effects = answer(text, because: cause, at: moment)
        effects.events.append(.turnCompleted(turnID: turnID, usage: usage))
        state = .finished
        return effects
    }

    // MARK: Parts of effects

    /// Calls the model again once no call is pending, or ends the turn when it has taken too many steps.
    private mutating func goOn(because cause: String?, at moment: Moment) -> TurnEffects {
        guard pendingCalls.isEmpty else {
            state = .awaitingClient
            return TurnEffects()
        }
        guard steps < limits.maximumSteps else {
            let message = "The agent has not come to an end within \(limits.maximumSteps) steps."
            return fail(TurnFailure(.stepLimit, message: message, isRetryable: false), at: moment)
        }
        return askModel(because: cause, at: moment)
    }

    private func answer(_ text: String, because cause: String?, at moment: Moment) -> TurnEffects {
        let message = Message(role: .assistant, content: text, name: agent.rawValue, createdAt: moment.date)
        var effects = adding(message, at: moment, because: cause)
        effects.events.append(.assistantMessage(turnID: turnID, content: text, agent: agent))
        return effects
    }

    /// What the model is told about a call.
    private func record(
        _ text: String, isError: Bool, for callID: String, tool: String, because cause: String?, at moment: Moment
    ) -> TurnEffects {
        let message = Message(role: .tool, content: text, name: tool, toolCallID: callID, createdAt: moment.date)
        var effects = adding(message, at: moment, because: cause)
        effects.events.append(.toolResultRecorded(turnID: turnID, callID: callID, tool: tool, isError: isError))
        return effects
    }

    /// A call of the client's is over, as `ended` says.
    private func end(_ call: PendingCall, with text: String, isError: Bool, _ ended: Occurrence, at moment: Moment) -> TurnEffects {
        var effects = TurnEffects(occurrences: [ended])
        let tool = call.tool.name.rawValue
        effects.append(record(text, isError: isError, for: call.callID, tool: tool, because: ended.id, at: moment))
        return effects
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
