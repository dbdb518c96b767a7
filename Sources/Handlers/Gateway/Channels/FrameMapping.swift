import APISupport
import GatewayAPI
import RuntimeAPI

/// What a client is told of what happens in its session. Pure: an event in, the frames out.
///
/// A client that did not ask for deltas shows every frame type that it does not know as an empty bubble. It therefore gets only the types
/// that the first CodeLab had, and whole messages whose `token` repeats the content.
struct FrameMapping: Sendable {
    /// Whether the client asked for deltas and for the newer frame types.
    let deltas: Bool

    /// The frame for an event; nil when this client is not told of it.
    func frame(for event: RuntimeAPI.Schemas.SessionEvent) -> GatewayAPI.Schemas.ServerFrame? {
        switch event {
        case .textDelta(let event): deltas ? .delta(event.text, turnID: event.turnID) : nil
        case .assistantMessage(let event): .message(event, token: deltas ? "" : event.content)
        case .toolCall(let event): .toolCall(event)
        case .agentSwitched(let event): .agentSwitched(event)
        case .turnFailed(let event): .turnFailed(event)
        case .turnStarted(let event): newer(.status("turn_started", turnID: event.turnID, ["agent": .string(event.agent.rawValue)]))
        case .turnCompleted(let event): newer(.status("turn_completed", turnID: event.turnID, Self.usage(event.usage)))
        case .turnCancelled(let event): newer(.status("turn_cancelled", turnID: event.turnID))
        case .toolResultRecorded(let event): newer(.toolResult(event))
        case .approvalRequired(let event): newer(.approvalRequired(event))
        case .approvalSettled(let event): newer(.approvalSettled(event))
        }
    }

    /// A frame for those who asked for what is newer than the first CodeLab.
    private func newer(_ frame: @autoclosure () -> GatewayAPI.Schemas.ServerFrame) -> GatewayAPI.Schemas.ServerFrame? {
        deltas ? frame() : nil
    }

    private static func usage(_ usage: RuntimeAPI.Schemas.Usage?) -> JSONObject {
        guard let usage else { return [:] }
        return [
            "usage": .object([
                "prompt_tokens": .integer(usage.promptTokens), "completion_tokens": .integer(usage.completionTokens),
                "total_tokens": .integer(usage.totalTokens),
            ])
        ]
    }
}
