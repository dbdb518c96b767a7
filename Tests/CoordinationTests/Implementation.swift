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

/// What was waited for did not come.
struct TooFew: Error {
    let count: Int
}

/// What several tasks have had together.
final class Tally<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let deadline = ContinuousClock.now + .seconds(60)

    func add(_ value: Value) { values.withLock { $0.append(value) } }

    var all: [Value] { values.withLock { $0 } }

    /// - Throws: After a minute: who waits for more waits in vain.
    var count: Int {
        get throws {
            let count = all.count
            guard ContinuousClock.now < deadline else { throw TooFew(count: count) }
            return count
        }
    }
}

/// Bytes that something on the way might take for something else.
let hostilePayloads: [[UInt8]] = [
    [], [0], [255], [0, 255, 0], Array("*1\r\n$4\r\nPING\r\n".utf8), Array("\r\n".utf8), [0xC0, 0x80, 0xFE, 0xFF],
    (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) },
]
