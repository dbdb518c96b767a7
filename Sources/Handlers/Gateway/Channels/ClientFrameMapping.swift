import GatewayAPI
import RuntimeAPI

/// What a client's frame says to the runtime. Pure: a frame in, a message out.
extension RuntimeAPI.Schemas.SessionMessage {
    init(_ frame: Channels.Session.FromClient) {
        switch frame {
        case .userMessage(let frame):
            self = .userMessage(.init(content: frame.content, agentType: frame.agentType.map { .init($0) }))
        case .toolResult(let frame):
            self = .toolResult(.init(callID: frame.callID, result: frame.result, error: frame.error))
        case .switchAgent(let frame):
            self = .switchAgent(.init(agentType: .init(frame.agentType), content: frame.content, reason: frame.reason))
        case .hitlDecision(let frame):
            self = .hitlDecision(
                .init(
                    callID: frame.callID, decision: .init(frame.decision), modifiedArguments: frame.modifiedArguments,
                    feedback: frame.feedback))
        case .planDecision(let frame):
            self = .planDecision(
                .init(approvalRequestID: frame.approvalRequestID, decision: .init(frame.decision), feedback: frame.feedback))
        case .cancel(let frame):
            self = .cancel(.init(turnID: frame.turnID))
        }
    }
}

extension RuntimeAPI.Schemas.AgentType {
    /// One of the clients calls the coder `code`.
    init(_ selector: GatewayAPI.Schemas.AgentSelector) {
        switch selector {
        case .orchestrator: self = .orchestrator
        case .coder, .code: self = .coder
        case .architect: self = .architect
        case .debug: self = .debug
        case .ask: self = .ask
        }
    }
}

extension RuntimeAPI.Schemas.HitlDecisionDecision {
    init(_ decision: GatewayAPI.Schemas.ToolDecision) {
        switch decision {
        case .approve: self = .approve
        case .edit: self = .edit
        case .reject: self = .reject
        }
    }
}

extension RuntimeAPI.Schemas.PlanDecisionDecision {
    init(_ verdict: GatewayAPI.Schemas.PlanVerdict) {
        switch verdict {
        case .approve: self = .approve
        case .reject: self = .reject
        case .modify: self = .modify
        }
    }
}
