import Coordination
import Synchronization

/// A limiter whose store is away, until it is told otherwise.
final class AwayLimiter: RateLimiter {
    struct StoreAway: Error {}

    private let store: (any RateLimiter)?
    private let isAway = Atomic(true)

    /// - Parameter store: What answers when it is not away.
    init(_ store: (any RateLimiter)? = nil) { self.store = store }

    func comeBack() { isAway.store(false, ordering: .sequentiallyConsistent) }

    func leave() { isAway.store(true, ordering: .sequentiallyConsistent) }

    private func reached() throws -> any RateLimiter {
        guard let store, !isAway.load(ordering: .sequentiallyConsistent) else { throw StoreAway() }
        return store
    }

    func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision {
        try await reached().take(cost, of: key, under: limit)
    }

    func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] { try await reached().take(charges) }

    func giveBack(_ charges: [RateCharge]) async throws { try await reached().giveBack(charges) }
}
