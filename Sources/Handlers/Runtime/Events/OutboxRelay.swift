public import APISupport
public import Coordination
public import Logging
import Metrics
import Synchronization

/// Publishes what waits in the outbox, in order, each event at least once.
///
/// Any number of processes may run one; under a lease only one of them works. It reads a batch, publishes one event after the other, and
/// removes what the broker has taken; whatever goes wrong in between is done again. An event is published twice when the relay ends between
/// the two, so that consumers have to know an event by its id.
public final class OutboxRelay: Sendable {
    /// The name of its lease.
    public static let leaseName = "runtime/outbox-relay"

    private let outbox: any EventOutbox
    private let transport: any EventTransport
    private let leases: any LeaseKeeper
    private let clock: any RuntimeClock
    private let limits: OutboxRelayLimits
    private let logger: Logger
    private let isStopping = Atomic(false)
    private let stopSignal = Signal()
    private let state = Mutex(Metrics())

    /// What it has done so far.
    public struct Metrics: Sendable, Equatable {
        /// Whether this process's relay is the one that works.
        public var isActive = false
        public var published = 0
        /// How often it had to begin again.
        public var failures = 0
        /// The events that waited when that was last asked: at a failure, and at most once a minute when there is more than a batch.
        public var backlog = 0
        fileprivate var nextReport: Duration = .zero
        /// When the oldest event happened that waits, as far as is known.
        fileprivate var oldest: Timestamp?
    }

    public init(
        outbox: any EventOutbox, transport: any EventTransport, leases: any LeaseKeeper, clock: any RuntimeClock = SystemRuntimeClock(),
        limits: OutboxRelayLimits = OutboxRelayLimits(), logger: Logger
    ) {
        self.outbox = outbox
        self.transport = transport
        self.leases = leases
        self.clock = clock
        self.limits = limits
        self.logger = logger
    }

    public var metrics: Metrics { state.withLock { $0 } }

    /// Publishes until it is told to stop, or cancelled. To be called once.
    public func run() async {
        var failures = 0
        while !isStopping.load(ordering: .acquiring), !Task.isCancelled {
            do {
                let start = clock.moment().uptime
                if let lease = try await leases.acquire(Self.leaseName, for: limits.leaseDuration) {
                    try await work(under: lease, until: start + limits.leaseDuration) { failures = 0 }
                } else {
                    failures = 0
                    // Whoever has the lease tells what waits.
                    tellWaiting(0)
                    try await pause(limits.leaseDuration / 4, orBell: false)
                }
            } catch {
                if Task.isCancelled { return }
                failures += 1
                await report(error, failures)
                do { try await pause(limits.pause(afterFailures: failures), orBell: false) } catch { return }
            }
        }
    }

    /// Lets ``run()`` publish what waits, and return.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        stopSignal.notify()
    }

    // MARK: Under the lease

    private func work(under lease: Lease, until end: Duration, succeeded: () -> Void) async throws {
        let term = LeaseTerm(end: end, clock: clock)
        state.withLock { $0.isActive = true }
        defer { state.withLock { $0.isActive = false } }
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await self.renew(lease, term) }
                group.addTask {
                    try await self.outbox.begin(relay: lease.fencingToken)
                    return true
                }
                _ = try await group.next()
                succeeded()
                group.addTask { try await self.relay(term, lease.fencingToken) }
                _ = try await group.next()
            }
        } catch {
            // Somebody else may go on at once. Without the broker that fails too, and the lease ends by itself.
            do { try await leases.release(lease) } catch {
                logger.debug("The relay's lease cannot be given back", metadata: ["error": "\(error)"])
            }
            throw error
        }
        try await leases.release(lease)
    }

    /// - Throws: ``LeaseLost`` when the lease has ended.
    private func renew(_ lease: Lease, _ term: LeaseTerm) async throws -> Bool {
        while true {
            let start = clock.moment().uptime
            try await clock.sleep(until: start + limits.leaseDuration / 3)
            try await renewOnce(lease, term)
        }
    }

    private func renewOnce(_ lease: Lease, _ term: LeaseTerm) async throws {
        let start = clock.moment().uptime
        do {
            guard try await leases.renew(lease, for: limits.leaseDuration) else {
                term.finish()
                throw LeaseLost()
            }
            term.extend(to: start + limits.leaseDuration)
        } catch let lost as LeaseLost {
            throw lost
        } catch {
            try Task.checkCancellation()
            // It may still be ours; until its end there is time to ask again.
            try term.check()
        }
    }

    /// - Returns: true when it was told to stop and all is published.
    private func relay(_ term: LeaseTerm, _ token: Int64) async throws -> Bool {
        while true {
            let isLast = isStopping.load(ordering: .acquiring)
            let entries = try await outbox.oldest(limits.batch, for: token)
            let isAll = entries.count < limits.batch
            tellWaiting(isAll ? entries.count : nil, oldest: entries.first)
            try await publish(entries, term)
            if isAll { tellWaiting(0) }
            if !isAll {
                try await reportBacklog()
            } else if isLast {
                return true
            } else {
                try await pause(limits.pollInterval, orBell: true)
            }
        }
    }

    private func publish(_ entries: [OutboxEntry], _ term: LeaseTerm) async throws {
        var published: [Int64] = []
        do {
            for entry in entries {
                try Task.checkCancellation()
                try term.check()
                try await transport.publish(entry.event)
                published.append(entry.position)
                state.withLock { $0.published += 1 }
            }
        } catch {
            if !published.isEmpty { try await outbox.remove(published) }
            throw error
        }
        if !published.isEmpty { try await outbox.remove(published) }
    }

    // MARK: Waiting and telling

    /// Waits; a bell that has rung, and a stop, end it earlier.
    private func pause(_ duration: Duration, orBell: Bool) async throws {
        guard !isStopping.load(ordering: .acquiring) else { return }
        let end = clock.moment().uptime + duration
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.clock.sleep(until: end) }
            group.addTask { await self.stopSignal.wait() }
            if orBell { group.addTask { await self.outbox.bell.wait() } }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// Counts what waits, and since when.
    ///
    /// - Parameters:
    ///   - count: nil: not known.
    ///   - oldest: The first one; nil: still the same, where something waits.
    private func tellWaiting(_ count: Int?, oldest: OutboxEntry? = nil) {
        let metrics = RuntimeMetrics.shared
        if let count { metrics.outboxWaiting.set(count) }
        let date = state.withLock { state in
            if let oldest { state.oldest = Self.date(of: oldest) } else if count == 0 { state.oldest = nil }
            return state.oldest
        }
        let now = clock.moment().date
        let age = date.map { Double(now.secondsSinceEpoch - $0.secondsSinceEpoch) + Double(now.nanoseconds - $0.nanoseconds) / 1e9 }
        metrics.outboxLag.set(max(0, age ?? 0))
    }

    /// CloudEvents' `time`.
    private static func date(of entry: OutboxEntry) -> Timestamp? {
        (try? JSONReader.decode(JSONObject.self, from: entry.event.payload))?["time"]?.stringValue.flatMap { Timestamp($0) }
    }

    private func report(_ error: any Error, _ failures: Int) async {
        var backlog = "unknown"
        do {
            let count = try await outbox.count(upTo: limits.countedBacklog)
            backlog = "\(count)"
            state.withLock { $0.backlog = count }
            tellWaiting(count)
        } catch {
            // The first error says enough.
        }
        state.withLock { $0.failures += 1 }
        RuntimeMetrics.shared.outboxFailures.increment()
        logger.log(
            level: failures == 1 ? .notice : .warning, "Events cannot be published for now; they are kept",
            metadata: ["error": "\(error)", "attempt": "\(failures)", "backlog": "\(backlog)"])
    }

    private func reportBacklog() async throws {
        let now = clock.moment().uptime
        let isDue = state.withLock { state in
            guard state.nextReport <= now else { return false }
            state.nextReport = now + .seconds(60)
            return true
        }
        guard isDue else { return }
        let count = try await outbox.count(upTo: limits.countedBacklog)
        state.withLock { $0.backlog = count }
        tellWaiting(count)
        logger.notice("Events wait to be published", metadata: ["backlog": "\(count)"])
    }
}

/// The bounds of an ``OutboxRelay``.
public struct OutboxRelayLimits: Sendable {
    /// How long a relay that is gone keeps others from going on.
    public var leaseDuration: Duration = .seconds(10)
    /// Events that are read at a time, and published twice at most when something goes wrong.
    public var batch = 100
    /// After this long, events that other processes stored are looked for.
    public var pollInterval: Duration = .milliseconds(500)
    /// The longest pause after a failure.
    public var longestPause: Duration = .seconds(10)
    /// Up to this many waiting events are counted.
    public var countedBacklog = 100_000

    public init() {}

    /// Twice as long each time, from 100 ms on, with a random part so that several do not come at the same time.
    func pause(afterFailures failures: Int) -> Duration {
        let base = min(.milliseconds(100) * (1 << min(failures - 1, 16)), longestPause)
        return base * Double.random(in: 0.5...1)
    }
}

/// The lease has ended, or somebody else has it.
struct LeaseLost: Error {}

/// Until when a lease is held for sure.
private final class LeaseTerm: Sendable {
    private let end: Mutex<Duration>
    private let clock: any RuntimeClock

    init(end: Duration, clock: any RuntimeClock) {
        self.end = Mutex(end)
        self.clock = clock
    }

    func extend(to later: Duration) { end.withLock { $0 = max($0, later) } }

    func finish() { end.withLock { $0 = .zero } }

    func check() throws(LeaseLost) {
        let now = clock.moment().uptime
        guard end.withLock({ now < $0 }) else { throw LeaseLost() }
    }
}
