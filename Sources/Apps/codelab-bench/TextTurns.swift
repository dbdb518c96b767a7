import APISupport
import GatewayAPI

/// Text turns, one after the other.
struct TextTurns: Sendable {
    struct Result: Sendable {
        /// From sending the message to the first delta, to the whole message, and to the end of the turn.
        var firstDelta: Distribution
        var message: Distribution
        var completed: Distribution
    }

    struct TurnFailed: Error, CustomStringConvertible {
        let description: String
    }

    let client: ChannelClient
    /// After so many turns another conversation begins: what a turn costs grows with the history that the model is shown.
    let turnsPerConversation: Int

    func measure(warmUp: Int, turns: Int) async throws -> Result {
        var times: [Turn] = []
        while times.count < warmUp + turns {
            let wanted = min(turnsPerConversation, warmUp + turns - times.count)
            times += try await client.session(.init(sessionID: "new_bench", deltas: true)) { connection in
                var times: [Turn] = []
                for _ in 0..<wanted { times.append(try await turn(on: connection)) }
                return times
            }
        }
        let measured = times.dropFirst(warmUp)
        return Result(
            firstDelta: Distribution(measured.map(\.firstDelta)), message: Distribution(measured.map(\.message)),
            completed: Distribution(measured.map(\.completed))
        )
    }

    private struct Turn: Sendable {
        var firstDelta: Duration
        var message: Duration
        var completed: Duration
    }

    private func turn(on connection: Channels.Session.ClientConnection) async throws -> Turn {
        let start = ContinuousClock.now
        try await connection.send(.userMessage(Schemas.UserMessage(content: "Hello")))
        var firstDelta: Duration?
        var message: Duration?
        for try await received in connection.incoming {
            guard case .message(let frame) = received else { throw TurnFailed(description: "a frame is not understood") }
            let passed = ContinuousClock.now - start
            switch frame.type {
            case .assistantMessage where frame.isFinal == true: message = passed
            case .assistantMessage: firstDelta = firstDelta ?? passed
            case .error: throw TurnFailed(description: frame.error ?? "the turn failed")
            case .status where frame.metadata?["state"] == "turn_completed":
                guard let message else { throw TurnFailed(description: "the turn brought no message") }
                return Turn(firstDelta: firstDelta ?? message, message: message, completed: passed)
            default: continue
            }
        }
        throw TurnFailed(description: "the connection ended")
    }
}
