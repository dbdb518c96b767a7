import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Streams", .redis, .serialized)
struct EntryStreamTests {
    private func with(
        _ implementation: Implementation, _ limits: StreamLimits = StreamLimits(),
        _ body: @Sendable (any EntryStream) async throws -> Void
    ) async throws {
        switch implementation {
        case .memory: try await body(MemoryEntryStream(limits: limits))
        case .redis: try await RedisTrait.withClient { try await body(try RedisEntryStream($0, name: "events", limits: limits)) }
        }
    }

    @Test("Readers without a group read all in order, from where they are", arguments: Implementation.allCases)
    func plainReading(_ implementation: Implementation) async throws {
        try await with(implementation) { stream in
            #expect(try await stream.lastID() == .zero)
            #expect(try await stream.read(after: .zero, count: 10, wait: .zero) == StreamBatch(entries: [], hasGap: false))
            let first = try await stream.append([1])
            let ids = [first] + (try await stream.append([[2], [3], [4]]))
            #expect(try await stream.append([[UInt8]]()).isEmpty)
            #expect(ids == ids.sorted() && ids.map(\.number) == [1, 2, 3, 4])
            #expect(try await stream.lastID() == ids[3])
            let entries = zip(ids, 1...).map { StreamEntry(id: $0, payload: [$1], deliveries: 0) }
            #expect(try await stream.read(after: .zero, count: 10, wait: .zero) == StreamBatch(entries: entries, hasGap: false))
            let two = try await stream.read(after: ids[0], count: 2, wait: .seconds(30))
            #expect(two == StreamBatch(entries: Array(entries[1...2]), hasGap: false))
            #expect(try await stream.read(after: ids[3], count: 2, wait: .milliseconds(20)).entries.isEmpty)
            // Ids that nobody gave: no crash, and the reader learns that something is odd.
            let last = StreamEntryID(milliseconds: .max, number: .max)
            #expect(try await stream.read(after: last, count: 1, wait: .milliseconds(1)).entries.isEmpty)
            #expect(try await stream.read(after: StreamEntryID(milliseconds: 1, number: 5), count: 1, wait: .zero).hasGap)
        }
    }

    @Test("Any bytes arrive as they are; what is too large or too much does not", arguments: Implementation.allCases)
    func payloads(_ implementation: Implementation) async throws {
        try await with(implementation) { stream in
            try await stream.append(hostilePayloads)
            #expect(try await stream.read(after: .zero, count: 100, wait: .zero).entries.map(\.payload) == hostilePayloads)
            await #expect(throws: StreamFailure.payloadTooLarge) {
                try await stream.append([[1], Array(repeating: 0, count: 1 << 20 + 1)])
            }
            await #expect(throws: StreamFailure.batchTooLarge) { try await stream.append(Array(repeating: [], count: 33)) }
            #expect(try await stream.lastID().number == UInt64(hostilePayloads.count))
            let name = String(repeating: "n", count: 512)
            try await stream.createGroup(name, from: .beginning)
            #expect(try await stream.read(name, as: "\0\r\n\(name.dropFirst(3))", count: 1, wait: .zero).entries.count == 1)
            for name in ["", name + "n"] {
                await #expect(throws: CoordinationNameFailure()) { try await stream.createGroup(name, from: .end) }
                await #expect(throws: CoordinationNameFailure()) { try await stream.read("g", as: name, count: 1, wait: .zero) }
                await #expect(throws: CoordinationNameFailure()) { try await stream.claim(name, as: "c", idleFor: .zero, count: 1) }
                await #expect(throws: CoordinationNameFailure()) { try await stream.acknowledge([], in: name) }
            }
            let ids = Array(repeating: StreamEntryID.zero, count: 1001)
            await #expect(throws: StreamFailure.batchTooLarge) { try await stream.acknowledge(ids, in: "g") }
        }
    }

    @Test("Each entry goes to one consumer of each group, from where the group begins", arguments: Implementation.allCases)
    func groups(_ implementation: Implementation) async throws {
        try await with(implementation, StreamLimits(maximumGroups: 3)) { stream in
            let ids = try await stream.append((0..<6).map { [$0] })
            try await stream.createGroup("all", from: .beginning)
            try await stream.createGroup("new", from: .end)
            try await stream.createGroup("some", from: .after(ids[3]))
            await #expect(throws: StreamFailure.tooManyGroups) { try await stream.createGroup("more", from: .end) }
            await #expect(throws: StreamFailure.noGroup) { try await stream.read("more", as: "one", count: 1, wait: .zero) }
            await #expect(throws: StreamFailure.noGroup) { try await stream.claim("more", as: "one", idleFor: .zero, count: 1) }
            #expect(try await stream.acknowledge(ids, in: "more") == 0)

            let first = try await stream.read("all", as: "one", count: 4, wait: .zero)
            let second = try await stream.read("all", as: "two", count: 4, wait: .zero)
            #expect((first.entries + second.entries).map(\.id) == ids && !first.hasGap && !second.hasGap)
            #expect(first.entries.allSatisfy { $0.deliveries == 1 })
            #expect(try await stream.read("some", as: "one", count: 9, wait: .zero).entries.map(\.id) == [ids[4], ids[5]])
            #expect(try await stream.read("new", as: "one", count: 9, wait: .zero).entries.isEmpty)
            let last = try await stream.append([6])
            #expect(try await stream.read("new", as: "one", count: 9, wait: .zero) == entries([last], 6))
            // Making it again changes nothing.
            try await stream.createGroup("all", from: .beginning)
            #expect(try await stream.read("all", as: "one", count: 9, wait: .zero) == entries([last], 6))
            #expect(try await stream.acknowledge([ids[0], ids[0], last, .zero], in: "all") == 2)
        }
    }

    @Test("What a consumer dies with, another takes over, with its deliveries counted", arguments: Implementation.allCases)
    func claiming(_ implementation: Implementation) async throws {
        try await with(implementation) { stream in
            try await stream.createGroup("g", from: .beginning)
            let ids = try await stream.append((0..<10).map { [$0] })
            #expect(try await stream.read("g", as: "dead", count: 8, wait: .zero).entries.count == 8)
            #expect(try await stream.acknowledge([ids[1]], in: "g") == 1)
            #expect(try await stream.claim("g", as: "alive", idleFor: .seconds(3600), count: 10).entries.isEmpty)
            let claimed = try await stream.claim("g", as: "alive", idleFor: .zero, count: 3)
            #expect(claimed.entries.map(\.id) == [ids[0], ids[2], ids[3]] && claimed.trimmed.isEmpty)
            #expect(claimed.entries.map(\.payload) == [[0], [2], [3]] && claimed.entries.allSatisfy { $0.deliveries == 2 })
            #expect(try await stream.acknowledge(claimed.entries.map(\.id), in: "g") == 3)
            // Nothing that was acknowledged comes again.
            var rest: [StreamEntry] = []
            try await Deadline.wait("the others to be idle for 50 ms") {
                rest += try await stream.claim("g", as: "alive", idleFor: .milliseconds(50), count: 10).entries
                return rest.count >= 4
            }
            #expect(rest.map(\.id) == Array(ids[4...7]) && rest.allSatisfy { $0.deliveries == 2 })
            #expect(try await stream.claim("g", as: "alive", idleFor: .zero, count: 1).entries.map(\.deliveries) == [3])
            #expect(try await stream.read("g", as: "alive", count: 10, wait: .zero).entries.map(\.id) == Array(ids[8...]))
        }
    }

    @Test("At least so many entries are kept, and not many more; what was trimmed is reported", arguments: Implementation.allCases)
    func trimming(_ implementation: Implementation) async throws {
        try await with(implementation, StreamLimits(maximumEntries: 200)) { stream in
            try await stream.createGroup("g", from: .beginning)
            let first = try await stream.append([[0], [1]])
            #expect(try await stream.read("g", as: "one", count: 1, wait: .zero).entries.map(\.id) == [first[0]])
            for _ in 0..<100 { try await stream.append(Array(repeating: [], count: 20)) }
            let kept = try await stream.read(after: .zero, count: 1, wait: .zero)
            #expect(kept.hasGap)
            let last = try await stream.lastID()
            let oldest = try #require(kept.entries.first).id
            #expect((200...300).contains(last.number - oldest.number + 1), "\(oldest) to \(last)")
            // Whoever has had the one before has missed nothing.
            let second = try await stream.read(after: oldest, count: 1, wait: .zero)
            #expect(!second.hasGap && second.entries.map(\.id.number) == [oldest.number + 1])

            let late = try await stream.read("g", as: "one", count: 1, wait: .zero)
            #expect(late.hasGap && late.entries.map(\.id) == [oldest])
            #expect(try await !stream.read("g", as: "two", count: 1, wait: .zero).hasGap)
            let claim = try await stream.claim("g", as: "two", idleFor: .zero, count: 10)
            #expect(claim.trimmed == [first[0]] && claim.entries.first?.id == oldest)
            #expect(try await stream.acknowledge([first[0]], in: "g") == 0)

            try await stream.createGroup("later", from: .beginning)
            #expect(try await !stream.read("later", as: "one", count: 1, wait: .zero).hasGap)
        }
    }

    @Test("Entries that are delivered and not acknowledged are bounded", arguments: Implementation.allCases)
    func pending(_ implementation: Implementation) async throws {
        try await with(implementation, StreamLimits(maximumPending: 5)) { stream in
            try await stream.createGroup("g", from: .beginning)
            let ids = try await stream.append((0..<8).map { [$0] })
            #expect(try await stream.read("g", as: "one", count: 3, wait: .zero).entries.count == 3)
            #expect(try await stream.read("g", as: "two", count: 3, wait: .zero).entries.map(\.id) == [ids[3], ids[4]])
            await #expect(throws: StreamFailure.tooManyPending) { try await stream.read("g", as: "one", count: 1, wait: .seconds(30)) }
            #expect(try await stream.acknowledge([ids[0]], in: "g") == 1)
            #expect(try await stream.read("g", as: "one", count: 3, wait: .zero).entries.map(\.id) == [ids[5]])
        }
    }

    @Test("Who waits gets what is appended; waiting ends in time, and with the task", arguments: Implementation.allCases)
    func waiting(_ implementation: Implementation) async throws {
        try await with(implementation) { stream in
            try await stream.createGroup("g", from: .beginning)
            for round in 1...10 {
                async let member = stream.read("g", as: "one", count: 5, wait: .seconds(30))
                async let reader = stream.read(after: try await stream.lastID(), count: 5, wait: .milliseconds(round == 1 ? 0 : 20))
                let cancelled = Task { try await stream.read("g", as: "two", count: 5, wait: .seconds(60)) }
                await Task.yield()
                cancelled.cancel()
                _ = try await reader
                let id = try await stream.append([UInt8(round)])
                // The cancelled one may have had it: then it is pending, and to be claimed.
                let result = await cancelled.result
                if case .success(let batch) = result, !batch.entries.isEmpty {
                    #expect(batch.entries.map(\.id) == [id])
                    try await stream.append([UInt8(round)])
                }
                #expect(try await member.entries.map(\.payload) == [[UInt8(round)]])
            }
            let start = ContinuousClock.now
            #expect(try await stream.read("g", as: "one", count: 1, wait: .milliseconds(50)).entries.isEmpty)
            #expect(try await stream.read(after: stream.lastID(), count: 1, wait: .milliseconds(50)).entries.isEmpty)
            #expect(start.duration(to: .now) >= .milliseconds(100))
        }
    }

    @Test("Many consumers share the entries, and none comes twice", arguments: Implementation.allCases)
    func sharing(_ implementation: Implementation) async throws {
        try await with(implementation) { stream in
            try await stream.createGroup("g", from: .beginning)
            let tally = Tally<StreamEntryID>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        while try tally.count < 300 {
                            let batch = try await stream.read("g", as: "consumer \(number)", count: 7, wait: .milliseconds(100))
                            #expect(!batch.hasGap)
                            #expect(try await stream.acknowledge(batch.entries.map(\.id), in: "g") == batch.entries.count)
                            for entry in batch.entries { tally.add(entry.id) }
                        }
                    }
                }
                for number in 0..<300 { try await stream.append([UInt8(truncatingIfNeeded: number)]) }
                try await group.waitForAll()
            }
            #expect(tally.all.sorted().map(\.number) == Array(1...300))
            #expect(try await stream.claim("g", as: "last", idleFor: .zero, count: 10).entries.isEmpty)
        }
    }

    @Test("Ids are read as they are written, and nothing else is one")
    func ids() {
        for text in ["0-0", "1764000000000-17", "18446744073709551615-18446744073709551615"] {
            #expect(StreamEntryID(text)?.description == text)
        }
        for text in ["", "-", "1", "1-", "-1", "1-2-3", "+1-2", "1-18446744073709551616", "١-١", " 1-2", "1-2\0", "0x1-1"] {
            #expect(StreamEntryID(text) == nil, "\(text)")
        }
    }

    private func entries(_ ids: [StreamEntryID], _ payloads: UInt8...) -> StreamBatch {
        StreamBatch(entries: zip(ids, payloads).map { StreamEntry(id: $0, payload: [$1], deliveries: 1) }, hasGap: false)
    }
}
