public import APISupport
public import Logging
import RuntimeAPI

/// The runtime: the operations of `specs/runtime`, and the task in which its turns run.
///
/// Call ``prepare()`` first, then serve ``makeRouter()`` while ``run()`` runs.
public struct RuntimeService: Sendable {
    /// The version that `/health` tells.
    public static let version = "1.0.0"

    private let handler: RuntimeHandler
    let home: SessionHome
    private let security: ServiceTokenSecurity
    private let environment: SessionEnvironment
    private let outbox: any EventOutbox
    /// Names this running process in its events.
    private let instance = Identifier.make("ins_")

    /// - Parameters:
    ///   - configuration: The settings.
    ///   - repository: Where sessions are kept.
    ///   - outbox: Where the repository keeps what is still to be published.
    ///   - auditLog: What has been published, for the users.
    ///   - replica: What it shares with the runtime's other replicas.
    ///   - model: The language model.
    ///   - clock: The time.
    ///   - logger: For what goes wrong; no content of sessions is logged.
    ///   - checkToken: Gives an access token's principal. It throws `RequestFailure` `unauthenticated` for a token that is not valid, and
    ///     leaves the scopes to the runtime.
    public init(
        configuration: RuntimeConfiguration, repository: any SessionRepository, outbox: any EventOutbox, auditLog: any AuditLog,
        replica: RuntimeReplica, model: any ModelClient,
        clock: any RuntimeClock = SystemRuntimeClock(), logger: Logger,
        checkToken: @escaping @Sendable (_ token: String) async throws -> Principal
    ) {
        // Whatever is counted begins at 0.
        _ = RuntimeMetrics.shared
        environment = SessionEnvironment(
            configuration: configuration, repository: repository, model: model, clock: clock,
            runner: TurnRunner(maximumTurns: configuration.maximumRunningTurns), logger: logger
        )
        home = SessionHome(registry: SessionRegistry(environment: environment, replica: replica), replica: replica)
        handler = RuntimeHandler(home: home, repository: repository, auditLog: auditLog, clock: clock)
        self.outbox = outbox
        security = ServiceTokenSecurity(checkToken: checkToken)
    }

    /// Marks the sessions whose turn a process left running that is gone as interrupted, and tells that the service starts. To be called before
    /// the first request.
    ///
    /// - Throws: What the repository and the keeper of the leases throw.
    public func prepare() async throws {
        let count = try await home.registry.sweep()
        if count > 0 { environment.logger.notice("Sessions were interrupted in a turn", metadata: ["count": "\(count)"]) }
        try await outbox.append([event(.serviceStarted(version: Self.version))])
    }

    /// Tells that the service has stopped in good order. To be called after ``run()``, by a task that is not cancelled.
    public func stopped() async {
        do {
            try await outbox.append([event(.serviceStopped(version: Self.version))])
        } catch {
            environment.logger.warning("That the service stops cannot be told", metadata: ["error": "\(error)"])
        }
    }

    private func event(_ fact: Occurrence.Fact) -> DomainEvent {
        DomainEvent(
            Occurrence(fact, at: environment.clock.moment().date), of: .service(instance: instance), correlationID: instance
        )
    }

    /// The operations, for a router that serves other APIs too.
    public var routes: [APIRoute] { Server(handler: handler, security: security).routes }

    /// A router for this service alone.
    public func makeRouter() -> APIRouter { APIRouter(routes: routes, logger: environment.logger) }

    /// Runs the turns and keeps the leases of their sessions, until ``stop()`` or until the task is cancelled; then stops the turns that run, and
    /// ends all event streams. To be called once.
    ///
    /// Turns that are accepted before it is called wait for it. After ``stop()`` the leases are given back, so that another replica can go on at
    /// once; when the task is cancelled, they end by themselves.
    public func run() async {
        let upkeep = ReplicaUpkeep(registry: home.registry, streams: home.streams)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await upkeep.run() }
            await environment.runner.run()
            let sessions = home.registry.end()
            home.streams.endAll()
            if !Task.isCancelled { await home.registry.giveAllBack(sessions) }
            group.cancelAll()
        }
    }

    /// Lets ``run()`` come to its end. No turn is accepted and no session taken from now on.
    public func stop() { environment.runner.stop() }
}

/// Access tokens with the scopes that an operation asks for.
private struct ServiceTokenSecurity: RuntimeAPI.SecurityHandler {
    let checkToken: @Sendable (_ token: String) async throws -> Principal

    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        let principal = try await checkToken(token)
        try principal.requireScopes(scopes)
        return principal
    }
}
