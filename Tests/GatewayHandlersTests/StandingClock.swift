import Coordination
import Synchronization

/// A limiter's clock, which stands until it is moved, in microseconds.
final class StandingClock: Sendable {
    private let time = Atomic<Int64>(1_764_000_000_000_000)

    var now: Int64 { time.load(ordering: .sequentiallyConsistent) }

    func advance(by duration: Duration) { time.add(duration.microseconds, ordering: .sequentiallyConsistent) }
}

/// A limiter whose store is away until it comes back.
final class AwayLimiter: RateLimiter {
    struct StoreAway: Error {}

    private let store: any RateLimiter
    private let isAway = Atomic(true)

    init(_ store: any RateLimiter) { self.store = store }

    func comeBack() { isAway.store(false, ordering: .sequentiallyConsistent) }

    func leave() { isAway.store(true, ordering: .sequentiallyConsistent) }

    private func reached() throws -> any RateLimiter {
        guard !isAway.load(ordering: .sequentiallyConsistent) else { throw StoreAway() }
        return store
    }

    func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision {
        try await reached().take(cost, of: key, under: limit)
    }

    func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] { try await reached().take(charges) }

    func giveBack(_ charges: [RateCharge]) async throws { try await reached().giveBack(charges) }
}
