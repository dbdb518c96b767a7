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

    public var isLocal: Bool { true }

    /// - Parameter maximumKeys: Keys that are kept, about.
    public convenience init(maximumKeys: Int = 1_000_000) {
        let start = ContinuousClock.now
        self.init(maximumKeys: maximumKeys) { start.duration(to: .now).microseconds }
    }

    /// - Parameter now: Microseconds since some fixed point; must not go backwards.
    public init(maximumKeys: Int, now: @escaping @Sendable () -> Int64) {
        // Small shards: who makes room in one keeps the others' callers waiting for a fraction of a millisecond only.
        let count = 256
        shards = (0..<count).map { _ in Guarded() }
        capacity = max(16, maximumKeys / count)
        self.now = now
    }

    public func take(_ cost: Int, of key: String, under limit: RateLimit) throws(RateLimitFailure) -> RateLimitDecision {
        try limit.check(cost, key)
        let now = now()
        return shards[shard(of: key)].withLock { shard in
            let (decision, theoretical) = limit.decide(cost, theoretical: shard.arrivals[key], now: now)
            if let theoretical { shard.set(key, to: theoretical, capacity: capacity, now: now) }
            return decision
        }
    }

    public func take(_ charges: [RateCharge]) throws(RateLimitFailure) -> [RateLimitDecision] {
        try RateLimit.check(charges)
        var uses = [(used: Int64, next: Int64)](repeating: (0, 0), count: charges.count)
        let now = now()
        let isTaken = withShards(of: charges, now: now, isAllowed: true, uses: &uses, places: places(of: charges)[...])
        return charges.indices.map { charges[$0].limit.decision(used: uses[$0].used, next: uses[$0].next, isTaken: isTaken) }
    }

    public func giveBack(_ charges: [RateCharge]) throws(RateLimitFailure) {
        try RateLimit.check(charges)
        let now = now()
        for charge in charges {
            shards[shard(of: charge.key)].withLock { shard in
                guard let arrival = shard.arrivals[charge.key] else { return }
                let left = arrival - charge.limit.interval * Int64(charge.cost)
                shard.arrivals[charge.key] = left > now ? left : nil
            }
        }
    }

    /// The charges of one shard.
    private struct Place {
        let shard: Int
        var charges: [Int]
    }

    /// Where the charges' keys are, each shard once and in one order for all, so that no two callers wait for each other's locks.
    private func places(of charges: [RateCharge]) -> [Place] {
        var places: [Place] = []
        for (shard, charge) in charges.indices.map({ (shard(of: charges[$0].key), $0) }).sorted(by: { $0 < $1 }) {
            if places.last?.shard == shard {
                places[places.count - 1].charges.append(charge)
            } else {
                places.append(Place(shard: shard, charges: [charge]))
            }
        }
        return places
    }

    /// Decides with the locks of all shards held, the first one outermost, and takes while they are let go.
    ///
    /// - Parameter isAllowed: Whether all charges of the shards outside of `places` are.
    /// - Returns: Whether all charges are, and were taken.
    private func withShards(
        of charges: [RateCharge], now: Int64, isAllowed: Bool, uses: inout [(used: Int64, next: Int64)], places: ArraySlice<Place>
    ) -> Bool {
        guard let place = places.first else { return isAllowed }
        return shards[place.shard].withLock { shard in
            var isAllowed = isAllowed
            for index in place.charges {
                let charge = charges[index]
                uses[index] = charge.limit.use(charge.cost, theoretical: shard.arrivals[charge.key], now: now)
                isAllowed = isAllowed && charge.limit.allows(uses[index].next)
            }
            let isTaken = withShards(of: charges, now: now, isAllowed: isAllowed, uses: &uses, places: places.dropFirst())
            if isTaken {
                for index in place.charges { shard.set(charges[index].key, to: now + uses[index].next, capacity: capacity, now: now) }
            }
            return isTaken
        }
    }

    private func shard(of key: String) -> Int { Int(UInt(bitPattern: key.hashValue) % UInt(shards.count)) }

    /// Keys that are kept now.
    public var keyCount: Int { shards.reduce(0) { $0 + $1.withLock { $0.arrivals.count } } }
}

extension MemoryRateLimiter.Shard {
    fileprivate mutating func set(_ key: String, to arrival: Int64, capacity: Int, now: Int64) {
        arrivals[key] = arrival
        if arrivals.count > capacity { makeRoom(capacity: capacity, now: now) }
    }

    /// A quarter goes at once, so that this is seldom.
    fileprivate mutating func makeRoom(capacity: Int, now: Int64) {
        // Times are sorted faster than keys; of keys with the last time that goes, any may go.
        let leaving = arrivals.values.sorted().prefix(arrivals.count - capacity * 3 / 4)
        guard let last = leaving.last else { return }
        var ties = leaving.count { $0 == last }
        // Few are removed: to hash those costs less than to build the dictionary anew.
        var keys: [String] = []
        keys.reserveCapacity(leaving.count)
        for (key, arrival) in arrivals {
            if arrival == last, ties > 0 {
                ties -= 1
            } else if arrival >= last, arrival > now {
                continue
            }
            keys.append(key)
        }
        for key in keys { arrivals.removeValue(forKey: key) }
    }
}
