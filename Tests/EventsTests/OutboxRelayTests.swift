import APIStreams
import APISupport
import Coordination
import Logging
import MemoryInfrastructure
import Synchronization
import TestServers
import Testing

@testable import RuntimeHandlers

@Suite("The outbox's relay", .postgres, .timeLimit(.minutes(2)))
struct OutboxRelayTests {
    private func relay(
        _ outbox: any EventOutbox, _ broker: FakeBroker, _ leases: any LeaseKeeper = MemoryLeaseKeeper(tokensAfter: 0),
        configure: (inout OutboxRelayLimits) -> Void = { _ in }
    ) -> OutboxRelay {
        var limits = OutboxRelayLimits()
        limits.leaseDuration = .milliseconds(400)
        limits.pollInterval = .milliseconds(20)
        limits.longestPause = .milliseconds(50)
        limits.batch = 7
        configure(&limits)
        return OutboxRelay(outbox: outbox, transport: broker, leases: leases, limits: limits, logger: Logger(label: "test"))
    }

    /// Adds `count` messages to each of the sessions, all sessions at the same time.
    private func write(_ count: Int, in sessions: [String], to repository: any SessionRepository) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for session in sessions {
                group.addTask {
                    for number in 0..<count {
                        try await repository.record(Sample.change("\(number)", in: session), in: session, fencingToken: 1)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func waitUntilEmpty(_ outbox: any EventOutbox) async throws {
        try await Deadline.wait("the outbox to be empty") { try await outbox.count(upTo: 1) == 0 }
    }

    @Test("Publishes everything in order and keeps nothing; a stop leaves nothing behind", arguments: EventStore.allCases)
    func publishes(store: EventStore) async throws {
        try await store.run { repository, _ in
            let sessions = (0..<4).map { "s\($0)" }
            for session in sessions { try await repository.create(Sample.session(session), events: []) }
            let broker = FakeBroker()
            let relay = relay(repository, broker)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await relay.run() }
                try await write(25, in: sessions, to: repository)
                relay.stop()
                try await group.waitForAll()
            }
            #expect(try await repository.count(upTo: 1) == 0)
            #expect(broker.published.count == 100 && relay.metrics.published == 100)
            for session in sessions { #expect(try broker.positions()[session] == Array(0..<25)) }
        }
    }

    @Test("While the broker is away everything is kept; then it is published in order")
    func brokerAway() async throws {
        let repository = MemorySessionRepository()
        try await repository.create(Sample.session("s0"), events: [])
        let broker = FakeBroker()
        broker.isAway = true
        let relay = relay(repository, broker)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await relay.run() }
            try await write(20, in: ["s0"], to: repository)
            try await Deadline.wait("some refusals") { broker.refusals >= 3 && relay.metrics.failures >= 3 }
            #expect(relay.metrics.backlog == 20 && broker.published.isEmpty)
            broker.isAway = false
            try await waitUntilEmpty(repository)
            group.cancelAll()
        }
        #expect(try broker.positions() == ["s0": Array(0..<20)])
        #expect(broker.published.count == 20)
    }

    @Test("What ends between publishing and removing is published again, and the audit log keeps it once", arguments: EventStore.allCases)
    func crash(store: EventStore) async throws {
        try await store.run { repository, log in
            try await repository.create(Sample.session("s0"), events: [])
            try await write(5, in: ["s0"], to: repository)
            // Takes the third event, and its publisher never hears of it.
            let broker = FakeBroker { count in if count == 3 { throw BrokerAway() } }
            let relay = relay(repository, broker)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await relay.run() }
                try await waitUntilEmpty(repository)
                group.cancelAll()
            }
            #expect(broker.published.count == 6)
            #expect(try broker.published.map { try $0.position } == [0, 1, 2, 2, 3, 4])
            // The consumer, as the platform runs it.
            let inner = DirectEventTransport(logger: Logger(label: "test"))
            await #expect(throws: DirectEventTransport.NobodyListens.self) { try await inner.publish(broker.published[0]) }
            let recorder = AuditRecorder(
                log: log, transport: inner, leases: MemoryLeaseKeeper(tokensAfter: 0), logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { try await recorder.run() } catch is CancellationError {}
                }
                try await Deadline.wait("the recorder to listen") {
                    do { try await inner.publish(broker.published[0]) } catch is DirectEventTransport.NobodyListens { return false }
                    return true
                }
                for event in broker.published { try await inner.publish(event) }
                group.cancelAll()
            }
            let kept = try await log.records(of: "ada", in: "s0", limit: 10, offset: 0)
            #expect(kept.count == 5 && Set(kept.map(\.eventID)).count == 5)
        }
    }

    @Test(
        "Of two relays one works; when it is gone the other one goes on, nothing is lost, sessions keep their order",
        arguments: EventStore.allCases)
    func twoRelays(store: EventStore) async throws {
        try await store.run { repository, _ in
            let sessions = ["s0", "s1", "s2"]
            for session in sessions { try await repository.create(Sample.session(session), events: []) }
            let leases = MemoryLeaseKeeper(tokensAfter: 0)
            let broker = FakeBroker()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await write(60, in: sessions, to: repository) }
                // Each is ended in the middle of its work.
                for _ in 0..<6 {
                    let (first, second) = (relay(repository, broker, leases), relay(repository, broker, leases))
                    await withTaskGroup(of: Void.self) { relays in
                        relays.addTask { await first.run() }
                        relays.addTask { await second.run() }
                        let before = broker.published.count
                        do {
                            try await Deadline.wait("some events") {
                                #expect(!(first.metrics.isActive && second.metrics.isActive))
                                return broker.published.count >= min(before + 10, 180)
                            }
                        } catch {
                            Issue.record(error)
                        }
                        relays.cancelAll()
                    }
                }
                try await group.waitForAll()
            }
            let last = relay(repository, broker, leases)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await last.run() }
                try await waitUntilEmpty(repository)
                group.cancelAll()
            }
            for session in sessions { #expect(try broker.positions()[session] == Array(0..<60)) }
        }
    }

    @Test("A relay whose lease has ended publishes no more")
    func lostLease() async throws {
        let repository = MemorySessionRepository()
        try await repository.create(Sample.session("s0"), events: [])
        try await write(50, in: ["s0"], to: repository)
        let leases = OneLease()
        // The third event takes until the lease is somebody else's.
        let broker = FakeBroker { count in
            if count == 3 { try await leases.loss() }
        }
        let relay = relay(repository, broker, leases)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await relay.run() }
            try await Deadline.wait("the relay to notice") { relay.metrics.failures > 0 && !relay.metrics.isActive }
            group.cancelAll()
        }
        #expect(broker.published.count == 3)
    }
}

/// Gives one lease once, and loses it at the first renewal.
private final class OneLease: LeaseKeeper {
    private let isGiven = Mutex(false)
    private let isLost = Mutex(false)

    func holder(of name: String) async throws -> LeaseHolder? { nil }

    func acquire(_ name: String, for duration: Duration, holder: String) async throws -> Lease? {
        isGiven.withLock { isGiven in
            defer { isGiven = true }
            return isGiven ? nil : Lease(name: name, fencingToken: 1)
        }
    }

    func renew(_ lease: Lease, for duration: Duration) async throws -> Bool {
        isLost.withLock { $0 = true }
        return false
    }

    func release(_ lease: Lease) async throws {}

    func loss() async throws {
        while !isLost.withLock({ $0 }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
