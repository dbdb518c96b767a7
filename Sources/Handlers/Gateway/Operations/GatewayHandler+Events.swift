import APISupport
import GatewayAPI
import RuntimeAPI

extension GatewayHandler {
    func listAuditLog(
        _ input: GatewayAPI.Operations.ListAuditLog.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.ListAuditLog.Output {
        let call = RuntimeAPI.Operations.ListAuditLog.Input(
            sessionID: input.sessionID, limit: input.limit, offset: input.offset, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.listAuditLog(call) }) {
        case .ok(let log):
            let entries = log.entries.map { entry in
                GatewayAPI.Schemas.AuditEntry(
                    id: entry.id, type: entry.type, sessionID: entry.sessionID, time: entry.time, correlationID: entry.correlationID,
                    causationID: entry.causationID, data: entry.data)
            }
            return .ok(.init(body: .init(entries: entries, limit: log.limit, offset: log.offset)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }
}
