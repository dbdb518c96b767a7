import APISupport
import GatewayAPI

/// What a frame of the server means for the client that shows a turn. Pure: a frame in, an event out.
enum TurnEvent: Sendable, Equatable {
    /// A part of the agent's text.
    case text(String)
    /// The agent's text is complete; what no delta has shown yet.
    case messageEnded(rest: String)
    case call(ToolCall)
    /// A call's approval is settled: with `arguments` it may run.
    case settled(callID: String, isAllowed: Bool, arguments: JSONObject)
    case switched(from: String, to: String, reason: String?)
    case session(String)
    case failed(String)
    case ended(TurnEnding)
    /// Nothing for a person at a terminal.
    case nothing

    /// A tool that the client shall run.
    struct ToolCall: Sendable, Equatable {
        var id: String
        var tool: String
        var arguments: JSONObject
        var requiresApproval: Bool
    }
}

/// How a turn ended.
enum TurnEnding: Sendable, Equatable {
    case completed
    case cancelled
    case failed
}

/// Reads frames in their order; it only remembers how much of the message has been shown.
struct TurnReader: Sendable {
    private var hasDeltas = false

    mutating func event(for frame: Schemas.ServerFrame) -> TurnEvent {
        switch frame.type {
        case .assistantMessage: return message(frame)
        case .toolCall:
            guard let id = frame.callID, let tool = frame.toolName else { return .failed("the server sent a tool call without its name") }
            return .call(
                TurnEvent.ToolCall(
                    id: id, tool: tool, arguments: frame.arguments ?? [:], requiresApproval: frame.requiresApproval ?? false
                )
            )
        case .approvalSettled:
            guard let id = frame.callID else { return .nothing }
            let decision = frame.metadata?["decision"]?.stringValue
            return .settled(callID: id, isAllowed: decision == "approve" || decision == "edit", arguments: frame.arguments ?? [:])
        case .agentSwitched:
            return .switched(from: frame.fromAgent ?? "", to: frame.toAgent ?? "", reason: frame.reason)
        case .sessionInfo: return frame.sessionID.map { .session($0) } ?? .nothing
        case .error:
            let text = frame.error ?? frame.content ?? "the server reports an error without a text"
            return frame.metadata?["state"]?.stringValue == "turn_failed" ? failedTurn(text) : .failed(text)
        case .status: return ending(frame.metadata?["state"]?.stringValue)
        default: return .nothing
        }
    }

    /// The text of a failure that ends the turn is kept until it is asked for, once.
    private(set) var failure: String?

    private mutating func failedTurn(_ text: String) -> TurnEvent {
        failure = text
        return .ended(.failed)
    }

    private mutating func message(_ frame: Schemas.ServerFrame) -> TurnEvent {
        guard frame.isFinal ?? true else {
            hasDeltas = true
            return .text(frame.token ?? "")
        }
        defer { hasDeltas = false }
        return .messageEnded(rest: hasDeltas ? frame.token ?? "" : frame.content ?? frame.token ?? "")
    }

    private mutating func ending(_ state: String?) -> TurnEvent {
        switch state {
        case "turn_completed": return .ended(.completed)
        case "turn_cancelled": return .ended(.cancelled)
        case "turn_failed": return .ended(.failed)
        default: return .nothing
        }
    }
}
