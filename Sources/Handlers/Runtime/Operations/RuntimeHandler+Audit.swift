import APISupport
import RuntimeAPI

extension RuntimeHandler {
    func listAuditLog(
        _ input: Operations.ListAuditLog.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListAuditLog.Output {
        var records: [AuditRecord] = []
        // In a session that cannot be, nothing has happened.
        if input.sessionID?.utf8.allSatisfy({ Identifier.isUsable($0) }) ?? true {
            records = try await auditLog.records(
                of: input.codeLabUser, in: input.sessionID, limit: Int(input.limit), offset: Int(input.offset)
            )
        }
        return .ok(Schemas.AuditLog(entries: try records.map { try Schemas.AuditEntry($0) }, limit: input.limit, offset: input.offset))
    }
}

extension Schemas.AuditEntry {
    /// - Throws: When what is stored is no JSON object.
    fileprivate init(_ record: AuditRecord) throws {
        let event = try JSONReader.decode(JSONObject.self, from: [UInt8](record.event.utf8))
        self.init(
            id: record.eventID, type: record.type, sessionID: record.subject, time: record.date,
            correlationID: event["correlationid"]?.stringValue ?? "", causationID: event["causationid"]?.stringValue,
            data: event["data"]?.objectValue ?? [:]
        )
    }
}
