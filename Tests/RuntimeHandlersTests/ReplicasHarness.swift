import APISupport
import Coordination
import HTTPTypes
import Logging
import MemoryInfrastructure
import RuntimeAPI
import Synchronization

@testable import RuntimeHandlers

/// Two replicas of the runtime in this process, over one repository and one keeper of leases, that reach each other by their addresses. Each has
/// a clock and a model of its own.
struct ReplicasHarness: Sendable {
    let a: TestReplica
    let b: TestReplica
    let network: ReplicaNetwork
    let leases: ObservedLeases
    let repository: MemorySessionRepository
    /// The time of the keeper of leases.
    let keeperClock: ManualRuntimeClock

    static func run(
        a: [ScriptedModelClient.Answer] = [], b: [ScriptedModelClient.Answer] = [],
        configure: (inout RuntimeConfiguration) -> Void = { _ in }, body: (ReplicasHarness) async throws -> Void
    ) async throws {
        var configuration = RuntimeConfiguration(model: "scripted")
        configure(&configuration)
        let keeperClock = ManualRuntimeClock()
        let leases = ObservedLeases(MemoryLeaseKeeper(tokensAfter: 0) { keeperClock.moment().uptime })
        let network = ReplicaNetwork()
        let repository = MemorySessionRepository()
        let replicas = ReplicasHarness(
            a: TestReplica("a", a, configuration, repository, leases, network),
            b: TestReplica("b", b, configuration, repository, leases, network),
            network: network, leases: leases, repository: repository, keeperClock: keeperClock
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for replica in [replicas.a, replicas.b] {
                try await replica.service.prepare()
                group.addTask { await replica.run() }
            }
            defer { group.cancelAll() }
            try await body(replicas)
        }
    }

    /// Moves the time on in steps: the keeper's, and that of all replicas that are not frozen. Those that live renew their leases meanwhile.
    func advance(by seconds: Int) async {
        for _ in 0..<seconds {
            let replicas = [a, b].filter { $0.isAlive }
            for replica in replicas { await replica.settle() }
            keeperClock.advance(by: .seconds(1))
            for replica in replicas { replica.clock.advance(by: .seconds(1)) }
        }
        for replica in [a, b] where replica.isAlive { await replica.settle() }
    }
}

/// One of the replicas.
final class TestReplica: Sendable {
    let harness: RuntimeHarness
    let service: RuntimeService
    private let name: String
    private let network: ReplicaNetwork
    private let kill = Signal()
    private let state = Mutex((hasEnded: false, isFrozen: false))

    var client: RuntimeAPI.Client { harness.client }
    var clock: ManualRuntimeClock { harness.clock }
    var registry: SessionRegistry { service.home.registry }
    var address: String { "http://\(name)" }
    /// Whether its clock goes on.
    var isAlive: Bool { state.withLock { !$0.hasEnded && !$0.isFrozen } }

    init(
        _ name: String, _ answers: [ScriptedModelClient.Answer], _ configuration: RuntimeConfiguration,
        _ repository: MemorySessionRepository,
        _ leases: ObservedLeases, _ network: ReplicaNetwork
    ) {
        let model = ScriptedModelClient(answers)
        let clock = ManualRuntimeClock()
        self.name = name
        self.network = network
        let auditLog = MemoryAuditLog()
        service = RuntimeService(
            configuration: configuration, repository: repository, outbox: repository, auditLog: auditLog,
            replica: RuntimeReplica(leases: leases, address: "http://\(name)", transport: network), model: model, clock: clock,
            logger: Logger(label: name) { _ in SwiftLogNoOpLogHandler() }, checkToken: RuntimeHarness.principal
        )
        let router = service.makeRouter()
        let client = RuntimeAPI.Client(
            serverURL: "http://\(name)", transport: InProcessTransport(router: router),
            credentials: BearerCredentialProvider(token: RuntimeHarness.token)
        )
        harness = RuntimeHarness(
            client: client, router: router, model: model, clock: clock, repository: repository, outbox: repository, auditLog: auditLog)
        network.connect(name, router)
    }

    func run() async {
        await withTaskGroup(of: Void.self) { [service, kill] group in
            group.addTask { await service.run() }
            group.addTask { await kill.wait() }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.hasEnded = true }
    }

    /// Ends it at once: nothing is given back, and nobody reaches it.
    func die() async {
        network.set(.unreachable, name)
        kill.notify()
        await ended()
    }

    /// Stops it in good order.
    func stop() async {
        service.stop()
        await ended()
    }

    private func ended() async { while !state.withLock(\.hasEnded) { await Task.yield() } }

    /// Its clock stands, and it does not answer the others; everything in it stays as it is.
    func freeze() {
        state.withLock { $0.isFrozen = true }
        network.set(.silent, name)
    }

    /// Waits until its upkeep waits for the time, with leases that the last round of renewals has renewed, every five seconds: a round that is still
    /// under way would see what a test does next.
    func settle() async {
        while isAlive {
            let lastRound = clock.moment().uptime.components.seconds / 5 * 5
            if clock.sleepers >= 3, registry.earliestEnd.map({ $0 >= .seconds(lastRound + 15) }) ?? true { return }
            await Task.yield()
        }
    }
}

/// Brings requests to replicas by their names.
final class ReplicaNetwork: ClientTransport {
    enum Condition {
        case reachable
        /// Connections are refused.
        case unreachable
        /// Nothing is ever answered.
        case silent
    }

    struct Unreachable: Error {}

    private struct State {
        var routers: [String: APIRouter] = [:]
        var conditions: [String: Condition] = [:]
        var operations: [String] = []
    }

    private let state = Mutex(State())

    /// What was sent: `a postMessage`.
    var operations: [String] { state.withLock(\.operations) }

    func connect(_ name: String, _ router: APIRouter) { state.withLock { $0.routers[name] = router } }

    func set(_ condition: Condition, _ name: String) { state.withLock { $0.conditions[name] = condition } }

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        let name = request.head.authority ?? ""
        let (router, condition) = state.withLock { state in
            state.operations.append("\(name) \(request.operationID)")
            return (state.routers[name], state.conditions[name] ?? .reachable)
        }
        guard let router, condition != .unreachable else { throw Unreachable() }
        if condition == .silent {
            let (silence, continuation) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
            for await _ in silence {}
            continuation.finish()
            throw CancellationError()
        }
        return try await InProcessTransport(router: router).send(request)
    }
}

/// A keeper of leases whose answers can be made to fail.
final class ObservedLeases: LeaseKeeper {
    enum Mode {
        case answering
        case failing
        /// Nothing is answered.
        case silent
        /// The next lease is taken, but whoever takes it does not hear of it.
        case interruptingNextAcquisition
    }

    struct Failure: Error {}

    private let base: MemoryLeaseKeeper
    private let mode = Mutex(Mode.answering)

    init(_ base: MemoryLeaseKeeper) { self.base = base }

    func set(_ new: Mode) { mode.withLock { $0 = new } }

    private func pass() async throws {
        switch mode.withLock({ $0 }) {
        case .answering, .interruptingNextAcquisition: return
        case .failing: throw Failure()
        case .silent:
            let (silence, continuation) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
            for await _ in silence {}
            continuation.finish()
            throw CancellationError()
        }
    }

    func acquire(_ name: String, for duration: Duration, holder: String) async throws -> Lease? {
        try await pass()
        let lease = try await base.acquire(name, for: duration, holder: holder)
        let isInterrupted = mode.withLock { mode in
            guard case .interruptingNextAcquisition = mode else { return false }
            mode = .answering
            return true
        }
        if isInterrupted { throw CancellationError() }
        return lease
    }

    func holder(of name: String) async throws -> LeaseHolder? {
        try await pass()
        return try await base.holder(of: name)
    }

    func renew(_ lease: Lease, for duration: Duration) async throws -> Bool {
        try await pass()
        return try await base.renew(lease, for: duration)
    }

    func release(_ lease: Lease) async throws {
        try await pass()
        try await base.release(lease)
    }
}
