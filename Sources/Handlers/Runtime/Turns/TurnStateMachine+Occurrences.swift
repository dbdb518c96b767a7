import APISupport

/// What a turn tells outside of its session.
extension TurnStateMachine {
    /// The request to the model that runs.
    struct ModelCall: Sendable {
        let facts: Occurrence.ModelRequestFacts
        let startedAt: Duration
        /// The id of its ``Occurrence``.
        let occurrence: String
    }

    func occurred(_ fact: Occurrence.Fact, at moment: Moment, because cause: String?) -> Occurrence {
        Occurrence(id: makeIdentifier("evt_"), fact, at: moment.date, because: cause)
    }

    /// A message for the history, and that it is there.
    func adding(_ message: Message, at moment: Moment, because cause: String?) -> TurnEffects {
        TurnEffects(messages: [message], occurrences: [occurred(.messageAdded(.init(message)), at: moment, because: cause)])
    }

    func completed(_ call: PendingCall, at moment: Moment) -> Occurrence {
        let duration = moment.uptime - call.askedAt
        return occurred(
            .toolExecutionCompleted(callID: call.callID, tool: call.tool.name.rawValue, duration: duration), at: moment,
            because: call.lastOccurrence)
    }

    func failed(_ call: PendingCall, _ reason: Occurrence.ToolFailureReason, at moment: Moment) -> Occurrence {
        let duration = moment.uptime - call.askedAt
        return occurred(
            .toolExecutionFailed(callID: call.callID, tool: call.tool.name.rawValue, duration: duration, reason), at: moment,
            because: call.lastOccurrence)
    }

    /// A call's approval is decided; that leads to what becomes of the call.
    func decided(
        _ call: inout PendingCall, _ requestID: String, _ decision: ApprovalDecision.Kind, by decider: Occurrence.Decider, at moment: Moment
    ) -> Occurrence {
        let fact = Occurrence.Fact.approvalDecided(
            requestID: requestID, callID: call.callID, tool: call.tool.name.rawValue, decision: decision.rawValue, by: decider,
            waited: moment.uptime - call.askedAt)
        let occurrence = occurred(fact, at: moment, because: call.lastOccurrence)
        call.lastOccurrence = occurrence.id
        return occurrence
    }
}
