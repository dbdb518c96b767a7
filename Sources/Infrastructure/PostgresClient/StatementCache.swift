/// A statement that the server has parsed for one connection.
struct PreparedStatement: Sendable {
    let name: String
    let parameterTypes: [UInt32]
}

/// The prepared statements of one connection: at most so many, the one unused for the longest time makes room.
struct StatementCache {
    private struct Entry {
        let statement: PreparedStatement
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { entries.count }

    mutating func statement(for sql: String) -> PreparedStatement? {
        uses += 1
        // One look-up for reading and marking.
        guard let index = entries.index(forKey: sql) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].statement
    }

    /// A name that no statement of the connection had before.
    mutating func nextName() -> String {
        names += 1
        return "s\(names)"
    }

    /// - Returns: The statement that was taken out for this one, to be deallocated.
    mutating func insert(_ statement: PreparedStatement, for sql: String) -> PreparedStatement? {
        var evicted: PreparedStatement?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evicted = entries.removeValue(forKey: oldest.key)?.statement
        }
        uses += 1
        entries[sql] = Entry(statement: statement, lastUse: uses)
        return evicted
    }

    mutating func removeAll() { entries = [:] }

    mutating func remove(_ sql: String) -> PreparedStatement? { entries.removeValue(forKey: sql)?.statement }
}
