import GatewayAPI
import RuntimeAPI

/// The runtime's answers in the gateway's shapes.

extension GatewayAPI.Schemas.AgentType {
    init(_ type: RuntimeAPI.Schemas.AgentType) { self.init(rawValue: type.rawValue) }
}

extension GatewayAPI.Schemas.Agent {
    init(_ agent: RuntimeAPI.Schemas.Agent) {
        self.init(
            type: .init(agent.type), name: agent.name, description: agent.description, allowedTools: agent.allowedTools,
            hasFileRestrictions: agent.hasFileRestrictions)
    }
}

extension GatewayAPI.Schemas.AgentSwitch {
    init(_ change: RuntimeAPI.Schemas.AgentSwitch) {
        self.init(from: .init(change.from), to: .init(change.to), reason: change.reason, timestamp: change.timestamp)
    }
}

extension GatewayAPI.Schemas.AgentContext {
    init(_ context: RuntimeAPI.Schemas.AgentContext) {
        self.init(
            id: context.id, sessionID: context.sessionID, currentAgent: .init(context.currentAgent), switchCount: context.switchCount,
            switchHistory: context.switchHistory.map { .init($0) }, lastSwitchAt: context.lastSwitchAt, createdAt: context.createdAt)
    }
}

extension GatewayAPI.Schemas.Session {
    init(_ session: RuntimeAPI.Schemas.Session) {
        self.init(
            id: session.id, sessionID: session.id, title: session.title, messageCount: session.messageCount, createdAt: session.createdAt,
            lastActivity: session.lastActivity, isActive: session.isActive, currentAgent: .init(session.currentAgent))
    }
}

extension GatewayAPI.Schemas.SessionList {
    init(_ list: RuntimeAPI.Schemas.SessionList) {
        self.init(sessions: list.sessions.map { .init($0) }, total: list.total, limit: list.limit, offset: list.offset)
    }
}

extension GatewayAPI.Schemas.SessionHistory {
    init(_ history: RuntimeAPI.Schemas.History) {
        self.init(
            sessionID: history.sessionID, messages: history.messages.map { .init($0) }, messageCount: history.messageCount,
            lastActivity: history.lastActivity, currentAgent: .init(history.currentAgent),
            agentHistory: history.agentHistory.map { .init($0) })
    }
}

extension GatewayAPI.Schemas.HistoryMessage {
    init(_ message: RuntimeAPI.Schemas.HistoryMessage) {
        self.init(
            role: .init(rawValue: message.role.rawValue), content: message.content, name: message.name, toolCallID: message.toolCallID,
            toolCalls: message.toolCalls?.map {
                .init(id: $0.id, function: .init(name: $0.function.name, arguments: $0.function.arguments))
            })
    }
}

extension GatewayAPI.Schemas.PendingApprovalList {
    init(_ list: RuntimeAPI.Schemas.PendingApprovals) {
        self.init(sessionID: list.sessionID, count: list.count, pendingApprovals: list.pendingApprovals.map { .init($0) })
    }
}

extension GatewayAPI.Schemas.PendingApproval {
    init(_ approval: RuntimeAPI.Schemas.PendingApproval) {
        self.init(
            requestID: approval.requestID, requestType: .init(rawValue: approval.requestType.rawValue), subject: approval.subject,
            details: approval.details, reason: approval.reason, createdAt: approval.createdAt, callID: approval.callID,
            toolName: approval.toolName, arguments: approval.arguments)
    }
}
