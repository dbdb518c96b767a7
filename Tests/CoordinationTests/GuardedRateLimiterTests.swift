import Coordination
import MemoryInfrastructure
import Synchronization
import Testing

@Suite("Rate limits whose store is away")
struct GuardedRateLimiterTests {
    private let limit = RateLimit(requests: 2, per: .seconds(60))

    /// Fails, or says nothing until it is cancelled.
    private final class Away: RateLimiter {
        struct Failure: Error {}

        let isSilent: Bool
        private let calls = Atomic(0)

        /// How often it was asked.
        var count: Int { calls.load(ordering: .relaxed) }

        init(isSilent: Bool) { self.isSilent = isSilent }

        func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision { try await fail() }
        func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] { try await fail() }
        func giveBack(_ charges: [RateCharge]) async throws { try await fail() }

        private func fail() async throws -> Never {
            calls.add(1, ordering: .relaxed)
            if isSilent { try await Task.sleep(for: .seconds(60)) }
            throw Failure()
        }
    }

    /// Works until it is told not to.
    private final class Changing: RateLimiter {
        let store = MemoryRateLimiter()
        let isAway = Atomic(false)

        private func check() throws { if isAway.load(ordering: .relaxed) { throw Away.Failure() } }

        func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision {
            try check()
            return try store.take(cost, of: key, under: limit)
        }

        func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] {
            try check()
            return try store.take(charges)
        }

        func giveBack(_ charges: [RateCharge]) async throws {
            try check()
            try store.giveBack(charges)
        }
    }

    /// What was told of the store.
    private final class Reports: Sendable {
        private let changes = Mutex<[String]>([])

        var all: [String] { changes.withLock(\.self) }

        func guarded(
            _ limiter: any RateLimiter, _ policy: RateLimitPolicy, within deadline: Duration, pause: Duration = .zero
        ) -> GuardedRateLimiter {
            GuardedRateLimiter(limiter, of: "test", policy: policy, deadline: deadline, pause: pause) { change in
                let text =
                    switch change {
                    case .away(let cause): "away: \(type(of: cause))"
                    case .back: "back"
                    }
                self.changes.withLock { $0.append(text) }
            }
        }
    }

    @Test("While the store is there, its decision stands, under either policy", arguments: [RateLimitPolicy.open, .closed])
    func present(_ policy: RateLimitPolicy) async throws {
        let reports = Reports()
        // What decides by itself needs no time.
        let limiter = reports.guarded(MemoryRateLimiter(), policy, within: .zero)
        #expect(try await limiter.take(2, of: "a", under: limit)?.isAllowed == true)
        #expect(try await limiter.take(1, of: "a", under: limit)?.isAllowed == false)
        await #expect(throws: RateLimitFailure.costOutOfRange) { try await limiter.take(3, of: "a", under: limit) }
        try await limiter.giveBack([RateCharge("a", under: limit)])
        #expect(try await limiter.take(1, of: "a", under: limit)?.isAllowed == true)
        #expect(reports.all.isEmpty)
    }

    @Test("Open: allowed, without a decision, in bounded time, and told once", arguments: [true, false])
    func open(isSilent: Bool) async throws {
        let reports = Reports()
        let limiter = reports.guarded(Away(isSilent: isSilent), .open, within: .milliseconds(50))
        for _ in 0..<3 { #expect(try await limiter.take(1, of: "a", under: limit) == nil) }
        #expect(try await limiter.take([RateCharge("a", under: limit), RateCharge("b", under: limit)]) == nil)
        try await limiter.giveBack([RateCharge("a", under: limit)])
        #expect(reports.all == [isSilent ? "away: RateLimitTimeout" : "away: Failure"])
    }

    @Test("Closed: a typed error with its cause, in bounded time, and told once", arguments: [true, false])
    func closed(isSilent: Bool) async throws {
        let reports = Reports()
        let limiter = reports.guarded(Away(isSilent: isSilent), .closed, within: .milliseconds(50))
        let error = await #expect(throws: RateLimitUnavailable.self) { try await limiter.take(1, of: "a", under: limit) }
        #expect(isSilent ? error?.cause is RateLimitTimeout : error?.cause is Away.Failure)
        await #expect(throws: RateLimitUnavailable.self) { try await limiter.take([RateCharge("a", under: limit)]) }
        await #expect(throws: RateLimitUnavailable.self) { try await limiter.giveBack([RateCharge("a", under: limit)]) }
        #expect(reports.all == [isSilent ? "away: RateLimitTimeout" : "away: Failure"])
    }

    @Test("Each outage is told when it begins and when it is over")
    func outages() async throws {
        let reports = Reports()
        let store = Changing()
        let limiter = reports.guarded(store, .open, within: .seconds(30))
        for isAway in [false, true, true, false, false, true] {
            store.isAway.store(isAway, ordering: .relaxed)
            for _ in 0..<2 {
                #expect(try await (limiter.take(1, of: "a", under: RateLimit(requests: 100, per: .seconds(1))) == nil) == isAway)
            }
        }
        #expect(reports.all == ["away: Failure", "back", "away: Failure"])
    }

    @Test(
        "A store that is away is asked once a pause, by one caller; the others have their answer at once",
        arguments: [RateLimitPolicy.open, .closed])
    func pauses(_ policy: RateLimitPolicy) async throws {
        let reports = Reports()
        let store = Away(isSilent: true)
        let limiter = reports.guarded(store, policy, within: .milliseconds(50), pause: .seconds(600))
        for _ in 0..<100 {
            switch policy {
            case .open: #expect(try await limiter.take(1, of: "a", under: limit) == nil)
            case .closed:
                let error = await #expect(throws: RateLimitUnavailable.self) { try await limiter.take(1, of: "a", under: limit) }
                #expect(error?.cause is RateLimitTimeout)
            }
        }
        #expect(store.count == 1)
        let persistent = reports.guarded(store, .open, within: .milliseconds(1), pause: .zero)
        for _ in 0..<10 { #expect(try await persistent.take(1, of: "a", under: limit) == nil) }
        #expect(store.count == 11)
    }

    @Test("A caller that is gone is no outage")
    func cancellation() async throws {
        let reports = Reports()
        let limiter = reports.guarded(Away(isSilent: true), .open, within: .seconds(60))
        let call = Task { try await limiter.take(1, of: "a", under: limit) }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(reports.all.isEmpty)
    }
}
