import Coordination
import MemoryInfrastructure
import RedisInfrastructure
import TestServers
import Testing

@Suite("Caches", .redis, .serialized)
struct CacheTests {
    private func with(_ implementation: Implementation, _ body: @Sendable (any Cache) async throws -> Void) async throws {
        switch implementation {
        case .memory: try await body(MemoryCache())
        case .redis: try await RedisTrait.withClient { try await body(RedisCache($0)) }
        }
    }

    @Test("What was set is there, until it is replaced, removed or at its end", arguments: Implementation.allCases)
    func values(_ implementation: Implementation) async throws {
        try await with(implementation) { cache in
            #expect(try await cache.value(for: "k") == nil)
            try await cache.set([0, 255, 13, 10], for: "k", lasting: .seconds(60))
            try await cache.set([], for: "k\0", lasting: .seconds(60))
            #expect(try await cache.value(for: "k") == [0, 255, 13, 10])
            #expect(try await cache.value(for: "k\0") == [])
            try await cache.set([1], for: "k", lasting: .milliseconds(30))
            #expect(try await cache.value(for: "k").map { $0 == [1] } ?? true)
            try await Deadline.wait("the value's end") { try await cache.value(for: "k") == nil }
            try await cache.remove("k\0")
            try await cache.remove("never set")
            #expect(try await cache.value(for: "k\0") == nil)
        }
    }

    @Test("Memory is bounded, and the newest stays")
    func bounds() async throws {
        let cache = MemoryCache(capacity: 10_000)
        for number in 0..<1000 {
            try await cache.set(Array(repeating: 0, count: 95), for: "key \(number)", lasting: .seconds(60))
            #expect(try await cache.value(for: "key \(number)") != nil && cache.size <= 10_000)
        }
        try await cache.set(Array(repeating: 0, count: 10_001), for: "key 999", lasting: .seconds(60))
        #expect(try await cache.value(for: "key 999") == nil)
        for number in 0..<1000 { try await cache.remove("key \(number)") }
        #expect(cache.size == 0)
    }
}
