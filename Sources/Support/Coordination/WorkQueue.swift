/// Jobs that somebody of many is to do.
///
/// At least once: a job is kept until it is completed. One whose worker dies is taken by another when its time is over, so that what a job does has
/// to bear being done twice. Jobs are taken roughly in the order in which they were put; those that were given back come later.
/// A job that has failed ``WorkQueueLimits/maximumAttempts`` times is set aside as a dead letter.
public protocol WorkQueue: Sendable {
    /// Adds a job, which can be taken at once.
    ///
    /// - Parameter payload: Any bytes, at most ``WorkQueueLimits/maximumPayload``.
    /// - Returns: The job's id.
    /// - Throws: ``WorkQueueFailure``: `full`, `payloadTooLarge`; what the store throws: then it is not known whether the job was added.
    @discardableResult
    func put(_ payload: [UInt8]) async throws -> String

    /// Takes jobs, the longest waiting first; waits for one when there are none. Each taking counts as an attempt.
    ///
    /// - Parameters:
    ///   - count: At most so many, at least 1; and at most ``WorkQueueLimits/maximumBatch``.
    ///   - visibility: How long the jobs are the caller's, at least a millisecond; then others may take them.
    ///   - wait: How long to wait, zero or more.
    /// - Returns: The jobs; none when there were none in time.
    /// - Throws: `CancellationError`; ``TooManyWaiting``; what the store throws. Jobs that were on their way to a caller that is gone come back when
    ///   their visibility is over.
    func take(_ count: Int, for visibility: Duration, wait: Duration) async throws -> [Job]

    /// Makes a job the caller's from now on for so long.
    ///
    /// - Returns: false when it is not the caller's any more: the work is to be stopped.
    func extend(_ job: Job, for visibility: Duration) async throws -> Bool

    /// Removes a job that is done.
    ///
    /// - Returns: false when it was not the caller's any more: others may do it, or have done it.
    @discardableResult
    func complete(_ job: Job) async throws -> Bool

    /// Gives a job that failed back: it can be taken again after a pause that grows with its attempts (``WorkQueueLimits/backoff(after:)``), or
    /// becomes a dead letter when it has none left.
    ///
    /// - Returns: false when it was not the caller's any more.
    @discardableResult
    func giveBack(_ job: Job) async throws -> Bool

    /// Jobs without attempts left, the oldest first; at most ``WorkQueueLimits/maximumBatch``.
    func deadLetters(_ count: Int) async throws -> [Job]

    /// Makes a dead letter a job again, with a new id and all its attempts.
    ///
    /// - Returns: The new id; nil when there is no such dead letter.
    /// - Throws: ``WorkQueueFailure/full``; what the store throws.
    func revive(deadLetter id: String) async throws -> String?

    /// Throws a dead letter away.
    ///
    /// - Returns: false when there is no such dead letter.
    @discardableResult
    func discard(deadLetter id: String) async throws -> Bool

    /// How many there are.
    func counts() async throws -> WorkQueueCounts
}

/// A job, in the hands of who took it.
public struct Job: Sendable, Hashable {
    public let id: String
    public let payload: [UInt8]
    /// How often it has been taken, this time included. Together with the id it says which taking is meant.
    public let attempt: Int

    public init(id: String, payload: [UInt8], attempt: Int) {
        self.id = id
        self.payload = payload
        self.attempt = attempt
    }
}

public struct WorkQueueCounts: Sendable, Equatable {
    /// Jobs that can be taken, now or after their pause.
    public let waiting: Int
    /// Jobs in somebody's hands; also those whose visibility is over until somebody asks for jobs.
    public let taken: Int
    public let dead: Int

    public init(waiting: Int, taken: Int, dead: Int) {
        self.waiting = waiting
        self.taken = taken
        self.dead = dead
    }
}

public enum WorkQueueFailure: Error, Sendable, Equatable {
    /// There are as many jobs as may be: the caller has to come again later, or to do without.
    case full
    case payloadTooLarge
}

/// Bounds of a queue; every process that uses it should have the same.
public struct WorkQueueLimits: Sendable {
    /// Jobs that wait or are taken. When there are so many, putting fails with ``WorkQueueFailure/full``.
    public var capacity: Int
    /// Bytes of one job.
    public var maximumPayload: Int
    /// Attempts after which a job is a dead letter.
    public var maximumAttempts: Int
    /// Dead letters that are kept; when there are more, the oldest is dropped.
    public var deadLetterCapacity: Int
    /// The pause after the first attempt; it doubles with each.
    public var firstBackoff: Duration
    /// The longest pause.
    public var maximumBackoff: Duration

    public init(
        capacity: Int = 10_000, maximumPayload: Int = 1 << 20, maximumAttempts: Int = 5, deadLetterCapacity: Int = 1000,
        firstBackoff: Duration = .seconds(1), maximumBackoff: Duration = .seconds(300)
    ) {
        self.capacity = max(1, capacity)
        self.maximumPayload = max(0, maximumPayload)
        self.maximumAttempts = max(1, maximumAttempts)
        self.deadLetterCapacity = max(0, deadLetterCapacity)
        self.firstBackoff = min(max(firstBackoff, .zero), .seconds(365 * 86_400))
        self.maximumBackoff = max(maximumBackoff, self.firstBackoff)
    }

    /// The pause after an attempt, counted from 1.
    public func backoff(after attempt: Int) -> Duration {
        min(maximumBackoff, firstBackoff * (1 << (min(max(1, attempt), 31) - 1)))
    }

    /// Jobs that are handed over at once: what fits into 32 MiB when each is as large as may be, at most 1000.
    public var maximumBatch: Int { min(1000, max(1, (32 << 20) / max(1, maximumPayload))) }

    /// Checks what every implementation refuses.
    public func check(_ payload: [UInt8]) throws(WorkQueueFailure) {
        guard payload.count <= maximumPayload else { throw .payloadTooLarge }
    }
}
