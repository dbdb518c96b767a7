import APISupport
import RuntimeAPI

/// The operations of `specs/runtime`: each finds the session, lets it act, and writes the result in the document's terms.
struct RuntimeHandler: RuntimeAPI.APIHandler {
    let home: SessionHome
    let repository: any SessionRepository
    let auditLog: any AuditLog
    let clock: any RuntimeClock

    func getHealth(_ input: Operations.GetHealth.Input, context: CallContext) async throws -> Operations.GetHealth.Output {
        .ok(Schemas.Health(service: "runtime", version: RuntimeService.version))
    }

    /// An id that a session can have; anything else is unknown before any store is asked, which might read it as another one's.
    func checkedID(_ id: String) throws(RequestFailure) -> String {
        guard id.utf8.allSatisfy({ Identifier.isUsable($0) }) else { throw RequestFailure(.unknownSession) }
        return id
    }

    /// The session as it is stored; ``RequestFailure`` `unknown-session` when the user has none of that id.
    func storedSession(_ id: String, of user: String) async throws -> Session {
        guard let session = try await repository.session(checkedID(id), of: user) else { throw RequestFailure(.unknownSession) }
        return session
    }

    /// Who wants to act on a session; ``RequestFailure`` `unknown-session` when nobody has one of that id.
    func caller(
        _ id: String, of user: String, isForwarded: Bool?, _ principal: Principal
    ) throws(RequestFailure) -> SessionHome.Caller {
        SessionHome.Caller(sessionID: try checkedID(id), user: user, principal: principal, isForwarded: isForwarded ?? false)
    }
}
