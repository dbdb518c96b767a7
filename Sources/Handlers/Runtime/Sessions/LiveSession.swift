import APISupport
import Logging
import Metrics

/// A session in memory: its running turn, if any, and its events.
///
/// It is the only one that changes the session's history. Clients' messages change the turn's state machine at once; what that leads to is
/// stored and announced by one task, in order, a transaction a step (see `LiveSession+Turn.swift`).
actor LiveSession {
    nonisolated let id: String
    nonisolated let owner: String
    /// Of the lease under which this replica has the session.
    nonisolated let fencingToken: Int64
    nonisolated let events: EventLog
    nonisolated let environment: SessionEnvironment
    /// The agent that answers the next message.
    var agent: AgentType
    var turn: ActiveTurn?
    private var isDeleted = false
    /// Whether the lease has ended: another replica may have the session.
    private var isLost = false
    /// Whether the end of the service interrupted a turn, which is stored as running.
    var isInterrupted = false
    private var isSwitchingAgent = false

    /// - Parameters:
    ///   - session: As it is stored.
    ///   - fencingToken: Of the lease under which it is.
    init(_ session: Session, fencingToken: Int64, environment: SessionEnvironment) {
        self.fencingToken = fencingToken
        id = session.id
        owner = session.owner
        agent = session.agent
        events = EventLog(limits: environment.configuration.eventLimits)
        self.environment = environment
    }

    /// Why a session does not take a message.
    enum Refusal: Error {
        case turnRunning
        case turn(TurnRefusal)
        /// See ``TurnRunner/NoRoom``.
        case noRoom
        /// This replica does not have the session any more.
        case moved

        var isLoss: Bool { if case .moved = self { true } else { false } }
    }

    // MARK: Starting a turn

    /// Stores a user's message and starts the turn that answers it.
    ///
    /// - Parameters:
    ///   - content: The text.
    ///   - target: The agent to go on with; nil: the current one.
    ///   - reason: Why the agent changes.
    ///   - requestID: The request that brings it about.
    /// - Returns: The turn's id.
    /// - Throws: ``Refusal``; ``SessionMissing``; what the repository throws.
    func start(_ content: String, agent target: AgentType?, reason: String?, requestID: String) async throws -> String {
        try checkIdle()
        do {
            try environment.runner.reserve()
        } catch {
            RuntimeMetrics.shared.turnsRefused.increment()
            throw Refusal.noRoom
        }
        let moment = environment.clock.moment()
        let configuration = environment.configuration
        var machine = TurnStateMachine(
            turnID: Identifier.make("turn_"), agent: target ?? agent, model: configuration.model, limits: configuration.turnLimits
        )
        let change = agentChange(to: machine.agent, turnID: machine.turnID, reason: reason, because: requestID, at: moment)
        let userMessage = machine.adding(
            Message(role: .user, content: content, createdAt: moment.date), at: moment, because: requestID
        )
        let asked = machine.begin(because: userMessage.occurrences.last?.id, at: moment)
        turn = ActiveTurn(machine: machine, start: moment.uptime, deadline: moment.uptime + configuration.turnTimeout)
        do {
            var conversation = try await environment.repository.messages(in: id, latest: configuration.maximumHistoryMessages)
            var effects = change
            for repair in Self.repairs(of: conversation, at: moment) {
                effects.append(machine.adding(repair, at: moment, because: requestID))
            }
            effects.append(userMessage)
            effects.append(asked)
            try await environment.repository.record(
                SessionChange(
                    messages: effects.messages, switches: effects.switches, state: .running,
                    titleIfNone: Self.title(from: content)?.storable,
                    events: domainEvents(effects, correlationID: machine.turnID), date: moment.date
                ),
                in: id, fencingToken: fencingToken
            )
            RuntimeMetrics.shared.record(effects.occurrences)
            if isLost { throw Refusal.moved }
            conversation += effects.messages
            turn?.conversation = conversation
        } catch {
            turn = nil
            environment.runner.release()
            throw error
        }
        agent = machine.agent
        events.publish(change.events + [.turnStarted(turnID: machine.turnID, agent: machine.agent)])
        environment.runner.start { await self.drive() }
        return machine.turnID
    }

    /// Changes the current agent without a turn.
    ///
    /// - Parameter requestID: The request that brings it about.
    func switchAgent(to target: AgentType, reason: String?, requestID: String) async throws {
        try checkIdle()
        let moment = environment.clock.moment()
        let change = agentChange(to: target, turnID: nil, reason: reason, because: requestID, at: moment)
        guard !change.isEmpty else { return }
        isSwitchingAgent = true
        defer { isSwitchingAgent = false }
        let told = domainEvents(change, correlationID: requestID)
        try await environment.repository.record(
            SessionChange(switches: change.switches, events: told, date: moment.date), in: id, fencingToken: fencingToken)
        agent = target
        events.publish(change.events)
    }

    private func checkIdle() throws {
        if isDeleted { throw SessionMissing(id: id) }
        if isLost { throw Refusal.moved }
        if turn != nil || isSwitchingAgent { throw Refusal.turnRunning }
    }

    private func agentChange(
        to target: AgentType, turnID: String?, reason: String?, because requestID: String, at moment: Moment
    ) -> TurnEffects {
        guard target != agent else { return TurnEffects() }
        return TurnEffects(
            switches: [AgentSwitch(from: agent, to: target, reason: reason, date: moment.date)],
            events: [.agentSwitched(turnID: turnID, from: agent, to: target, reason: reason, confidence: 1)],
            occurrences: [Occurrence(.agentSwitched(from: agent, to: target, byUser: true), at: moment.date, because: requestID)]
        )
    }

    /// What effects tell outside of the session.
    nonisolated func domainEvents(_ effects: TurnEffects, correlationID: String) -> [DomainEvent] {
        effects.occurrences.map { DomainEvent($0, of: .session(id: id, owner: owner), correlationID: correlationID) }
    }

    /// Results for the calls that an interrupted turn left without one.
    private static func repairs(of conversation: [Message], at moment: Moment) -> [Message] {
        Conversation.unansweredCalls(in: conversation).map { call in
            Message(
                role: .tool, content: "Error: The turn was interrupted; whether the call was carried out is unknown.", name: call.name,
                toolCallID: call.id, createdAt: moment.date
            )
        }
    }

    /// The first line of the first message, shortened.
    private static func title(from content: String) -> String? {
        let line = content.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        guard let line else { return nil }
        let scalars = line.unicodeScalars
        return scalars.count <= 80 ? String(line) : String(String.UnicodeScalarView(scalars.prefix(79))) + "…"
    }

    // MARK: Messages into the running turn

    /// Takes a tool call's outcome.
    ///
    /// - Returns: The turn's id.
    func toolReturned(_ outcome: ToolOutcome, callID: String) throws(Refusal) -> String {
        try change { turn, moment throws(TurnRefusal) in try turn.machine.toolReturned(outcome, callID: callID, at: moment) }
    }

    /// Takes the user's decision about a tool call.
    ///
    /// - Returns: The turn's id.
    func decide(_ decision: ApprovalDecision, callID: String) throws(Refusal) -> String {
        try change { turn, moment throws(TurnRefusal) in try turn.machine.decide(decision, callID: callID, at: moment) }
    }

    /// Stops the running turn.
    ///
    /// - Parameter turnID: The turn that is meant; nil: whichever runs.
    /// - Returns: The turn's id.
    func cancel(turnID: String?) throws(Refusal) -> String {
        let stopped = try change(otherwise: .noSuchTurn) { turn, moment throws(TurnRefusal) in
            guard turn.machine.state != .finished, turnID == nil || turnID == turn.machine.turnID else { throw .noSuchTurn }
            return turn.machine.cancel(at: moment)
        }
        turn?.stop.notify()
        return stopped
    }

    private func change(
        otherwise refusal: TurnRefusal = .unknownCall,
        _ transition: (inout ActiveTurn, Moment) throws(TurnRefusal) -> TurnEffects
    ) throws(Refusal) -> String {
        if isLost { throw .moved }
        guard var running = turn else { throw .turn(refusal) }
        // Taken out while it changes, so that the conversation is not copied.
        turn = nil
        defer { turn = running }
        do throws(TurnRefusal) {
            let effects = try transition(&running, environment.clock.moment())
            running.outbox.append(effects)
        } catch {
            throw .turn(error)
        }
        running.progress.notify()
        return running.machine.turnID
    }

    /// Calls that wait for the user's decision.
    var pendingApprovals: [PendingCall] {
        get throws(Refusal) {
            if isLost { throw .moved }
            return turn?.machine.pendingCalls.filter { if case .awaitingApproval = $0.progress { true } else { false } } ?? []
        }
    }

    /// The lease has ended: another replica may have the session. Ends the turn in memory only, and the event streams.
    func leaseEnded() {
        isLost = true
        let running = turn
        end(with: TurnFailure(.interrupted, message: "The session was taken from the service during the turn.", isRetryable: true))
        running?.stop.notify()
        running?.progress.notify()
        events.close()
    }

    /// The session is gone from the repository: ends its turn and its event streams.
    func wasDeleted() {
        isDeleted = true
        if let running = turn, running.machine.state != .finished {
            // In two steps: appending to a part of `turn` while another part changes is one access inside the other.
            if let effects = turn?.machine.cancel(at: environment.clock.moment()) { turn?.outbox.append(effects) }
            running.stop.notify()
            running.progress.notify()
        }
        events.close()
    }
}
