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
        try limit.check(cost, key)
        let time: RedisArgument = now.map { .integer($0()) } ?? ""
        let answer = try await Self.script.run(
            on: client, keys: [prefix + key], arguments: [.integer(cost), .integer(limit.requests), .integer(limit.interval), time])
        guard let values = answer.array, values.count == 2, let used = values[0].integer, let next = values[1].integer else {
            throw RedisError(.unexpectedReply, "The rate limit's script gave another answer than it should")
        }
        return limit.decision(used: used, next: next)
    }

    /// ``RateLimit/decide(_:theoretical:now:)`` on the server. Lua's numbers hold microseconds exactly until the year 2255; as text they must not
    /// be rounded.
    private static let script = RedisScript(
        """
        local cost, requests, interval, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end
        local used = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or now) - now)
        local next = used + interval * cost
        if next > interval * requests then return {used, next} end
        redis.call('SET', KEYS[1], string.format('%.0f', now + next), 'PX', math.ceil(next / 1000) + 1)
        return {used, next}
        """)
}
