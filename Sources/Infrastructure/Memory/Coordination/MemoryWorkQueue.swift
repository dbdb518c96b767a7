public import Coordination
internal import Synchronization

/// A queue within one process, whose jobs end with it.
public final class MemoryWorkQueue: WorkQueue {
    private let limits: WorkQueueLimits
    private let now: @Sendable () -> Int64
    private let bell = Bell()
    private let state = Mutex(MemoryWorkQueueState())

    public convenience init(limits: WorkQueueLimits = WorkQueueLimits()) {
        let time = MonotonicTime()
        self.init(limits: limits) { time.now }
    }

    /// - Parameter now: Microseconds since 1970; must not go backwards.
    public init(limits: WorkQueueLimits, now: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.now = now
    }

    @discardableResult
    public func put(_ payload: [UInt8]) async throws -> String {
        try limits.check(payload)
        let now = now()
        let number = try state.withLock { state in try state.put(payload, limits, now) }
        bell.ring()
        return String(number)
    }

    public func take(_ count: Int, for visibility: Duration, wait: Duration) async throws -> [Job] {
        let count = max(1, min(count, limits.maximumBatch))
        let visibility = max(1000, visibility.microseconds)
        let jobs = try await bell.waitForAnswer(for: wait) { () -> ([Job]?, Duration?) in
            let now = now()
            return state.withLock { state in
                let jobs = state.take(count, limits, now, visibility: visibility)
                if !jobs.isEmpty { return (jobs, nil) }
                return (nil, state.nextTime.map { .microseconds(max(0, $0 - now)) })
            }
        }
        return jobs ?? []
    }

    public func extend(_ job: Job, for visibility: Duration) async throws -> Bool {
        let end = now().addingClamped(max(1000, visibility.microseconds))
        return state.withLock { state in
            guard let (number, entry) = state.taken(job) else { return false }
            state.move(number, entry, to: .taken(until: end))
            return true
        }
    }

    @discardableResult
    public func complete(_ job: Job) async throws -> Bool {
        state.withLock { state in
            guard let (number, _) = state.taken(job) else { return false }
            state.remove(number)
            return true
        }
    }

    @discardableResult
    public func giveBack(_ job: Job) async throws -> Bool {
        let now = now()
        let isBack = state.withLock { state in
            guard let (number, entry) = state.taken(job) else { return false }
            if entry.attempt >= limits.maximumAttempts {
                state.bury(number, entry, limits, now)
            } else {
                state.move(number, entry, to: .waiting(until: now.addingClamped(limits.backoff(after: entry.attempt).microseconds)))
            }
            return true
        }
        // Its time may come before that for which the others wait.
        if isBack { bell.ring() }
        return isBack
    }

    public func deadLetters(_ count: Int) async throws -> [Job] {
        state.withLock { $0.deadLetters(max(0, min(count, limits.maximumBatch))) }
    }

    public func revive(deadLetter id: String) async throws -> String? {
        let now = now()
        let number = try state.withLock { state -> Int64? in
            guard let (number, entry) = state.dead(id) else { return nil }
            let revived = try state.put(entry.payload, limits, now)
            state.remove(number)
            return revived
        }
        bell.ring()
        return number.map(String.init)
    }

    @discardableResult
    public func discard(deadLetter id: String) async throws -> Bool {
        state.withLock { state in
            guard let (number, _) = state.dead(id) else { return false }
            state.remove(number)
            return true
        }
    }

    public func counts() async throws -> WorkQueueCounts { state.withLock { $0.counts } }
}

extension Int64 {
    /// The sum, or the largest number there is.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
