public import Coordination
internal import Synchronization

/// A stream within one process, which ends with it.
public final class MemoryEntryStream: EntryStream {
    private let limits: StreamLimits
    private let now: @Sendable () -> Int64
    private let bell = Bell()
    private let state = Mutex(MemoryEntryStreamState())

    public convenience init(limits: StreamLimits = StreamLimits()) {
        let time = MonotonicTime()
        self.init(limits: limits) { time.now }
    }

    /// - Parameter now: Microseconds since 1970; must not go backwards.
    public init(limits: StreamLimits, now: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.now = now
    }

    @discardableResult
    public func append(_ payloads: [[UInt8]]) async throws -> [StreamEntryID] {
        try limits.check(payloads)
        guard !payloads.isEmpty else { return [] }
        let now = now()
        let ids = state.withLock { $0.append(payloads, limits, now) }
        bell.ring()
        return ids
    }

    public func lastID() async throws -> StreamEntryID { state.withLock { $0.last } }

    public func createGroup(_ group: String, from start: StreamStart) async throws {
        try CoordinationNameFailure.check(group)
        try state.withLock { state in try state.createGroup(group, from: start, limits) }
    }

    public func read(_ group: String, as consumer: String, count: Int, wait: Duration) async throws -> StreamBatch {
        try CoordinationNameFailure.check(group, consumer)
        let count = max(1, min(count, limits.maximumBatch))
        return try await batch(wait) { state in try state.read(group, count: count, self.limits, self.now()) }
    }

    @discardableResult
    public func acknowledge(_ ids: [StreamEntryID], in group: String) async throws -> Int {
        try CoordinationNameFailure.check(group)
        guard ids.count <= StreamLimits.maximumAcknowledgements else { throw StreamFailure.batchTooLarge }
        return state.withLock { $0.acknowledge(ids, in: group) }
    }

    public func claim(_ group: String, as consumer: String, idleFor idle: Duration, count: Int) async throws -> StreamClaim {
        try CoordinationNameFailure.check(group, consumer)
        let (count, now) = (max(1, min(count, limits.maximumBatch)), now())
        return try state.withLock { state in
            try state.claim(group, before: now.addingClamped(-max(0, idle.microseconds)), count: count, now)
        }
    }

    public func read(after id: StreamEntryID, count: Int, wait: Duration) async throws -> StreamBatch {
        let count = max(1, min(count, limits.maximumBatch))
        return try await batch(wait) { state in
            let entries = state.entries(after: id, count: count)
            return StreamBatch(
                entries: entries.map { StreamEntry(id: $0.id, payload: $0.payload, deliveries: 0) },
                hasGap: entries.first.map { !id.isFollowed(by: $0.id) } ?? false)
        }
    }

    private func batch(
        _ wait: Duration, _ body: (inout MemoryEntryStreamState) throws -> StreamBatch
    ) async throws -> StreamBatch {
        let batch = try await bell.waitForAnswer(for: wait) { () -> (StreamBatch?, Duration?) in
            let batch = try state.withLock { state in try body(&state) }
            return (batch.entries.isEmpty ? nil : batch, nil)
        }
        return batch ?? StreamBatch(entries: [], hasGap: false)
    }
}
