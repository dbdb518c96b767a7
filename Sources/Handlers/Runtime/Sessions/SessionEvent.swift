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

    /// About how many bytes the event holds, for the bound of ``EventBuffer``.
    var size: Int {
        let fixed = 128
        return switch self {
        case .textDelta(_, let text): fixed + text.utf8.count
        case .assistantMessage(_, let content, _): fixed + content.utf8.count
        case .toolCall(_, _, _, let arguments, _), .approvalRequired(_, _, _, _, let arguments, _),
            .approvalSettled(_, _, _, _, _, let arguments, _):
            fixed + arguments.approximateSize
        case .turnFailed(_, let failure): fixed + failure.message.utf8.count
        case .turnStarted, .toolResultRecorded, .agentSwitched, .turnCompleted, .turnCancelled: fixed
        }
    }
}

extension JSONObject {
    /// About how many bytes of text the object holds.
    fileprivate var approximateSize: Int { members.reduce(into: 16) { $0 += $1.name.utf8.count + $1.value.approximateSize } }
}

extension JSONValue {
    fileprivate var approximateSize: Int {
        switch self {
        case .null, .boolean, .integer, .number: 16
        case .string(let text): 16 + text.utf8.count
        case .array(let values): values.reduce(into: 16) { $0 += $1.approximateSize }
        case .object(let object): object.approximateSize
        }
    }
}
