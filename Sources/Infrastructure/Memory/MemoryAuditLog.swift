public import APISupport
public import RuntimeHandlers
internal import Synchronization

/// The audit log in the memory of the process.
public final class MemoryAuditLog: AuditLog {
    private let records = Mutex<[String: AuditRecord]>([:])

    /// An empty log.
    public init() {}

    public func keep(_ record: AuditRecord) async throws -> Bool {
        records.withLock { records in
            guard records[record.eventID] == nil else { return false }
            records[record.eventID] = record
            return true
        }
    }

    public func records(of owner: String, in session: String?, limit: Int, offset: Int) async throws -> [AuditRecord] {
        let all = records.withLock { records in
            records.values.filter { $0.owner == owner && (session == nil || $0.subject == session) }
        }
        let sorted = all.sorted { ($0.date, $0.eventID) > ($1.date, $1.eventID) }
        return Array(sorted.dropFirst(offset).prefix(limit))
    }

    public func purge(before date: Timestamp, limit: Int) async throws -> Int {
        records.withLock { records in
            let old = records.values.filter { $0.date < date }.sorted { $0.date < $1.date }.prefix(limit)
            for record in old { records[record.eventID] = nil }
            return old.count
        }
    }
}
