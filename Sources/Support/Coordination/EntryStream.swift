/// Entries in an order of their own, which any number of readers read, each at its own pace, until they are trimmed.
///
/// - A *consumer group* shares the work: each entry goes to one consumer of the group, and is pending until it is acknowledged. At least once: entries
///   of a consumer that died are claimed by another, so that their reader has to know them again by their content's id.
/// - Readers without a group read all entries after an id that they keep themselves.
///
/// A stream keeps at least its last ``StreamLimits/maximumEntries`` entries, and about a hundred more. What is trimmed before it was read is lost to
/// that reader, which is told so: by ``StreamBatch/hasGap``, or by ``StreamClaim/trimmed``.
public protocol EntryStream: Sendable {
    /// Appends entries, all or none, one behind the other, in one step.
    ///
    /// - Parameter payloads: Any bytes, each at most ``StreamLimits/maximumPayload``; at most ``StreamLimits/maximumBatch`` of them.
    /// - Returns: The entries' ids, in order: each larger than that of every entry before.
    /// - Throws: ``StreamFailure``: `payloadTooLarge`, `batchTooLarge`; what the store throws: then it is not known whether they were appended.
    @discardableResult
    func append(_ payloads: [[UInt8]]) async throws -> [StreamEntryID]

    /// The id of the last entry that was ever appended; ``StreamEntryID/zero`` before the first.
    func lastID() async throws -> StreamEntryID

    // MARK: Groups

    /// Makes a group, unless it is there: then it stays as it is.
    ///
    /// - Parameters:
    ///   - group: 1 to 512 bytes. A stream has at most ``StreamLimits/maximumGroups``.
    ///   - start: Where its reading begins.
    /// - Throws: ``CoordinationNameFailure``, ``StreamFailure/tooManyGroups``; what the store throws.
    func createGroup(_ group: String, from start: StreamStart) async throws

    /// Entries that no consumer of the group has had; waits for some when there are none.
    ///
    /// - Parameters:
    ///   - consumer: Who reads, 1 to 512 bytes: a name that no other process has at the same time.
    ///   - count: At most so many, at least 1; and at most ``StreamLimits/maximumBatch``.
    ///   - wait: How long to wait, zero or more.
    /// - Returns: Entries that are the consumer's until they are acknowledged or claimed; none when there were none in time. Its `hasGap` says that
    ///   entries which the group had not had were trimmed: one of the consumers is told so.
    /// - Throws: ``StreamFailure/noGroup`` when the group is not there: it was never made, or the store has lost it;
    ///   ``StreamFailure/tooManyPending``; ``CoordinationNameFailure``; `CancellationError`; ``TooManyWaiting``; what the store throws. Entries that
    ///   were on their way to a caller that is gone are pending, and to be claimed.
    func read(_ group: String, as consumer: String, count: Int, wait: Duration) async throws -> StreamBatch

    /// Says that entries have been dealt with: no consumer of the group gets them again.
    ///
    /// - Parameter ids: At most 1000.
    /// - Returns: How many of them were pending.
    /// - Throws: ``StreamFailure/batchTooLarge``; ``CoordinationNameFailure``; what the store throws.
    @discardableResult
    func acknowledge(_ ids: [StreamEntryID], in group: String) async throws -> Int

    /// Takes over entries that a consumer of the group, this one included, has had for too long without acknowledging them: it died, or failed.
    ///
    /// Consumers that have nothing pending and have not been heard of for an hour are forgotten on the way.
    ///
    /// - Parameters:
    ///   - idle: How long ago they were delivered last, at least.
    ///   - count: At most so many, at least 1; and at most ``StreamLimits/maximumBatch``.
    /// - Returns: The oldest such entries, each with how often it has been delivered: who sees an entry fail again and again sets it aside and
    ///   acknowledges it. Pending entries that were trimmed are named, and not pending any more.
    /// - Throws: ``StreamFailure/noGroup``; ``CoordinationNameFailure``; what the store throws.
    func claim(_ group: String, as consumer: String, idleFor idle: Duration, count: Int) async throws -> StreamClaim

    // MARK: Without a group

    /// Entries after an id; waits for some when there are none.
    ///
    /// - Parameters:
    ///   - id: The last entry that the reader has had, or ``StreamEntryID/zero``, or ``lastID()``.
    ///   - count: At most so many, at least 1; and at most ``StreamLimits/maximumBatch``.
    ///   - wait: How long to wait, zero or more.
    /// - Returns: The entries; none when there were none in time. Its `hasGap` says that entries between the id and the first of these were trimmed,
    ///   or that the id is none of this stream's.
    /// - Throws: `CancellationError`; ``TooManyWaiting``; what the store throws.
    func read(after id: StreamEntryID, count: Int, wait: Duration) async throws -> StreamBatch
}

extension EntryStream {
    /// Appends one entry.
    @discardableResult
    public func append(_ payload: [UInt8]) async throws -> StreamEntryID {
        guard let id = try await append([payload]).first else { throw StreamFailure.noID }
        return id
    }
}

/// Where a group begins.
public enum StreamStart: Sendable, Equatable {
    /// With all entries that are kept.
    case beginning
    /// With those that are appended from now on.
    case end
    /// Behind an entry.
    case after(StreamEntryID)
}

/// An entry of a stream.
public struct StreamEntry: Sendable, Hashable {
    public let id: StreamEntryID
    public let payload: [UInt8]
    /// How often it has been delivered to a consumer of the group, this time included; 0 without a group.
    public let deliveries: Int

    public init(id: StreamEntryID, payload: [UInt8], deliveries: Int) {
        self.id = id
        self.payload = payload
        self.deliveries = deliveries
    }
}

/// What was read.
public struct StreamBatch: Sendable, Equatable {
    /// In the stream's order.
    public let entries: [StreamEntry]
    /// Entries before these were trimmed before they could be read.
    public let hasGap: Bool

    public init(entries: [StreamEntry], hasGap: Bool) {
        self.entries = entries
        self.hasGap = hasGap
    }
}

/// What was taken over.
public struct StreamClaim: Sendable, Equatable {
    public let entries: [StreamEntry]
    /// Entries that were pending, and are trimmed: nobody can deal with them any more.
    public let trimmed: [StreamEntryID]

    public init(entries: [StreamEntry], trimmed: [StreamEntryID]) {
        self.entries = entries
        self.trimmed = trimmed
    }
}

public enum StreamFailure: Error, Sendable, Equatable {
    case payloadTooLarge
    /// More payloads, or more ids, than are taken at once.
    case batchTooLarge
    case noGroup
    case tooManyGroups
    /// As many entries of the group are delivered and not acknowledged as may be: they have to be acknowledged or claimed first.
    case tooManyPending
    /// The store appended an entry and gave it no id.
    case noID
}

/// Bounds of a stream; every process that uses it should have the same.
public struct StreamLimits: Sendable {
    /// Entries that are kept at least; about a hundred more may be.
    public var maximumEntries: Int
    /// Bytes of one entry.
    public var maximumPayload: Int
    public var maximumGroups: Int
    /// Entries of a group that may be delivered and not acknowledged.
    public var maximumPending: Int

    public init(
        maximumEntries: Int = 100_000, maximumPayload: Int = 1 << 20, maximumGroups: Int = 64, maximumPending: Int = 10_000
    ) {
        self.maximumEntries = max(1, maximumEntries)
        self.maximumPayload = max(0, maximumPayload)
        self.maximumGroups = max(1, maximumGroups)
        self.maximumPending = max(1, maximumPending)
    }

    /// Entries that are read or appended at once: what fits into 32 MiB when each is as large as may be, at most 1000.
    public var maximumBatch: Int { min(1000, max(1, (32 << 20) / max(1, maximumPayload))) }

    /// Most ids that are acknowledged at once.
    public static let maximumAcknowledgements = 1000

    /// Checks what every implementation refuses.
    public func check(_ payloads: [[UInt8]]) throws(StreamFailure) {
        guard payloads.count <= maximumBatch else { throw .batchTooLarge }
        guard payloads.allSatisfy({ $0.count <= maximumPayload }) else { throw .payloadTooLarge }
    }
}
