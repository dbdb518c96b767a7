import Coordination
import FoundationEssentials
import Logging
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import ServiceLifecycle

/// What the services share for a while: in Redis, where all replicas see it, or in this process's memory.
struct CoordinationPorts: Sendable {
    let rateLimiter: any RateLimiter
    let leases: any LeaseKeeper
    let cache: any Cache
    /// The client that the others stand on; nil in memory.
    let redis: RedisClient?

    init(_ configuration: RedisConfiguration?) {
        redis = configuration.map { RedisClient($0) }
        if let redis {
            rateLimiter = RedisRateLimiter(redis)
            leases = RedisLeaseKeeper(redis)
            cache = RedisCache(redis)
        } else {
            rateLimiter = MemoryRateLimiter()
            // Larger than all tokens of earlier processes, which the databases have seen.
            leases = MemoryLeaseKeeper(tokensAfter: Int64(Date().timeIntervalSince1970 * 1_000_000))
            cache = MemoryCache()
        }
    }

    /// What has to run for them: before the services that use them, and longer.
    var parts: [any Service] { redis.map { [$0 as any Service] } ?? [] }

    /// Makes sure that the server is there and lets us in.
    func prepare(within patience: Duration, logger: Logger) async throws {
        guard let redis else { return }
        try await StoreStart.reach(
            "Redis (\(redis.configuration))", within: patience, logger: logger, isFinal: Self.isRefusal,
            { _ = try await redis.withDedicatedConnection { try await $0.send(["PING"]) } }
        )
    }

    /// Redis does not let us in (its errors' first words, redis.io/docs/latest/operate/oss_and_stack/management/security/acl).
    private static func isRefusal(_ error: any Error) -> Bool {
        guard let error = error as? RedisError else { return false }
        return ["WRONGPASS", "NOAUTH", "NOPERM"].contains(error.prefix) || error.cause.map(isRefusal) == true
    }
}
