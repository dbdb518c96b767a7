import APISupport
import Coordination
import GatewayAPI

/// Holds a connection's frames to their user's limit.
struct FrameLimiting: Sendable {
    let limits: GatewayLimits
    let caller: Caller

    /// Returns when a frame may be taken, or with the reason why it is not.
    ///
    /// What begins something is refused beyond the limit. What answers something is not, since nobody would send it again and a turn would wait for
    /// ever: such a frame waits, and what comes after it.
    func admit(_ received: ReceivedMessage<Channels.Session.FromClient>) async throws -> Allowance? {
        while true {
            guard let allowance = await limits.take(limits.messages, of: caller), allowance.isRefused else { return nil }
            switch received {
            case .message(.userMessage), .message(.switchAgent), .invalid: return allowance
            case .message(.toolResult), .message(.hitlDecision), .message(.planDecision), .message(.cancel):
                try await Task.sleep(for: allowance.decision.retryAfter ?? .seconds(1))
            }
        }
    }
}
