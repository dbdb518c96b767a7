internal import APISupport
internal import GRDB
public import RuntimeHandlers

extension SQLiteSessionRepository: EventOutbox {
    public func append(_ events: [DomainEvent]) async throws {
        try await write { database in try Self.insert(events.map { try $0.cloudEvent() }, in: database) }
        ring(events)
    }

    public func begin(relay fencingToken: Int64) async throws {
        try await write { database in
            try database.cachedStatement(sql: "UPDATE runtime_outbox_relay SET fencing_token = ? WHERE fencing_token <= ?")
                .execute(arguments: [fencingToken, fencingToken])
            guard database.changesCount > 0 else { throw OutboxRelaySuperseded() }
        }
    }

    public func oldest(_ limit: Int, for fencingToken: Int64) async throws -> [OutboxEntry] {
        try await read { database in
            let token = try Int64.fetchOne(database.cachedStatement(sql: "SELECT fencing_token FROM runtime_outbox_relay"))
            guard token == fencingToken else { throw OutboxRelaySuperseded() }
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT position, address, content_type, payload FROM runtime_outbox ORDER BY position LIMIT ?"),
                arguments: [limit])
            return rows.map { row in
                let payload: String = row["payload"]
                let event = Event(address: row["address"], contentType: row["content_type"], payload: [UInt8](payload.utf8))
                return OutboxEntry(position: row["position"], event: event)
            }
        }
    }

    public func remove(_ positions: [Int64]) async throws {
        try await write { database in
            let statement = try database.cachedStatement(sql: "DELETE FROM runtime_outbox WHERE position = ?")
            for position in positions { try statement.execute(arguments: [position]) }
        }
    }

    public func count(upTo limit: Int) async throws -> Int {
        try await read { database in
            let statement = try database.cachedStatement(sql: "SELECT COUNT(*) FROM (SELECT 1 FROM runtime_outbox LIMIT ?)")
            return try Int.fetchOne(statement, arguments: [limit]) ?? 0
        }
    }

    func ring(_ events: [DomainEvent]) { if !events.isEmpty { bell.ring() } }

    static func insert(_ events: [Event], in database: Database) throws {
        guard !events.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "INSERT INTO runtime_outbox (address, content_type, payload) VALUES (?, ?, ?)")
        for event in events {
            try statement.execute(arguments: [event.address, event.contentType, String(decoding: event.payload, as: UTF8.self)])
        }
    }
}
