public import Coordination
public import RedisClient

/// Limits that all replicas share.
///
/// A limit is one key, which the server drops when nothing of it is used any more. The time is the server's, so that the clocks of replicas do
/// not matter.
public struct RedisRateLimiter: RateLimiter {
    private let client: RedisClient
    private let prefix: String
    private let now: (@Sendable () -> Int64)?

    /// - Parameters:
    ///   - prefix: Of the keys in Redis.
    ///   - now: For tests: microseconds since some fixed point, in place of the server's clock.
    public init(_ client: RedisClient, prefix: String = "codelab:limit:", now: (@Sendable () -> Int64)? = nil) {
        self.client = client
        self.prefix = prefix
        self.now = now
    }

    public func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision {
        try await take([RateCharge(key, under: limit, cost: cost)])[0]
    }

    public func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] {
        guard let values = try await RedisDurations.measure(.limitTake, { try await run(Self.taking, charges) })?.array else { return [] }
        let uses = values.compactMap(\.integer)
        guard uses.count == charges.count * 2 else {
            throw RedisError(.unexpectedReply, "The rate limit's script gave another answer than it should")
        }
        let isTaken = charges.indices.allSatisfy { charges[$0].limit.allows(uses[$0 * 2 + 1]) }
        return charges.indices.map { charges[$0].limit.decision(used: uses[$0 * 2], next: uses[$0 * 2 + 1], isTaken: isTaken) }
    }

    public func giveBack(_ charges: [RateCharge]) async throws {
        _ = try await RedisDurations.measure(.limitGiveBack) { try await run(Self.returning, charges) }
    }

    /// Runs a script for all charges; nil when there are none.
    private func run(_ script: RedisScript, _ charges: [RateCharge]) async throws -> RedisValue? {
        try RateLimit.check(charges)
        guard !charges.isEmpty else { return nil }
        var arguments: [RedisArgument] = [now.map { .integer($0()) } ?? ""]
        for charge in charges { arguments += [.integer(charge.cost), .integer(charge.limit.requests), .integer(charge.limit.interval)] }
        return try await script.run(on: client, keys: charges.map { prefix + $0.key }, arguments: arguments)
    }

    /// What both scripts begin with. Lua's numbers hold microseconds exactly until the year 2255; as text they must not be rounded.
    private static let beginning = """
        local now = tonumber(ARGV[1])
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end
        local function used(key) return math.max(0, (tonumber(redis.call('GET', key)) or now) - now) end
        local function keep(key, use)
            redis.call('SET', key, string.format('%.0f', now + use), 'PX', math.ceil(use / 1000) + 1)
        end

        """

    /// ``RateLimit/use(_:theoretical:now:)`` on the server, for each key; taken when all are allowed.
    private static let taking = RedisScript(
        beginning + """
            local uses, allowed = {}, true
            for i, key in ipairs(KEYS) do
                local cost, requests, interval = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
                uses[2 * i - 1] = used(key)
                uses[2 * i] = uses[2 * i - 1] + interval * cost
                if uses[2 * i] > interval * requests then allowed = false end
            end
            if allowed then
                for i, key in ipairs(KEYS) do keep(key, uses[2 * i]) end
            end
            return uses
            """)

    private static let returning = RedisScript(
        beginning + """
            for i, key in ipairs(KEYS) do
                local use = used(key) - tonumber(ARGV[3 * i - 1]) * tonumber(ARGV[3 * i + 1])
                if use > 0 then keep(key, use) else redis.call('DEL', key) end
            end
            return 1
            """)
}
