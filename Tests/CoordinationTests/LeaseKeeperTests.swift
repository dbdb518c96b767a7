import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Leases", .redis, .serialized)
struct LeaseKeeperTests {
    private func with(_ implementation: Implementation, _ body: @Sendable (any LeaseKeeper) async throws -> Void) async throws {
        switch implementation {
        case .memory: try await body(MemoryLeaseKeeper(tokensAfter: 41))
        case .redis: try await RedisTrait.withClient { try await body(RedisLeaseKeeper($0)) }
        }
    }

    @Test("One has it; the next one's token is larger", arguments: Implementation.allCases)
    func exclusion(_ implementation: Implementation) async throws {
        try await with(implementation) { keeper in
            let first = try #require(try await keeper.acquire("turn", for: .seconds(60)))
            #expect(try await keeper.acquire("turn", for: .seconds(60)) == nil)
            let other = try #require(try await keeper.acquire("other", for: .seconds(60)))
            #expect(other.fencingToken > first.fencingToken && first.fencingToken > 41)
            #expect(try await keeper.renew(first, for: .seconds(60)))
            try await keeper.release(first)
            try await keeper.release(first)
            #expect(try await !keeper.renew(first, for: .seconds(60)))
            let second = try #require(try await keeper.acquire("turn", for: .seconds(60)))
            #expect(second.fencingToken > other.fencingToken)
            // What was given up does not touch what came after it.
            try await keeper.release(first)
            #expect(try await keeper.acquire("turn", for: .seconds(60)) == nil)
            let long = String(repeating: "n", count: 513)
            await #expect(throws: LeaseTextTooLong.self) { try await keeper.acquire(long, for: .seconds(1)) }
            await #expect(throws: LeaseTextTooLong.self) { try await keeper.acquire("short", for: .seconds(1), holder: long) }
            #expect(try await keeper.holder(of: "short") == nil)
        }
    }

    @Test("Everybody is told who has it", arguments: Implementation.allCases)
    func holders(_ implementation: Implementation) async throws {
        try await with(implementation) { keeper in
            #expect(try await keeper.holder(of: "turn") == nil)
            for holder in ["http://10.0.0.7:8001#a b", "", " 7 ", String(repeating: "ü", count: 256)] {
                let lease = try #require(try await keeper.acquire("turn", for: .seconds(60), holder: holder))
                let told = LeaseHolder(description: holder, fencingToken: lease.fencingToken)
                #expect(try await keeper.holder(of: "turn") == told)
                #expect(try await keeper.renew(lease, for: .seconds(60)))
                #expect(try await keeper.acquire("turn", for: .seconds(60), holder: "other") == nil)
                #expect(try await keeper.holder(of: "turn") == told)
                try await keeper.release(lease)
                #expect(try await keeper.holder(of: "turn") == nil)
            }
        }
    }

    @Test("A lease ends by itself, and cannot be renewed then", arguments: Implementation.allCases)
    func expiry(_ implementation: Implementation) async throws {
        try await with(implementation) { keeper in
            let first = try #require(try await keeper.acquire("turn", for: .milliseconds(50)))
            var second: Lease?
            while second == nil { second = try await keeper.acquire("turn", for: .seconds(60)) }
            #expect(try #require(second).fencingToken > first.fencingToken)
            #expect(try await keeper.holder(of: "turn")?.fencingToken == second?.fencingToken)
            #expect(try await !keeper.renew(first, for: .seconds(60)))
        }
    }

    @Test("Of a hundred at once one gets it", arguments: Implementation.allCases)
    func contention(_ implementation: Implementation) async throws {
        try await with(implementation) { keeper in
            let leases = try await withThrowingTaskGroup(of: Lease?.self) { group in
                for _ in 0..<100 { group.addTask { try await keeper.acquire("turn", for: .seconds(60)) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(leases.compactMap(\.self).count == 1)
        }
    }

    @Test("Tokens grow also when Redis has lost everything")
    func amnesia() async throws {
        try await RedisTrait.withClient { client in
            let keeper = RedisLeaseKeeper(client)
            let first = try #require(try await keeper.acquire("turn", for: .seconds(60)))
            try await client.send(["FLUSHALL"])
            let second = try #require(try await keeper.acquire("turn", for: .seconds(60)))
            #expect(second.fencingToken > first.fencingToken)
        }
    }
}
