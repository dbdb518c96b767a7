public import Coordination
public import RedisClient

/// A stream that all replicas share.
///
/// Whether entries survive the server's end is the server's matter: with `appendonly yes` and `appendfsync always` all that was appended and all
/// that was acknowledged does. The milliseconds of ids are the server's clock's.
public struct RedisEntryStream: EntryStream {
    private let client: RedisClient
    private let key: String
    private let limits: StreamLimits

    /// - Parameters:
    ///   - name: The stream's, 1 to 512 bytes.
    ///   - prefix: Of the key in Redis.
    /// - Throws: ``CoordinationNameFailure``.
    public init(
        _ client: RedisClient, name: String, limits: StreamLimits = StreamLimits(), prefix: String = "codelab:stream:"
    ) throws(CoordinationNameFailure) {
        try CoordinationNameFailure.check(name)
        self.client = client
        self.key = prefix + name
        self.limits = limits
    }

    @discardableResult
    public func append(_ payloads: [[UInt8]]) async throws -> [StreamEntryID] {
        try limits.check(payloads)
        guard !payloads.isEmpty else { return [] }
        let answer = try await RedisDurations.measure(.streamAppend) {
            try await RedisEntryStreamScripts.append.run(
                on: client, keys: [key], arguments: [.integer(limits.maximumEntries)] + payloads.map { .bytes($0) })
        }
        guard let ids = answer.array, ids.count == payloads.count else { throw Self.unexpected }
        return try ids.map(Self.id)
    }

    public func lastID() async throws -> StreamEntryID {
        try Self.id(try await RedisEntryStreamScripts.lastID.run(on: client, keys: [key], arguments: []))
    }

    // MARK: Groups

    public func createGroup(_ group: String, from start: StreamStart) async throws {
        try CoordinationNameFailure.check(group)
        let text =
            switch start {
            case .beginning: ""
            case .end: "$"
            case .after(let id): id.description
            }
        let answer = try await RedisEntryStreamScripts.createGroup.run(
            on: client, keys: [key], arguments: [.text(group), .text(text), .integer(limits.maximumGroups)])
        if answer.integer == 0 { throw StreamFailure.tooManyGroups }
    }

    public func read(_ group: String, as consumer: String, count: Int, wait: Duration) async throws -> StreamBatch {
        try CoordinationNameFailure.check(group, consumer)
        let count = max(1, min(count, limits.maximumBatch))
        let deadline = ContinuousClock.now + min(max(wait, .zero), RedisWait.longest)
        while true {
            let answer = try await RedisEntryStreamScripts.read.run(
                on: client, keys: [key],
                arguments: [.text(group), .text(consumer), .integer(count), .integer(limits.maximumPending)])
            if answer.integer == 0 { throw StreamFailure.noGroup }
            if answer.integer == 1 { throw StreamFailure.tooManyPending }
            guard let parts = answer.array, parts.count == 2, let list = parts[1].array else { throw Self.unexpected }
            let last = try Self.id(parts[0])
            let entries = try list.map { try Self.entry($0, deliveries: 1) }
            if let first = entries.first { return StreamBatch(entries: entries, hasGap: !last.isFollowed(by: first.id)) }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return StreamBatch(entries: [], hasGap: false) }
            // All consumers that wait wake up, and one of them gets the entry.
            _ = try await RedisWait.entries(of: key, after: last.description, count: 1, for: left, on: client)
        }
    }

    @discardableResult
    public func acknowledge(_ ids: [StreamEntryID], in group: String) async throws -> Int {
        try CoordinationNameFailure.check(group)
        guard ids.count <= StreamLimits.maximumAcknowledgements else { throw StreamFailure.batchTooLarge }
        return try await RedisDurations.measure(.streamAcknowledge) {
            try await RedisStream(key, group: group, on: client).acknowledge(ids.map(\.description))
        }
    }

    public func claim(_ group: String, as consumer: String, idleFor idle: Duration, count: Int) async throws -> StreamClaim {
        try CoordinationNameFailure.check(group, consumer)
        let count = max(1, min(count, limits.maximumBatch))
        let milliseconds = (max(0, idle.microseconds) + 999) / 1000
        var (start, entries, trimmed) = ("0-0", [StreamEntry](), [StreamEntryID]())
        repeat {
            let answer = try await RedisEntryStreamScripts.claim.run(
                on: client, keys: [key],
                arguments: [.text(group), .text(consumer), .integer(milliseconds), .text(start), .integer(count - entries.count)])
            if answer.integer == 0 { throw StreamFailure.noGroup }
            guard let parts = answer.array, parts.count == 4, let next = parts[0].text, let claimed = parts[1].array,
                let deliveries = parts[2].array, deliveries.count == claimed.count, let deleted = parts[3].array
            else { throw Self.unexpected }
            for (value, deliveries) in zip(claimed, deliveries) {
                entries.append(try Self.entry(value, deliveries: Int(clamping: deliveries.integer ?? 1)))
            }
            trimmed += try deleted.map(Self.id)
            start = next
        } while start != "0-0" && entries.count < count
        return StreamClaim(entries: entries, trimmed: trimmed)
    }

    // MARK: Without a group

    public func read(after id: StreamEntryID, count: Int, wait: Duration) async throws -> StreamBatch {
        let count = max(1, min(count, limits.maximumBatch))
        // Behind the largest id there is nothing, which XRANGE calls an error.
        guard id < StreamEntryID(milliseconds: .max, number: .max) else { return StreamBatch(entries: [], hasGap: false) }
        var values = try await client.send(["XRANGE", .text(key), .text("(\(id)"), "+", "COUNT", .integer(count)]).array ?? []
        if values.isEmpty, wait > .zero {
            values = try await RedisWait.entries(of: key, after: id.description, count: count, for: wait, on: client)
        }
        let entries = try values.map { try Self.entry($0, deliveries: 0) }
        return StreamBatch(entries: entries, hasGap: entries.first.map { !id.isFollowed(by: $0.id) } ?? false)
    }

    // MARK: Answers

    private static func id(_ value: RedisValue) throws -> StreamEntryID {
        guard let id = value.text.flatMap(StreamEntryID.init) else { throw unexpected }
        return id
    }

    private static func entry(_ value: RedisValue, deliveries: Int) throws -> StreamEntry {
        guard let parts = value.array, parts.count == 2, let fields = parts[1].array, fields.count == 2, let payload = fields[1].bytes
        else {
            throw unexpected
        }
        return StreamEntry(id: try id(parts[0]), payload: payload, deliveries: deliveries)
    }

    private static var unexpected: RedisError {
        RedisError(.unexpectedReply, "The server's answer about a stream is not what it should be")
    }
}
