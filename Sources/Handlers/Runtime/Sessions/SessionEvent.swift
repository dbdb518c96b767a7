import APISupport

/// Something that happened in a session, as its event stream tells it.
enum SessionEvent: Sendable, Equatable {
    case turnStarted(turnID: String, agent: AgentType)
    case textDelta(turnID: String, text: String)
    /// The text of the deltas since the last one, whole.
    case assistantMessage(turnID: String, content: String, agent: AgentType)
    /// The client is asked to run a tool.
    case toolCall(turnID: String, callID: String, tool: String, arguments: JSONObject, requiresApproval: Bool)
    case toolResultRecorded(turnID: String, callID: String, tool: String, isError: Bool)
    /// `turnID` is nil when no turn runs; `confidence` is 1 when the user chose, nil when a model did.
    case agentSwitched(turnID: String?, from: AgentType, to: AgentType, reason: String?, confidence: Double?)
    case approvalRequired(turnID: String, requestID: String, callID: String, tool: String, arguments: JSONObject, reason: String?)
    case approvalSettled(
        turnID: String, requestID: String, callID: String, tool: String, decision: ApprovalDecision.Kind, arguments: JSONObject,
        feedback: String?)
    case turnCompleted(turnID: String, usage: TokenUsage?)
    case turnFailed(turnID: String, TurnFailure)
    case turnCancelled(turnID: String)

    /// About how many bytes the event takes as JSON, for the bound of ``EventBuffer``.
    var size: Int {
        let fixed = 128
        return switch self {
        case .textDelta(_, let text): fixed + text.encodedSize
        case .assistantMessage(_, let content, _): fixed + content.encodedSize
        case .toolCall(_, _, _, let arguments, _), .approvalRequired(_, _, _, _, let arguments, _),
            .approvalSettled(_, _, _, _, _, let arguments, _):
            fixed + arguments.encodedSize
        case .turnFailed(_, let failure): fixed + failure.message.encodedSize
        case .turnStarted, .toolResultRecorded, .agentSwitched, .turnCompleted, .turnCancelled: fixed
        }
    }
}
