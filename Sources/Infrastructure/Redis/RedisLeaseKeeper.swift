public import Coordination
public import RedisClient

/// Leases that all replicas share.
///
/// Tokens grow with the server's clock, so that they grow also when the server has lost what it knew. A lease is a key with its token and its
/// holder, `1764000000000000 http://10.0.0.7:8001`, that expires by itself.
public struct RedisLeaseKeeper: LeaseKeeper {
    private let client: RedisClient
    private let prefix: String

    /// - Parameter prefix: Of the keys in Redis.
    public init(_ client: RedisClient, prefix: String = "codelab:lease:") {
        self.client = client
        self.prefix = prefix
    }

    public func acquire(_ name: String, for duration: Duration, holder: String) async throws -> Lease? {
        try LeaseTextTooLong.check(name, holder)
        let answer = try await RedisDurations.measure(.leaseAcquire) {
            try await Self.acquisition.run(
                on: client, keys: [key(name), "\(prefix)#token"], arguments: [.integer(Self.milliseconds(duration)), .text(holder)])
        }
        if answer.isNull { return nil }
        guard let token = answer.integer else { throw RedisError(.unexpectedReply, "The lease's script gave no token") }
        return Lease(name: name, fencingToken: token)
    }

    public func holder(of name: String) async throws -> LeaseHolder? {
        try LeaseTextTooLong.check(name)
        let answer = try await RedisDurations.measure(.leaseHolder) { try await client.send(["GET", .text(key(name))]) }
        guard let text = answer.text else { return nil }
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let token = Int64(parts[0]) else {
            throw RedisError(.unexpectedReply, "What Redis holds as the lease \(name) is none")
        }
        return LeaseHolder(description: String(parts[1]), fencingToken: token)
    }

    public func renew(_ lease: Lease, for duration: Duration) async throws -> Bool {
        let answer = try await RedisDurations.measure(.leaseRenew) {
            try await Self.renewal.run(
                on: client, keys: [key(lease.name)], arguments: [.integer(lease.fencingToken), .integer(Self.milliseconds(duration))])
        }
        return answer.integer == 1
    }

    public func release(_ lease: Lease) async throws {
        _ = try await RedisDurations.measure(.leaseRelease) {
            try await Self.surrender.run(on: client, keys: [key(lease.name)], arguments: [.integer(lease.fencingToken)])
        }
    }

    /// No name ends up as the token's own key.
    private func key(_ name: String) -> String { "\(prefix)=\(name)" }

    private static func milliseconds(_ duration: Duration) -> Int64 { max(1, duration.microseconds / 1000) }

    private static let acquisition = RedisScript(
        """
        if redis.call('EXISTS', KEYS[1]) == 1 then return false end
        local time = redis.call('TIME')
        local token = math.max((tonumber(redis.call('GET', KEYS[2])) or 0) + 1, time[1] * 1000000 + time[2])
        local text = string.format('%.0f', token)
        redis.call('SET', KEYS[2], text)
        redis.call('SET', KEYS[1], text .. ' ' .. ARGV[2], 'PX', ARGV[1])
        return text
        """)

    private static let renewal = RedisScript(
        """
        if string.match(redis.call('GET', KEYS[1]) or '', '^%d+') ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """)

    private static let surrender = RedisScript(
        """
        if string.match(redis.call('GET', KEYS[1]) or '', '^%d+') == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """)
}
