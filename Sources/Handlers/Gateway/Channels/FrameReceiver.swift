import APISupport
import GatewayAPI
import Logging
import RuntimeAPI

/// Brings the client's frames to the runtime, in their order, one at a time: while one is on its way the client is held back. What is wrong with a
/// frame is answered by an error frame, and the connection stays.
struct FrameReceiver: Sendable {
    let runtime: RuntimeCalls
    let sessionID: String
    let user: String
    let connection: Channels.Session.ServerConnection
    let turns: RunningTurns
    let limiting: FrameLimiting
    let logger: Logger

    /// Returns when the client has closed the connection. Throws `WebSocketClosed` when it is gone otherwise.
    func run() async throws {
        for try await received in connection.incoming {
            if let refusal = try await limiting.admit(received) {
                try await connection.send(.tooMany(refusal))
                continue
            }
            switch received {
            case .message(let frame):
                if let answer = try await post(frame) { try await connection.send(answer) }
            case .invalid(let failure):
                try await connection.send(.error(failure))
            }
        }
    }

    /// Gives a frame to the runtime; returns the error frame when it does not take it.
    private func post(_ frame: Channels.Session.FromClient) async throws -> GatewayAPI.Schemas.ServerFrame? {
        let input = RuntimeAPI.Operations.PostMessage.Input(sessionID: sessionID, codeLabUser: user, body: .init(frame))
        if frame.startsTurn { turns.setBeginning(true) }
        defer { turns.setBeginning(false) }
        do {
            switch try await runtime({ try await $0.postMessage(input) }) {
            case .accepted(let acceptance):
                if let turnID = acceptance.turnID, frame.startsTurn { turns.begin(turnID) }
                return nil
            case .badRequest(let problem), .notFound(let problem), .conflict(let problem), .contentTooLarge(let problem),
                .unprocessableContent(let problem):
                return .error(problem)
            case .unauthorized(let problem), .forbidden(let problem), .unsupportedMediaType(let problem), .internalServerError(let problem):
                throw RuntimeCalls.failure(problem)
            case .serviceUnavailable(let answer): throw RuntimeCalls.failure(answer.body)
            }
        } catch let failure as RequestFailure {
            logger.error("a frame was not delivered", metadata: ["cause": "\(failure.cause.map { "\($0)" } ?? failure.detail)"])
            let end = SessionEnd(failure)
            return .error(end.message, code: end.code)
        } catch let error as ProblemError {
            return .error(error.problem)
        }
    }
}

extension Channels.Session.FromClient {
    /// Whether a turn that the runtime names in its answer has begun with it.
    fileprivate var startsTurn: Bool {
        switch self {
        case .userMessage, .switchAgent: true
        case .toolResult, .hitlDecision, .planDecision, .cancel: false
        }
    }
}
