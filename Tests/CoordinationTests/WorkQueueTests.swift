import Coordination
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Work queues", .redis, .serialized)
struct WorkQueueTests {
    /// With a clock that stands: what has to pass, the test lets pass.
    private func with(
        _ implementation: Implementation, _ limits: WorkQueueLimits = WorkQueueLimits(),
        _ body: @Sendable (any WorkQueue, StandingClock) async throws -> Void
    ) async throws {
        let clock = StandingClock()
        switch implementation {
        case .memory: try await body(MemoryWorkQueue(limits: limits) { clock.now }, clock)
        case .redis:
            try await RedisTrait.withClient { client in
                try await body(try RedisWorkQueue(client, name: "jobs", limits: limits) { clock.now }, clock)
            }
        }
    }

    /// With the clock that goes.
    private func withTime(_ implementation: Implementation, _ body: @Sendable (any WorkQueue) async throws -> Void) async throws {
        switch implementation {
        case .memory: try await body(MemoryWorkQueue())
        case .redis: try await RedisTrait.withClient { try await body(try RedisWorkQueue($0, name: "jobs")) }
        }
    }

    @Test("Jobs are taken in their order, once, and are gone when they are completed", arguments: Implementation.allCases)
    func order(_ implementation: Implementation) async throws {
        try await with(implementation) { queue, _ in
            var ids: [String] = []
            for number in 0..<10 { ids.append(try await queue.put([UInt8(number)])) }
            #expect(Set(ids).count == 10)
            let first = try await queue.take(4, for: .seconds(60), wait: .zero)
            let second = try await queue.take(100, for: .seconds(60), wait: .zero)
            #expect((first + second).map(\.id) == ids)
            #expect((first + second).map(\.payload) == (0..<10).map { [$0] })
            #expect((first + second).allSatisfy { $0.attempt == 1 })
            #expect(try await queue.take(1, for: .seconds(60), wait: .zero).isEmpty)
            #expect(try await queue.counts() == WorkQueueCounts(waiting: 0, taken: 10, dead: 0))
            for job in first + second { #expect(try await queue.complete(job)) }
            #expect(try await !queue.complete(first[0]))
            #expect(try await !queue.giveBack(first[0]))
            #expect(try await !queue.extend(first[0], for: .seconds(1)))
            #expect(try await queue.counts() == WorkQueueCounts(waiting: 0, taken: 0, dead: 0))
        }
    }

    @Test("Any bytes arrive as they are; what is too large is refused", arguments: Implementation.allCases)
    func payloads(_ implementation: Implementation) async throws {
        try await with(implementation) { queue, _ in
            for payload in hostilePayloads {
                try await queue.put(payload)
                #expect(try await queue.take(1, for: .seconds(60), wait: .zero).map(\.payload) == [payload])
            }
            await #expect(throws: WorkQueueFailure.payloadTooLarge) { try await queue.put(Array(repeating: 0, count: 1 << 20 + 1)) }
            let stranger = Job(id: "\0\r\n", payload: [], attempt: .min)
            #expect(try await !queue.complete(stranger))
            #expect(try await !queue.giveBack(stranger))
            #expect(try await queue.revive(deadLetter: "\0") == nil)
            #expect(try await !queue.discard(deadLetter: ""))
        }
    }

    @Test("A full queue says so, until there is room; what is taken counts", arguments: Implementation.allCases)
    func full(_ implementation: Implementation) async throws {
        try await with(implementation, WorkQueueLimits(capacity: 3)) { queue, _ in
            for _ in 0..<3 { try await queue.put([]) }
            await #expect(throws: WorkQueueFailure.full) { try await queue.put([]) }
            let jobs = try await queue.take(1, for: .seconds(60), wait: .zero)
            await #expect(throws: WorkQueueFailure.full) { try await queue.put([]) }
            #expect(try await queue.complete(jobs[0]))
            try await queue.put([])
            await #expect(throws: WorkQueueFailure.full) { try await queue.put([]) }
        }
    }

    @Test(
        "A job whose worker died is another's when its time is over, and not the first one's any more", arguments: Implementation.allCases)
    func visibility(_ implementation: Implementation) async throws {
        try await with(implementation) { queue, clock in
            let id = try await queue.put([1])
            let first = try #require(try await queue.take(1, for: .seconds(10), wait: .zero).first)
            clock.advance(by: .seconds(9))
            #expect(try await queue.take(1, for: .seconds(10), wait: .zero).isEmpty)
            #expect(try await queue.extend(first, for: .seconds(10)))
            clock.advance(by: .seconds(9))
            #expect(try await queue.take(1, for: .seconds(10), wait: .zero).isEmpty)
            clock.advance(by: .seconds(1))
            let second = try #require(try await queue.take(1, for: .seconds(10), wait: .zero).first)
            #expect(second == Job(id: id, payload: [1], attempt: 2))
            #expect(try await !queue.complete(first))
            #expect(try await !queue.giveBack(first))
            #expect(try await !queue.extend(first, for: .seconds(60)))
            #expect(try await queue.complete(second))
        }
    }

    @Test("A job that fails comes back after pauses that grow, and is a dead letter in the end", arguments: Implementation.allCases)
    func attempts(_ implementation: Implementation) async throws {
        let limits = WorkQueueLimits(maximumAttempts: 4, firstBackoff: .seconds(1), maximumBackoff: .seconds(3))
        try await with(implementation, limits) { queue, clock in
            let id = try await queue.put([7])
            for (attempt, pause) in [(1, 1), (2, 2), (3, 3)] {
                let job = try #require(try await queue.take(1, for: .seconds(60), wait: .zero).first)
                #expect(job.attempt == attempt)
                #expect(try await queue.giveBack(job))
                clock.advance(by: .seconds(pause) - .milliseconds(1))
                #expect(try await queue.take(1, for: .seconds(60), wait: .zero).isEmpty)
                clock.advance(by: .milliseconds(1))
            }
            let last = try #require(try await queue.take(1, for: .seconds(60), wait: .zero).first)
            #expect(try await queue.giveBack(last))
            clock.advance(by: .seconds(3600))
            #expect(try await queue.take(1, for: .seconds(60), wait: .zero).isEmpty)
            #expect(try await queue.deadLetters(10) == [Job(id: id, payload: [7], attempt: 4)])
            #expect(try await queue.counts() == WorkQueueCounts(waiting: 0, taken: 0, dead: 1))

            let revived = try #require(try await queue.revive(deadLetter: id))
            #expect(try await queue.revive(deadLetter: id) == nil)
            let again = try #require(try await queue.take(1, for: .seconds(60), wait: .zero).first)
            #expect(again == Job(id: revived, payload: [7], attempt: 1) && revived != id)
            #expect(try await queue.deadLetters(10).isEmpty)
        }
    }

    @Test("Workers that die with a job have attempts, too; the oldest dead letters are dropped", arguments: Implementation.allCases)
    func deadLetters(_ implementation: Implementation) async throws {
        let limits = WorkQueueLimits(capacity: 5, maximumAttempts: 2, deadLetterCapacity: 3)
        try await with(implementation, limits) { queue, clock in
            var ids: [String] = []
            for number in 0..<5 {
                ids.append(try await queue.put([UInt8(number)]))
                for attempt in 1...2 {
                    #expect(try await queue.take(5, for: .seconds(1), wait: .zero).map(\.attempt) == [attempt])
                    clock.advance(by: .seconds(1))
                }
                #expect(try await queue.take(5, for: .seconds(1), wait: .zero).isEmpty)
            }
            #expect(try await queue.deadLetters(10).map(\.id) == Array(ids.suffix(3)))
            #expect(try await queue.deadLetters(1).map(\.payload) == [[2]])
            #expect(try await queue.discard(deadLetter: ids[3]))
            #expect(try await !queue.discard(deadLetter: ids[3]))
            #expect(try await queue.revive(deadLetter: ids[0]) == nil)
            for _ in 0..<5 { try await queue.put([]) }
            await #expect(throws: WorkQueueFailure.full) { try await queue.revive(deadLetter: ids[2]) }
            #expect(try await queue.counts() == WorkQueueCounts(waiting: 5, taken: 0, dead: 2))
        }
    }

    @Test("Who waits gets what is put, and what comes back", arguments: Implementation.allCases)
    func waiting(_ implementation: Implementation) async throws {
        try await withTime(implementation) { queue in
            async let waiting = queue.take(1, for: .milliseconds(50), wait: .seconds(30))
            try await queue.put([1])
            #expect(try await waiting.map(\.payload) == [[1]])
            // Nobody rings for the end of the visibility.
            let again = try #require(try await queue.take(1, for: .seconds(60), wait: .seconds(30)).first)
            #expect(again.attempt == 2)
            #expect(try await queue.complete(again))
            let start = ContinuousClock.now
            #expect(try await queue.take(1, for: .seconds(60), wait: .milliseconds(50)).isEmpty)
            #expect(start.duration(to: .now) >= .milliseconds(50))
        }
    }

    @Test("Waiting ends with the task; what was on its way to it comes back", arguments: Implementation.allCases)
    func cancellation(_ implementation: Implementation) async throws {
        try await withTime(implementation) { queue in
            for _ in 0..<10 {
                let waiting = Task { try await queue.take(1, for: .milliseconds(100), wait: .seconds(60)) }
                await Task.yield()
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
            try await queue.put([1])
            #expect(try await queue.take(1, for: .seconds(60), wait: .seconds(30)).map(\.payload) == [[1]])
        }
    }

    @Test("Many workers share the jobs, and none is done twice", arguments: Implementation.allCases)
    func sharing(_ implementation: Implementation) async throws {
        try await withTime(implementation) { queue in
            let tally = Tally<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while try tally.count < 500 {
                            for job in try await queue.take(7, for: .seconds(60), wait: .milliseconds(100)) {
                                #expect(try await queue.complete(job) && job.attempt == 1)
                                tally.add(job.id)
                            }
                        }
                    }
                }
                for number in 0..<500 { try await queue.put([UInt8(truncatingIfNeeded: number)]) }
                try await group.waitForAll()
            }
            #expect(try tally.count == 500 && Set(tally.all).count == 500)
        }
    }

    @Test("Names are bounded, and queues of other names are others")
    func names() async throws {
        try await RedisTrait.withClient { client in
            for name in ["", String(repeating: "n", count: 513)] {
                #expect(throws: CoordinationNameFailure()) { try RedisWorkQueue(client, name: name) }
            }
            let (first, second) = (try RedisWorkQueue(client, name: "a"), try RedisWorkQueue(client, name: "a=b"))
            try await first.put([1])
            #expect(try await second.take(1, for: .seconds(1), wait: .zero).isEmpty)
        }
    }
}
