import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import Synchronization
import TestServers
import Testing

/// The implementations that a behaviour is asked of.
enum Implementation: CaseIterable, Sendable {
    case memory
    case redis
}

/// Starts a Redis before a suite's tests and stops it after them.
struct RedisTrait: SuiteTrait, TestScoping {
    let isRecursive = false

    @TaskLocal static var current: RedisServer?

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let server = try await RedisServer()
        do {
            try await Self.$current.withValue(server) { try await function() }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Runs a test with a client of the suite's server, which has forgotten what earlier tests did.
    static func withClient<Value: Sendable>(_ body: (RedisClient) async throws -> Value) async throws -> Value {
        let server = try #require(current)
        return try await RedisClient.withClient(try RedisConfiguration(url: server.url)) { client in
            try await client.send(["FLUSHALL"])
            return try await body(client)
        }
    }
}

extension SuiteTrait where Self == RedisTrait {
    static var redis: RedisTrait { RedisTrait() }
}

/// A clock that stands until it is moved, in microseconds.
final class StandingClock: Sendable {
    private let time = Atomic<Int64>(1_764_000_000_000_000)

    var now: Int64 { time.load(ordering: .sequentiallyConsistent) }

    func advance(by duration: Duration) { time.add(duration.microseconds, ordering: .sequentiallyConsistent) }
}
