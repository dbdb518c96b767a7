internal import APISupport
public import RuntimeHandlers
internal import Synchronization

/// What waits to be published, in memory.
struct MemoryOutbox {
    var entries: [OutboxEntry] = []
    var lastPosition: Int64 = 0
    var relay: Int64 = 0
}

extension MemorySessionRepository: EventOutbox {
    public func append(_ events: [DomainEvent]) async throws { keep(try events.map { try $0.cloudEvent() }) }

    public func begin(relay fencingToken: Int64) async throws {
        let isLatest = outbox.withLock { outbox in
            guard outbox.relay <= fencingToken else { return false }
            outbox.relay = fencingToken
            return true
        }
        guard isLatest else { throw OutboxRelaySuperseded() }
    }

    public func oldest(_ limit: Int, for fencingToken: Int64) async throws -> [OutboxEntry] {
        let (relay, entries) = outbox.withLock { ($0.relay, Array($0.entries.prefix(limit))) }
        guard relay == fencingToken else { throw OutboxRelaySuperseded() }
        return entries
    }

    public func remove(_ positions: [Int64]) async throws {
        let positions = Set(positions)
        outbox.withLock { $0.entries.removeAll { positions.contains($0.position) } }
    }

    public func count(upTo limit: Int) async throws -> Int { outbox.withLock { min(limit, $0.entries.count) } }

    func keep(_ events: [Event]) {
        guard !events.isEmpty else { return }
        outbox.withLock { outbox in
            for event in events {
                outbox.lastPosition += 1
                outbox.entries.append(OutboxEntry(position: outbox.lastPosition, event: event))
            }
        }
        bell.ring()
    }
}
