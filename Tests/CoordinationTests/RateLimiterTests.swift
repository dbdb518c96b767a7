import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Rate limits", .redis, .serialized)
struct RateLimiterTests {
    private func with(
        _ implementation: Implementation, _ body: @Sendable (any RateLimiter, StandingClock) async throws -> Void
    ) async throws {
        let clock = StandingClock()
        switch implementation {
        case .memory: try await body(MemoryRateLimiter(maximumKeys: 10_000) { clock.now }, clock)
        case .redis: try await RedisTrait.withClient { try await body(RedisRateLimiter($0) { clock.now }, clock) }
        }
    }

    @Test("All may come at once, then one each interval", arguments: Implementation.allCases)
    func bursts(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, clock in
            let limit = RateLimit(requests: 3, per: .seconds(3))
            for remaining in [2, 1, 0] {
                let decision = try await limiter.take(1, of: "a", under: limit)
                let expected = RateLimitDecision(
                    isAllowed: true, limit: 3, remaining: remaining, reset: .seconds(3 - remaining), retryAfter: nil)
                #expect(decision == expected)
            }
            let refusal = RateLimitDecision(isAllowed: false, limit: 3, remaining: 0, reset: .seconds(3), retryAfter: .seconds(1))
            for _ in 0..<2 { #expect(try await limiter.take(1, of: "a", under: limit) == refusal) }
            #expect(try await limiter.take(1, of: "b", under: limit).isAllowed)
            clock.advance(by: .milliseconds(999))
            #expect(try await limiter.take(1, of: "a", under: limit).retryAfter == .milliseconds(1))
            clock.advance(by: .milliseconds(1))
            #expect(try await limiter.take(1, of: "a", under: limit).isAllowed)
            #expect(try await limiter.take(1, of: "a", under: limit).retryAfter == .seconds(1))
            clock.advance(by: .seconds(60))
            #expect(try await limiter.take(3, of: "a", under: limit).remaining == 0)
        }
    }

    @Test("A cost is taken as a whole or not at all; what is out of range is an error", arguments: Implementation.allCases)
    func costs(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, _ in
            let limit = RateLimit(requests: 10, per: .seconds(1))
            #expect(try await limiter.take(7, of: "a", under: limit).remaining == 3)
            let refusal = try await limiter.take(4, of: "a", under: limit)
            #expect(!refusal.isAllowed && refusal.remaining == 3 && refusal.retryAfter == .milliseconds(100))
            #expect(try await limiter.take(3, of: "a", under: limit).remaining == 0)
            for cost in [0, -1, 11] {
                await #expect(throws: RateLimitFailure.costOutOfRange) { try await limiter.take(cost, of: "a", under: limit) }
            }
            let key = String(repeating: "k", count: 513)
            await #expect(throws: RateLimitFailure.keyTooLong) { try await limiter.take(1, of: key, under: limit) }
            #expect(try await limiter.take(1, of: "\0\r\n", under: limit).isAllowed)
        }
    }

    @Test("Several charges are taken all or not at all, and each tells how it stands", arguments: Implementation.allCases)
    func charges(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, clock in
            let (few, many) = (RateLimit(requests: 2, per: .seconds(120)), RateLimit(requests: 10, per: .seconds(100)))
            func both(_ name: String) -> [RateCharge] { [RateCharge(name, under: few), RateCharge("all", under: many, cost: 3)] }
            let first = try await limiter.take(both("a"))
            #expect(first.map(\.remaining) == [1, 7] && first.areAllowed && first.retryAfter == nil)
            #expect(try await limiter.take(both("a")).map(\.remaining) == [0, 4])
            let refusal = try await limiter.take(both("a"))
            #expect(refusal.map(\.isAllowed) == [false, true] && refusal.map(\.remaining) == [0, 4])
            #expect(!refusal.areAllowed && refusal.retryAfter == .seconds(60))
            #expect(try await limiter.take(both("b")).areAllowed, "the refused charge took nothing of what all share")
            let shared = try await limiter.take(both("c"))
            #expect(shared.map(\.isAllowed) == [true, false] && shared.map(\.remaining) == [2, 1] && shared.retryAfter == .seconds(20))
            #expect(try await limiter.take(1, of: "c", under: few).remaining == 1, "nor did the other")
            clock.advance(by: .seconds(60))
            #expect(try await limiter.take(both("a")).map(\.remaining) == [0, 4])
            #expect(try await limiter.take([]).areAllowed)
            await #expect(throws: RateLimitFailure.keyRepeated) { try await limiter.take(both("all")) }
            await #expect(throws: RateLimitFailure.costOutOfRange) { try await limiter.take([RateCharge("x", under: few, cost: 3)]) }
        }
    }

    @Test("What is given back may be taken again, and never more", arguments: Implementation.allCases)
    func givingBack(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, clock in
            let limit = RateLimit(requests: 3, per: .seconds(30))
            #expect(try await limiter.take(3, of: "a", under: limit).isAllowed)
            try await limiter.giveBack([RateCharge("a", under: limit), RateCharge("never taken", under: limit)])
            #expect(try await limiter.take(1, of: "a", under: limit).remaining == 0)
            #expect(try await !limiter.take(1, of: "a", under: limit).isAllowed)
            clock.advance(by: .seconds(5))
            try await limiter.giveBack([RateCharge("a", under: limit, cost: 3)])
            #expect(try await limiter.take(1, of: "a", under: limit).remaining == 2)
            #expect(try await limiter.take(1, of: "never taken", under: limit).remaining == 2)
            await #expect(throws: RateLimitFailure.costOutOfRange) { try await limiter.giveBack([RateCharge("a", under: limit, cost: 0)]) }
        }
    }

    @Test("Of a thousand at once over two keys exactly so many are allowed, whichever they name first", arguments: Implementation.allCases)
    func concurrentCharges(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, _ in
            let (narrow, wide) = (RateLimit(requests: 137, per: .seconds(60)), RateLimit(requests: 500, per: .seconds(60)))
            let charges = [RateCharge("a", under: narrow), RateCharge("b", under: wide)]
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for turn in 0..<1000 {
                    group.addTask { try await limiter.take(turn.isMultiple(of: 2) ? charges : charges.reversed()).areAllowed }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 137)
            #expect(try await limiter.take(1, of: "b", under: wide).remaining == 500 - 137 - 1)
        }
    }

    @Test("Of a thousand at once exactly so many are allowed", arguments: Implementation.allCases)
    func concurrency(_ implementation: Implementation) async throws {
        try await with(implementation) { limiter, _ in
            let limit = RateLimit(requests: 137, per: .seconds(60))
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<1000 { group.addTask { try await limiter.take(1, of: "a", under: limit).isAllowed } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 137)
        }
    }

    @Test("Memory and Redis decide alike, whatever comes")
    func agreement() async throws {
        try await RedisTrait.withClient { client in
            let clock = StandingClock()
            let memory = MemoryRateLimiter(maximumKeys: 10_000) { clock.now }
            let redis = RedisRateLimiter(client) { clock.now }
            var random = SystemRandomNumberGenerator()
            for _ in 0..<2000 {
                let limit = RateLimit(
                    requests: .random(in: 1...20, using: &random), per: .milliseconds(Int.random(in: 1...3000, using: &random)))
                let (cost, key) = (Int.random(in: 1...limit.requests), "key \(Int.random(in: 0..<5))")
                let (first, second) = (
                    try memory.take(cost, of: key, under: limit), try await redis.take(cost, of: key, under: limit)
                )
                #expect(first == second, "\(limit), \(cost) of \(key) at \(clock.now)")
                let charges = (0..<3).map { RateCharge("key \($0)", under: limit, cost: .random(in: 1...limit.requests)) }
                if Bool.random() {
                    let (first, second) = (try memory.take(charges), try await redis.take(charges))
                    #expect(first == second, "\(charges) at \(clock.now)")
                } else if Bool.random() {
                    try memory.giveBack(charges)
                    try await redis.giveBack(charges)
                }
                clock.advance(by: .microseconds(Int.random(in: 0...200_000)))
            }
        }
    }

    @Test("Redis by its own clock, which forgets what is not used any more")
    func serverClock() async throws {
        try await RedisTrait.withClient { client in
            let limiter = RedisRateLimiter(client)
            let limit = RateLimit(requests: 2, per: .milliseconds(200))
            #expect(try await limiter.take(2, of: "a", under: limit).isAllowed)
            #expect(try await !limiter.take(2, of: "a", under: limit).isAllowed)
            try await Deadline.wait("the key to be forgotten") { try await client.send(["DBSIZE"]) == .integer(0) }
            #expect(try await limiter.take(2, of: "a", under: limit).isAllowed)
        }
    }

    @Test("The fields of the IETF draft tell the policy and what is left of it")
    func fields() throws {
        let clock = StandingClock()
        let limiter = MemoryRateLimiter(maximumKeys: 100) { clock.now }
        let limit = RateLimit(requests: 3, per: .seconds(60))
        #expect(limit.policy(named: "user") == "\"user\";q=3;w=60")
        let first = try limiter.take(1, of: "a", under: limit)
        #expect(limit.serviceLimit(named: "user", first) == "\"user\";r=2;t=20")
        clock.advance(by: .milliseconds(500))
        let all = try limiter.take(2, of: "a", under: limit)
        #expect(limit.serviceLimit(named: "user", all) == "\"user\";r=0;t=20")
        #expect(all.retryAfterSeconds == nil)
        clock.advance(by: .seconds(3))
        let refusal = try limiter.take(1, of: "a", under: limit)
        // Not earlier than the end of the effective window (section 6).
        #expect(limit.serviceLimit(named: "user", refusal) == "\"user\";r=0;t=17" && refusal.retryAfterSeconds == 17)
        #expect(RateLimit(requests: 1, per: .milliseconds(10)).policy(named: "a\\\"\u{7}é") == #""a\\\"";q=1;w=1"#)
    }

    @Test("Memory keeps a bounded number of keys")
    func bounds() throws {
        let clock = StandingClock()
        let limiter = MemoryRateLimiter(maximumKeys: 6400) { clock.now }
        for key in 0..<50_000 { #expect(try limiter.take(1, of: String(key), under: RateLimit(requests: 1, per: .seconds(60))).isAllowed) }
        #expect(limiter.keyCount <= 6400)
    }
}
