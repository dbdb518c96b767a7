public import APISupport
public import PostgresClient
public import RuntimeHandlers

/// The audit log in PostgreSQL, whose tables have been brought up to date.
public struct PostgresAuditLog: AuditLog {
    private let pool: PostgresPool

    public init(_ pool: PostgresPool) { self.pool = pool }

    public func keep(_ record: AuditRecord) async throws -> Bool {
        try await pool.query(
            """
            INSERT INTO runtime_audit_log (event_id, type, subject, owner, occurred_at, event)
            VALUES (\(record.eventID), \(record.type), \(record.subject), \(record.owner), \(record.date.postgres), \(record.event))
            ON CONFLICT (event_id) DO NOTHING
            """
        ).affectedRows > 0
    }

    public func records(of owner: String, in session: String?, limit: Int, offset: Int) async throws -> [AuditRecord] {
        try await pool.query(
            """
            SELECT * FROM runtime_audit_log WHERE owner = \(owner) AND (\(session)::text IS NULL OR subject = \(session))
            ORDER BY occurred_at DESC, event_id DESC LIMIT \(limit) OFFSET \(offset)
            """
        ).map { row in
            AuditRecord(
                eventID: try row.decode("event_id"), type: try row.decode("type"), subject: try row.decode("subject"),
                owner: try row.decode("owner"),
                date: Timestamp(microseconds: try row.decode("occurred_at", as: PostgresTimestamp.self).microsecondsSince1970),
                event: try row.decode("event"))
        }
    }

    public func purge(before date: Timestamp, limit: Int) async throws -> Int {
        try await pool.query(
            """
            DELETE FROM runtime_audit_log WHERE event_id IN
                (SELECT event_id FROM runtime_audit_log WHERE occurred_at < \(date.postgres) ORDER BY occurred_at LIMIT \(limit))
            """
        ).affectedRows
    }
}
