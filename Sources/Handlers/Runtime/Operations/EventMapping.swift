import RuntimeAPI

/// What happens in a session, in the document's terms.
extension Schemas.SessionEvent {
    init(_ event: SessionEvent) {
        switch event {
        case .turnStarted(let turnID, let agent):
            self = .turnStarted(.init(turnID: turnID, agent: Schemas.AgentType(agent)))
        case .textDelta(let turnID, let text):
            self = .textDelta(.init(turnID: turnID, text: text))
        case .assistantMessage(let turnID, let content, let agent):
            self = .assistantMessage(.init(turnID: turnID, content: content, agent: Schemas.AgentType(agent)))
        case .toolCall(let turnID, let callID, let tool, let arguments, let requiresApproval):
            self = .toolCall(
                .init(turnID: turnID, callID: callID, toolName: tool, arguments: arguments, requiresApproval: requiresApproval)
            )
        case .toolResultRecorded(let turnID, let callID, let tool, let isError):
            self = .toolResultRecorded(.init(turnID: turnID, callID: callID, toolName: tool, isError: isError))
        case .agentSwitched(let turnID, let from, let to, let reason, let confidence):
            self = .agentSwitched(
                .init(
                    turnID: turnID, fromAgent: Schemas.AgentType(from), toAgent: Schemas.AgentType(to), reason: reason,
                    confidence: confidence
                )
            )
        case .approvalRequired(let turnID, let requestID, let callID, let tool, let arguments, let reason):
            self = .approvalRequired(
                .init(turnID: turnID, requestID: requestID, callID: callID, toolName: tool, arguments: arguments, reason: reason)
            )
        case .approvalSettled(let turnID, let requestID, let callID, let tool, let decision, let arguments, let feedback):
            self = .approvalSettled(
                .init(
                    turnID: turnID, requestID: requestID, callID: callID, toolName: tool,
                    decision: Schemas.ApprovalSettledDecision(decision), arguments: arguments, feedback: feedback
                )
            )
        case .turnCompleted(let turnID, let usage):
            self = .turnCompleted(.init(turnID: turnID, usage: usage.map { Schemas.Usage($0) }))
        case .turnFailed(let turnID, let failure):
            self = .turnFailed(
                .init(
                    turnID: turnID, code: Schemas.TurnFailedCode(rawValue: failure.code.rawValue), message: failure.message,
                    retryable: failure.isRetryable
                )
            )
        case .turnCancelled(let turnID):
            self = .turnCancelled(.init(turnID: turnID))
        }
    }
}

extension Schemas.Usage {
    fileprivate init(_ usage: TokenUsage) {
        self.init(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens, totalTokens: usage.totalTokens)
    }
}

extension Schemas.ApprovalSettledDecision {
    fileprivate init(_ decision: ApprovalDecision.Kind) {
        switch decision {
        case .approve: self = .approve
        case .edit: self = .edit
        case .reject: self = .reject
        }
    }
}
