public import APISupport
internal import GRDB
public import RuntimeHandlers

/// The audit log in a SQLite file, whose tables have been brought up to date.
public struct SQLiteAuditLog: AuditLog {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) { self.database = database }

    public func keep(_ record: AuditRecord) async throws -> Bool {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO runtime_audit_log (event_id, type, subject, owner, occurred_at, event) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (event_id) DO NOTHING
                    """)
            try statement.execute(arguments: [
                record.eventID, record.type, record.subject, record.owner, record.date.microseconds, record.event,
            ])
            return database.changesCount > 0
        }
    }

    public func records(of owner: String, in session: String?, limit: Int, offset: Int) async throws -> [AuditRecord] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT * FROM runtime_audit_log WHERE owner = ? AND (? IS NULL OR subject = ?)
                    ORDER BY occurred_at DESC, event_id DESC LIMIT ? OFFSET ?
                    """)
            return try Row.fetchAll(statement, arguments: [owner, session, session, limit, offset]).map { row in
                AuditRecord(
                    eventID: row["event_id"], type: row["type"], subject: row["subject"], owner: row["owner"],
                    date: Timestamp(microseconds: row["occurred_at"]), event: row["event"])
            }
        }
    }

    public func purge(before date: Timestamp, limit: Int) async throws -> Int {
        try await database.pool.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM runtime_audit_log WHERE event_id IN
                        (SELECT event_id FROM runtime_audit_log WHERE occurred_at < ? ORDER BY occurred_at LIMIT ?)
                    """)
            try statement.execute(arguments: [date.microseconds, limit])
            return database.changesCount
        }
    }
}
