import APISupport
import RuntimeAPI

/// The runtime's events of one session.
struct SessionEvents: Sendable {
    /// Whether a turn runs, and if not, whether the last one was interrupted. Throws ``SessionEnd``, or what ``RuntimeCalls`` throws.
    func state() async throws -> RuntimeAPI.Schemas.SessionState {
        switch try await runtime({ [sessionID, user] in try await $0.getSession(.init(sessionID: sessionID, codeLabUser: user)) }) {
        case .ok(let session): return session.state
        case .notFound: throw SessionEnd.noSession
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    /// The events behind the id are not kept any more.
    struct Gone: Error {}

    let runtime: RuntimeCalls
    let sessionID: String
    let user: String

    /// The events behind `lastEventID`, or from now on. Throws ``Gone``, ``SessionEnd``, or what ``RuntimeCalls`` throws.
    func subscribe(after lastEventID: String?) async throws -> EventStream<RuntimeAPI.Schemas.SessionEvent> {
        let input = RuntimeAPI.Operations.StreamEvents.Input(sessionID: sessionID, lastEventID: lastEventID, codeLabUser: user)
        switch try await runtime({ try await $0.streamEvents(input) }) {
        case .ok(let events): return events
        case .notFound: throw SessionEnd.noSession
        case .gone: throw Gone()
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        case .serviceUnavailable(let answer): throw RuntimeCalls.failure(answer.body)
        }
    }
}
