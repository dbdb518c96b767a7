internal import APISupport
internal import PostgresClient
public import RuntimeHandlers

extension PostgresSessionRepository: EventOutbox {
    public func append(_ events: [DomainEvent]) async throws {
        try await pool.batch(Self.outboxInsertions(of: events.map { try $0.cloudEvent() }))
        ring(events)
    }

    public func begin(relay fencingToken: Int64) async throws {
        let update = try await pool.query(
            "UPDATE runtime_outbox_relay SET fencing_token = \(fencingToken) WHERE fencing_token <= \(fencingToken)")
        guard update.affectedRows > 0 else { throw OutboxRelaySuperseded() }
    }

    public func oldest(_ limit: Int, for fencingToken: Int64) async throws -> [OutboxEntry] {
        let results = try await pool.batch([
            "SELECT fencing_token FROM runtime_outbox_relay",
            "SELECT position, address, content_type, payload FROM runtime_outbox ORDER BY position LIMIT \(limit)",
        ])
        guard try results[0].first?.decode(Int64.self) == fencingToken else { throw OutboxRelaySuperseded() }
        return try results[1].map { row in
            let (position, address, contentType, payload) = try row.decode(Int64.self, String.self, String.self, String.self)
            return OutboxEntry(
                position: position, event: Event(address: address, contentType: contentType, payload: [UInt8](payload.utf8)))
        }
    }

    public func remove(_ positions: [Int64]) async throws {
        try await pool.query("DELETE FROM runtime_outbox WHERE position = ANY(\(positions))")
    }

    public func count(upTo limit: Int) async throws -> Int {
        try await pool.query("SELECT count(*) FROM (SELECT 1 FROM runtime_outbox LIMIT \(limit)) AS waiting")[0].decode(Int.self)
    }

    func ring(_ events: [DomainEvent]) { if !events.isEmpty { bell.ring() } }

    /// To be run behind what locks the session's row, so that positions follow the order in which a session's changes are committed.
    static func outboxInsertions(of events: [Event]) -> [PostgresQuery] {
        events.map { event in
            let payload = String(decoding: event.payload, as: UTF8.self)
            return """
                INSERT INTO runtime_outbox (address, content_type, payload) VALUES (\(event.address), \(event.contentType), \(payload))
                """
        }
    }
}
