import APISupport
import RuntimeAPI

/// The stored in the document's terms.
extension Schemas.Session {
    init(_ session: Session) {
        self.init(
            id: session.id, title: session.title, messageCount: Int32(clamping: session.messageCount), createdAt: session.createdAt,
            lastActivity: session.lastActivity, isActive: true, currentAgent: Schemas.AgentType(session.agent),
            state: Schemas.SessionState(session.state)
        )
    }
}

extension Schemas.SessionState {
    fileprivate init(_ state: Session.State) {
        switch state {
        case .idle: self = .idle
        case .running: self = .running
        case .interrupted: self = .interrupted
        }
    }
}

extension Schemas.AgentType {
    init(_ agent: AgentType) {
        switch agent {
        case .orchestrator: self = .orchestrator
        case .coder: self = .coder
        case .architect: self = .architect
        case .debug: self = .debug
        case .ask: self = .ask
        }
    }
}

extension AgentType {
    init(_ agent: Schemas.AgentType) {
        switch agent {
        case .orchestrator: self = .orchestrator
        case .coder: self = .coder
        case .architect: self = .architect
        case .debug: self = .debug
        case .ask: self = .ask
        }
    }
}

extension Schemas.AgentSwitch {
    init(_ change: AgentSwitch) {
        self.init(
            from: Schemas.AgentType(change.from), to: Schemas.AgentType(change.to), reason: change.reason, timestamp: change.date
        )
    }
}

extension Schemas.HistoryMessage {
    init(_ message: Message) {
        let calls = message.toolCalls.map {
            Schemas.ToolCall(id: $0.id, function: Schemas.FunctionCall(name: $0.name, arguments: $0.arguments))
        }
        self.init(
            role: Schemas.HistoryMessageRole(message.role), content: message.content, name: message.name, toolCallID: message.toolCallID,
            toolCalls: calls.isEmpty ? nil : calls
        )
    }
}

extension Schemas.HistoryMessageRole {
    fileprivate init(_ role: Message.Role) {
        switch role {
        case .user: self = .user
        case .assistant: self = .assistant
        case .tool: self = .tool
        }
    }
}

extension Schemas.PendingApproval {
    /// Nil for a call that waits for no approval.
    init?(_ call: PendingCall) {
        guard case .awaitingApproval(let requestID) = call.progress else { return nil }
        let tool = call.tool.name.rawValue
        self.init(
            requestID: requestID, requestType: .tool, subject: call.subject,
            details: ["tool_name": .string(tool), "arguments": .object(call.arguments), "agent": .string(call.agent.rawValue)],
            reason: call.approvalReason, createdAt: call.createdAt, callID: call.callID, toolName: tool, arguments: call.arguments
        )
    }
}

extension ApprovalDecision.Kind {
    init(_ decision: Schemas.HitlDecisionDecision) {
        switch decision {
        case .approve: self = .approve
        case .edit: self = .edit
        case .reject: self = .reject
        }
    }
}
