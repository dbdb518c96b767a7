import APISupport
import RuntimeAPI

/// The runtime's events of one session.
struct SessionEvents: Sendable {
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
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem),
            .serviceUnavailable(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }
}
