import APISupport
import GatewayAPI
import RuntimeAPI

/// One frame for each kind of event.
extension GatewayAPI.Schemas.ServerFrame {
    static func delta(_ text: String, turnID: String) -> Self {
        Self(.assistantMessage, token: text, isFinal: false, turnID: turnID)
    }

    static func message(_ event: RuntimeAPI.Schemas.AssistantMessage, token: String) -> Self {
        Self(
            .assistantMessage, content: event.content, token: token, isFinal: true,
            metadata: ["agent": .string(event.agent.rawValue)], turnID: event.turnID)
    }

    static func toolCall(_ event: RuntimeAPI.Schemas.ToolCallEvent) -> Self {
        Self(
            .toolCall, callID: event.callID, toolName: event.toolName, arguments: event.arguments,
            requiresApproval: event.requiresApproval, turnID: event.turnID)
    }

    static func toolResult(_ event: RuntimeAPI.Schemas.ToolResultRecorded) -> Self {
        Self(
            .toolResult, callID: event.callID, toolName: event.toolName, metadata: ["is_error": .boolean(event.isError)],
            turnID: event.turnID)
    }

    /// The switch is told twice, as members and in the metadata: clients read the one or the other.
    static func agentSwitched(_ event: RuntimeAPI.Schemas.AgentSwitched) -> Self {
        let metadata: JSONObject = [
            "from_agent": .string(event.fromAgent.rawValue), "to_agent": .string(event.toAgent.rawValue),
            "reason": event.reason.map { .string($0) } ?? .null, "confidence": event.confidence.map { .number($0) } ?? .null,
        ]
        return Self(
            .agentSwitched, content: event.reason, metadata: metadata, turnID: event.turnID, fromAgent: event.fromAgent.rawValue,
            toAgent: event.toAgent.rawValue, reason: event.reason, confidence: event.confidence)
    }

    static func approvalRequired(_ event: RuntimeAPI.Schemas.ApprovalRequired) -> Self {
        Self(
            .approvalRequired, callID: event.callID, toolName: event.toolName, arguments: event.arguments, requiresApproval: true,
            turnID: event.turnID, reason: event.reason, approvalRequestID: event.requestID)
    }

    static func approvalSettled(_ event: RuntimeAPI.Schemas.ApprovalSettled) -> Self {
        var metadata: JSONObject = ["decision": .string(event.decision.rawValue)]
        if let feedback = event.feedback { metadata["feedback"] = .string(feedback) }
        return Self(
            .approvalSettled, callID: event.callID, toolName: event.toolName, arguments: event.arguments, metadata: metadata,
            turnID: event.turnID, approvalRequestID: event.requestID)
    }

    static func turnFailed(_ event: RuntimeAPI.Schemas.TurnFailed) -> Self {
        .error(
            event.message, code: event.code.rawValue, more: ["state": "turn_failed", "retryable": .boolean(event.retryable)],
            turnID: event.turnID)
    }

    /// How the turn goes; `state` is in the metadata.
    static func status(_ state: String, turnID: String, _ more: JSONObject = [:]) -> Self {
        var metadata = more
        metadata["state"] = .string(state)
        return Self(.status, metadata: metadata, turnID: turnID)
    }

    /// The first frame of a session that was begun with the connection.
    static func sessionInfo(sessionID: String) -> Self { Self(.sessionInfo, sessionID: sessionID) }

    /// What happened meanwhile cannot be told any more.
    static let eventsLost = error("Events were lost: read the session's history.", code: "events_lost")

    /// The text is in `content` and in `error`: clients read the one or the other.
    static func error(_ message: String, code: String, more: JSONObject = [:], turnID: String? = nil) -> Self {
        var metadata = more
        metadata["code"] = .string(code)
        return Self(.error, content: message, error: message, metadata: metadata, turnID: turnID)
    }

    /// For a frame that was not understood, with all that is wrong with it.
    static func error(_ failure: RequestFailure) -> Self {
        let summary = failure.violations.first.map { "\($0.pointer) \($0.message)" } ?? failure.detail
        return .error(
            "The frame was not understood: \(summary)", code: failure.code.name.replacing("-", with: "_"), more: errors(failure.violations))
    }

    /// For a frame that the runtime refused. The code is the last part of the problem's type.
    static func error(_ problem: Problem) -> Self {
        let name = problem.type.split(separator: ":").last.map(String.init) ?? "refused"
        return .error(problem.detail ?? problem.title, code: name.replacing("-", with: "_"), more: errors(problem.errors ?? []))
    }

    /// For a frame beyond the limit of its user.
    static func tooMany(_ allowance: Allowance) -> Self {
        .error(
            "Too many messages: try again in \(allowance.wait).", code: "rate_limited",
            more: ["retry_after": .integer(allowance.retryAfter)])
    }

    private static func errors(_ violations: [Violation]) -> JSONObject {
        guard !violations.isEmpty else { return [:] }
        let errors = violations.map { violation in
            JSONValue.object([
                "pointer": .string(violation.pointer), "rule": .string(violation.rule), "message": .string(violation.message),
            ])
        }
        return ["errors": .array(errors)]
    }
}

extension GatewayAPI.Schemas.ServerFrame {
    /// A frame with what applies to it; the rest is null, or not there.
    init(
        _ type: GatewayAPI.Schemas.ServerFrameType, content: String? = nil, token: String? = nil, isFinal: Bool? = nil,
        callID: String? = nil,
        toolName: String? = nil, arguments: JSONObject? = nil, requiresApproval: Bool? = nil, error: String? = nil,
        metadata: JSONObject? = nil,
        sessionID: String? = nil, turnID: String? = nil, fromAgent: String? = nil, toAgent: String? = nil, reason: String? = nil,
        confidence: Double? = nil, approvalRequestID: String? = nil
    ) {
        self.init(
            type: type, content: content, token: token, isFinal: isFinal, callID: callID, toolName: toolName, arguments: arguments,
            requiresApproval: requiresApproval, error: error, metadata: metadata, sessionID: sessionID, turnID: turnID,
            fromAgent: fromAgent,
            toAgent: toAgent, reason: reason, confidence: confidence, approvalRequestID: approvalRequestID)
    }
}
