import Coordination
import Foundation
import RedisClient
import RedisInfrastructure
import Synchronization
import TestServers
import Testing

/// Servers that die and freeze under those who use them.
@Suite("Coordination: faults", .serialized)
struct FaultTests {
    private func withServer(
        _ settings: [String] = [], configure: (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RedisServer, RedisClient) async throws -> Void
    ) async throws {
        let server = try await RedisServer(settings: settings)
        do {
            var configuration = try RedisConfiguration(url: server.url)
            configure(&configuration)
            try await RedisClient.withClient(configuration) { try await body(server, $0) }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Everything that was answered is on disk.
    private static let durable = ["appendonly yes", "appendfsync always"]

    private func restart(_ server: RedisServer, _ client: RedisClient) async throws {
        server.kill()
        try await server.start()
        try await Deadline.wait("the server to answer") {
            do {
                return try await client.send(["PING"]) == .status("PONG")
            } catch is RedisError {
                return false
            }
        }
    }

    @Test("Killed and started again: subscribers hear again and know of the gap, blocked readers get a typed error, and all is kept")
    func killed() async throws {
        try await withServer(Self.durable) { server, client in
            let bus = RedisPublishSubscribe(client)
            let stream = try RedisEntryStream(client, name: "events")
            let queue = try RedisWorkQueue(client, name: "jobs")
            try await stream.createGroup("g", from: .beginning)
            try await stream.createGroup("empty", from: .end)
            let ids = try await stream.append((0..<10).map { [$0] })
            #expect(try await stream.read("g", as: "one", count: 6, wait: .zero).entries.count == 6)
            #expect(try await stream.acknowledge(Array(ids.prefix(3)), in: "g") == 3)
            for number in 0..<5 { try await queue.put([UInt8(number)]) }
            let jobs = try await queue.take(3, for: .seconds(60), wait: .zero)
            #expect(try await queue.complete(jobs[0]))

            let idle = try RedisWorkQueue(client, name: "idle")
            let last = try await stream.lastID()
            try await stream.createGroup("blocked", from: .end)
            try await bus.withSubscription(to: ["news"]) { subscription in
                try await bus.publish([1], to: "news")
                #expect(try await subscription.next() == .message(channel: "news", payload: [1]))
                let blocked: [Task<Void, any Error>] = [
                    Task { _ = try await stream.read("blocked", as: "one", count: 1, wait: .seconds(60)) },
                    Task { _ = try await stream.read(after: last, count: 1, wait: .seconds(60)) },
                    Task { _ = try await idle.take(1, for: .seconds(60), wait: .seconds(60)) },
                ]
                try await Deadline.wait("the readers to block") {
                    try await client.send(["INFO", "clients"]).text?.contains("blocked_clients:3\r\n") == true
                }
                try await restart(server, client)
                for task in blocked {
                    let error = await #expect(throws: RedisError.self) { try await task.value }
                    #expect(error?.code == .connectionLost)
                }
                #expect(try await subscription.next() == .gap)
                try await bus.publish([2], to: "news")
                #expect(try await subscription.next() == .message(channel: "news", payload: [2]))
            }

            #expect(try await stream.claim("g", as: "two", idleFor: .zero, count: 100).entries.map(\.id) == Array(ids[3..<6]))
            #expect(try await stream.read("g", as: "two", count: 100, wait: .zero).entries.map(\.id) == Array(ids[6...]))
            #expect(try await queue.counts() == WorkQueueCounts(waiting: 2, taken: 2, dead: 0))
            #expect(try await !queue.complete(jobs[0]))
            #expect(try await queue.complete(jobs[1]))
            #expect(try await queue.take(5, for: .seconds(60), wait: .zero).map(\.payload) == [[3], [4]])
        }
    }

    @Test("Killed again and again under load: what was appended is read, and what was acknowledged is not read again")
    func killedUnderLoad() async throws {
        try await withServer(Self.durable) { server, client in
            let stream = try RedisEntryStream(client, name: "events")
            try await stream.createGroup("g", from: .beginning)
            let (appended, acknowledged, repeated) = (Tally<StreamEntryID>(), Tally<StreamEntryID>(), Tally<StreamEntryID>())
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2 {
                    group.addTask {
                        while !isOver.isSet {
                            try await tolerating {
                                let known = Set(acknowledged.all)
                                let old = try await stream.claim("g", as: "consumer \(number)", idleFor: .milliseconds(300), count: 10)
                                    .entries
                                let new = try await stream.read("g", as: "consumer \(number)", count: 10, wait: .milliseconds(100)).entries
                                let ids = (old + new).map(\.id)
                                for id in ids where known.contains(id) { repeated.add(id) }
                                // One by one: so that it is known which have been acknowledged when the answer fails to come.
                                for id in ids where try await stream.acknowledge([id], in: "g") == 1 { acknowledged.add(id) }
                            }
                        }
                    }
                }
                group.addTask {
                    while !isOver.isSet { try await tolerating { appended.add(try await stream.append([1])) } }
                }
                for round in 1...3 {
                    try await Deadline.wait("entries to be appended") { try appended.count >= round * 50 }
                    try await restart(server, client)
                }
                let last = try appended.count
                try await Deadline.wait("more entries") { try appended.count >= last + 50 }
                isOver.set()
                try await group.waitForAll()
            }
            // What nobody has acknowledged is still to be had; nothing is missing, and nothing comes twice.
            var rest: [StreamEntryID] = []
            while true {
                let batch = try await stream.read("g", as: "last", count: 1000, wait: .zero)
                #expect(!batch.hasGap)
                rest += batch.entries.map(\.id)
                if batch.entries.isEmpty { break }
            }
            rest += try await stream.claim("g", as: "last", idleFor: .zero, count: 1000).entries.map(\.id)
            let known = Set(acknowledged.all)
            #expect(repeated.all.isEmpty && known.isDisjoint(with: rest))
            // An acknowledgement whose answer did not come has been carried out, perhaps: at most one a consumer and a restart.
            let lost = Set(appended.all).subtracting(known).subtracting(rest)
            #expect(lost.count <= 6, "\(lost)")
            var kept: Set<StreamEntryID> = []
            while true {
                let entries = try await stream.read(after: kept.max() ?? .zero, count: 1000, wait: .zero).entries
                if entries.isEmpty { break }
                kept.formUnion(entries.map(\.id))
            }
            #expect(kept.isSuperset(of: appended.all))
            #expect(known.count >= 50)
        }
    }

    @Test("Frozen for ten seconds: answers in time by the policy, a bounded number of commands under way, and then as before")
    func frozen() async throws {
        let configure = { (configuration: inout RedisConfiguration) in
            configuration.commandTimeout = .seconds(1)
            configuration.connectTimeout = .seconds(1)
            configuration.maximumPendingCommands = 100
        }
        try await withServer(configure: configure) { server, client in
            let store = RedisRateLimiter(client)
            let (opened, refused, outages) = (Counter(), Counter(), Counter())
            let open = GuardedRateLimiter(store, of: "test", policy: .open, deadline: .milliseconds(250)) { change in
                if case .away = change { outages.increment() }
            }
            let shut = GuardedRateLimiter(store, of: "test", policy: .closed, deadline: .milliseconds(250)) { _ in }
            let limit = RateLimit(requests: 1000, per: .seconds(60))
            #expect(try await open.take(1, of: "a", under: limit)?.remaining == 999)
            let stream = try RedisEntryStream(client, name: "events")
            let queue = try RedisWorkQueue(client, name: "jobs")
            let highest = Counter()
            server.freeze(true)
            let end = ContinuousClock.now + .seconds(10)
            // Far above what a decision takes, far below the ten seconds.
            let patience = Duration.seconds(4)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<300 {
                    group.addTask {
                        while ContinuousClock.now < end {
                            let start = ContinuousClock.now
                            if caller.isMultiple(of: 2) {
                                let decision = try await open.take(1, of: "a", under: limit)
                                #expect(decision?.isAllowed ?? true)
                                if decision == nil { opened.increment() }
                            } else {
                                await #expect(throws: RateLimitUnavailable.self) { try await shut.take(1, of: "b", under: limit) }
                                refused.increment()
                            }
                            #expect(start.duration(to: .now) < patience)
                            highest.raise(to: client.pendingCount)
                            // A caller that is refused at once does not come again at once.
                            try await Task.sleep(for: .milliseconds(20))
                        }
                    }
                }
                group.addTask {
                    while ContinuousClock.now < end {
                        for call in [
                            { _ = try await stream.append([1]) },
                            { _ = try await stream.read(after: .zero, count: 1, wait: .milliseconds(200)) },
                            { _ = try await queue.put([1]) }, { _ = try await queue.take(1, for: .seconds(1), wait: .milliseconds(200)) },
                        ] as [@Sendable () async throws -> Void] {
                            let start = ContinuousClock.now
                            let error = await #expect(throws: RedisError.self) { try await call() }
                            #expect([.timeout, .overloaded, .connectionFailed].contains(error?.code))
                            #expect(start.duration(to: .now) < patience)
                        }
                    }
                }
                try await group.waitForAll()
            }
            server.freeze(false)
            let thawed = ContinuousClock.now
            let bound = client.configuration.maximumPendingCommands * (client.configuration.connections + 1)
            #expect(highest.value <= bound && highest.value > 0)
            #expect(opened.value >= 150 && refused.value >= 150)
            #expect(outages.value == 1)
            try await Deadline.wait("decisions of the store's own") {
                do {
                    return try await shut.take(1, of: "c", under: limit)?.isAllowed == true
                } catch is RateLimitUnavailable {
                    return false
                }
            }
            #expect(thawed.duration(to: .now) < .seconds(10))
            #expect(try await queue.put([2]) != "")
            #expect(client.pendingCount <= bound)
        }
    }
}

/// Does something whose server may be away.
private func tolerating(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch is RedisError {
        await Task.yield()
    }
}

private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }
    func increment() { count.add(1, ordering: .relaxed) }
    func raise(to value: Int) { count.max(value, ordering: .relaxed) }
}
