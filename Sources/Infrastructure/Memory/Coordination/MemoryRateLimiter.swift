public import Coordination
internal import Glibc

/// Limits within one process.
///
/// Keys are spread over shards with a lock each, so that threads seldom meet. Each shard keeps a bounded number of keys: when it is full, those
/// that have used nothing lately go first, then those that will have used nothing soonest.
public final class MemoryRateLimiter: RateLimiter {
    fileprivate struct Shard {
        /// Theoretical arrival times, in microseconds of the clock.
        var arrivals: [String: Int64] = [:]
    }

    /// A shard and its lock.
    ///
    /// A `Mutex` is handed over, on Linux, to the one who has waited the longest, who has to be woken first: threads that want the same key would
    /// queue up in the kernel for each decision. This one goes to whoever is running.
    private final class Guarded: @unchecked Sendable {
        // Unchecked, because the shard is used under the lock only.
        private let lock: UnsafeMutablePointer<pthread_mutex_t>
        private var shard = Shard()

        init() {
            lock = .allocate(capacity: 1)
            lock.initialize(to: pthread_mutex_t())
            // Fails for attributes only, of which there are none.
            pthread_mutex_init(lock, nil)
        }

        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
        }

        func withLock<Result>(_ body: (inout Shard) -> Result) -> Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return body(&shard)
        }
    }

    private let shards: [Guarded]
    private let capacity: Int
    private let now: @Sendable () -> Int64

    /// - Parameter maximumKeys: Keys that are kept, about.
    public convenience init(maximumKeys: Int = 1_000_000) {
        let start = ContinuousClock.now
        self.init(maximumKeys: maximumKeys) { start.duration(to: .now).microseconds }
    }

    /// - Parameter now: Microseconds since some fixed point; must not go backwards.
    public init(maximumKeys: Int, now: @escaping @Sendable () -> Int64) {
        let count = 64
        shards = (0..<count).map { _ in Guarded() }
        capacity = max(16, maximumKeys / count)
        self.now = now
    }

    public func take(_ cost: Int, of key: String, under limit: RateLimit) throws(RateLimitFailure) -> RateLimitDecision {
        try limit.check(cost, key)
        let now = now()
        let index = Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))
        return shards[index].withLock { shard in
            let (decision, theoretical) = limit.decide(cost, theoretical: shard.arrivals[key], now: now)
            if let theoretical {
                shard.arrivals[key] = theoretical
                if shard.arrivals.count > capacity { shard.makeRoom(capacity: capacity, now: now) }
            }
            return decision
        }
    }

    /// Keys that are kept now.
    public var keyCount: Int { shards.reduce(0) { $0 + $1.withLock { $0.arrivals.count } } }
}

extension MemoryRateLimiter.Shard {
    /// A quarter goes at once, so that this is seldom.
    fileprivate mutating func makeRoom(capacity: Int, now: Int64) {
        arrivals = arrivals.filter { $0.value > now }
        let excess = arrivals.count - capacity * 3 / 4
        guard excess > 0 else { return }
        for entry in arrivals.sorted(by: { $0.value < $1.value }).prefix(excess) { arrivals.removeValue(forKey: entry.key) }
    }
}
