public import Coordination
public import RedisClient

/// A cache that all replicas share; its bounds are the server's (`maxmemory`).
public struct RedisCache: Cache {
    private let client: RedisClient
    private let prefix: String

    /// - Parameter prefix: Of the keys in Redis.
    public init(_ client: RedisClient, prefix: String = "codelab:cache:") {
        self.client = client
        self.prefix = prefix
    }

    public func value(for key: String) async throws -> [UInt8]? { try await client.send(["GET", .text(prefix + key)]).bytes }

    public func set(_ value: [UInt8], for key: String, lasting duration: Duration) async throws {
        let milliseconds = max(1, duration.microseconds / 1000)
        try await client.send(["SET", .text(prefix + key), .bytes(value), "PX", .integer(milliseconds)])
    }

    public func remove(_ key: String) async throws { try await client.send(["DEL", .text(prefix + key)]) }
}
