import Coordination
import MemoryInfrastructure
import Synchronization
import Testing

@Suite("Rate limits whose store is away")
struct RateLimitPolicyTests {
    private let limit = RateLimit(requests: 2, per: .seconds(60))

    /// Fails, or says nothing until it is cancelled.
    private struct Away: RateLimiter {
        struct Failure: Error {}

        let isSilent: Bool

        func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision { try await fail() }
        func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] { try await fail() }
        func giveBack(_ charges: [RateCharge]) async throws { try await fail() }

        private func fail() async throws -> Never {
            if isSilent { try await Task.sleep(for: .seconds(60)) }
            throw Failure()
        }
    }

    private final class Reports: Sendable {
        let policies = Mutex<[RateLimitPolicy]>([])
    }

    @Test("While the store is there, its decision stands, under either policy", arguments: [RateLimitPolicy.open, .closed])
    func present(_ policy: RateLimitPolicy) async throws {
        let reports = Reports()
        let limiter = GuardedRateLimiter(MemoryRateLimiter(), policy: policy, deadline: .seconds(30)) { _, policy in
            reports.policies.withLock { $0.append(policy) }
        }
        #expect(try await limiter.take(2, of: "a", under: limit).isAllowed)
        #expect(try await !limiter.take(1, of: "a", under: limit).isAllowed)
        await #expect(throws: RateLimitFailure.costOutOfRange) { try await limiter.take(3, of: "a", under: limit) }
        #expect(reports.policies.withLock { $0.isEmpty })
    }

    @Test("Open: allowed as if nothing had been used, in bounded time, and reported", arguments: [true, false])
    func open(isSilent: Bool) async throws {
        let reports = Reports()
        let limiter = GuardedRateLimiter(Away(isSilent: isSilent), policy: .open, deadline: .milliseconds(50)) { _, policy in
            reports.policies.withLock { $0.append(policy) }
        }
        let expected = RateLimitDecision(isAllowed: true, limit: 2, remaining: 1, reset: .seconds(30), retryAfter: nil)
        for _ in 0..<3 { #expect(try await limiter.take(1, of: "a", under: limit) == expected) }
        #expect(try await limiter.take([RateCharge("a", under: limit), RateCharge("b", under: limit)]) == [expected, expected])
        try await limiter.giveBack([RateCharge("a", under: limit)])
        #expect(reports.policies.withLock { $0 } == Array(repeating: .open, count: 5))
    }

    @Test("Closed: a typed error with its cause, in bounded time, and reported", arguments: [true, false])
    func closed(isSilent: Bool) async throws {
        let reports = Reports()
        let limiter = GuardedRateLimiter(Away(isSilent: isSilent), policy: .closed, deadline: .milliseconds(50)) { _, policy in
            reports.policies.withLock { $0.append(policy) }
        }
        let error = await #expect(throws: RateLimitUnavailable.self) { try await limiter.take(1, of: "a", under: limit) }
        #expect(isSilent ? error?.cause is RateLimitTimeout : error?.cause is Away.Failure)
        await #expect(throws: RateLimitUnavailable.self) { try await limiter.take([RateCharge("a", under: limit)]) }
        await #expect(throws: RateLimitUnavailable.self) { try await limiter.giveBack([RateCharge("a", under: limit)]) }
        #expect(reports.policies.withLock { $0 } == [.closed, .closed, .closed])
    }

    @Test("A caller that is gone is no outage")
    func cancellation() async throws {
        let reports = Reports()
        let limiter = GuardedRateLimiter(Away(isSilent: true), policy: .open, deadline: .seconds(60)) { _, policy in
            reports.policies.withLock { $0.append(policy) }
        }
        let call = Task { try await limiter.take(1, of: "a", under: limit) }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(reports.policies.withLock { $0.isEmpty })
    }
}
