import APISupport
import Coordination
import HTTPTypes
import RuntimeAPI

/// Finds out where a session is: here, or at another replica, to which requests are passed on.
struct SessionHome: Sendable {
    let registry: SessionRegistry
    let replica: RuntimeReplica
    let streams = ForwardedStreams()

    private var environment: SessionEnvironment { registry.environment }

    /// Who wants what.
    struct Caller: Sendable {
        let sessionID: String
        /// The user in whose name.
        let user: String
        let principal: Principal
        /// Whether another replica passes the request on. It is not passed on again.
        let isForwarded: Bool
    }

    /// Another replica's session.
    struct Remote: Sendable {
        let client: RuntimeAPI.Client
        fileprivate let holder: LeaseHolder
        fileprivate let leaseName: String
        fileprivate let streams: ForwardedStreams

        /// The replica's events of the session, until they end or the replica loses the session.
        func follow(_ events: EventStream<Schemas.SessionEvent>) -> EventStream<Schemas.SessionEvent> {
            streams.follow(events, under: leaseName, of: holder)
        }
    }

    private enum Place {
        case here(LiveSession)
        case elsewhere(Remote)
    }

    /// Does something with a session where it is. When it turns out not to be there any more, it is looked for once more.
    ///
    /// - Throws: ``RequestFailure`` `unknown-session` when the user has none of that id, `session-unavailable` when it is nowhere that could be
    ///   reached; what the parts throw.
    func perform<Output: ForwardedOutput>(
        for caller: Caller, here: @Sendable (LiveSession) async throws -> Output,
        elsewhere: @escaping @Sendable (Remote) async throws -> Output
    ) async throws -> Output {
        do {
            if let output = try await attempt(for: caller, here: here, elsewhere: elsewhere) { return output }
            if !caller.isForwarded, let output = try await attempt(for: caller, here: here, elsewhere: elsewhere) { return output }
        } catch let error as SessionRegistry.LeasesUnreachable {
            throw RequestFailure.sessionUnavailable(cause: error)
        }
        throw RequestFailure.sessionUnavailable()
    }

    /// - Returns: nil when the session is not where it was looked for.
    private func attempt<Output: ForwardedOutput>(
        for caller: Caller, here: @Sendable (LiveSession) async throws -> Output,
        elsewhere: @escaping @Sendable (Remote) async throws -> Output
    ) async throws -> Output? {
        switch try await place(for: caller) {
        case nil:
            return nil
        case .here(let session):
            do {
                return try await here(session)
            } catch let error where error is SessionFenced || (error as? LiveSession.Refusal)?.isLoss == true {
                await registry.lose(session.id, fencingToken: session.fencingToken)
                return nil
            }
        case .elsewhere(let remote):
            let output = try await forward { try await elsewhere(remote) }
            return output.problem?.type == RequestFailure.Code.sessionUnavailable.problemType ? nil : output
        }
    }

    /// - Returns: nil when it is nowhere.
    private func place(for caller: Caller) async throws -> Place? {
        let id = caller.sessionID
        if let session = registry.sessionInMemory(id) {
            guard session.owner == caller.user else { throw RequestFailure(.unknownSession) }
            return .here(session)
        }
        // No lease is taken, and nobody asked, for what the user does not have.
        guard try await environment.repository.session(id, of: caller.user) != nil else { throw RequestFailure(.unknownSession) }
        do {
            switch try await registry.open(id, mayTake: !caller.isForwarded) {
            case .here(let session): return .here(session)
            case .missing: throw RequestFailure(.unknownSession)
            case .unavailable: return nil
            case .elsewhere(let holder): return try .elsewhere(remote(id, holder, caller.principal))
            }
        } catch let error as SessionFenced {
            // The keeper of the leases gives smaller tokens than it once did: its clock went back, or it is another one.
            await registry.lose(id, fencingToken: error.fencingToken)
            throw RequestFailure.sessionUnavailable(cause: error)
        }
    }

    private func remote(_ id: String, _ holder: LeaseHolder, _ principal: Principal) throws -> Remote {
        // An earlier process with this address has gone without giving its lease back.
        guard let name = ReplicaName(holder.description), name.address != registry.name.address, let transport = replica.transport else {
            throw RequestFailure.sessionUnavailable()
        }
        let client = RuntimeAPI.Client(
            serverURL: name.address, transport: transport, credentials: BearerCredentialProvider(token: principal.token)
        )
        return Remote(client: client, holder: holder, leaseName: SessionRegistry.leaseName(of: id), streams: streams)
    }

    /// Asks another replica. Nothing is sent twice: the caller knows whether that would be harmless.
    private func forward<Output: Sendable>(_ call: @escaping @Sendable () async throws -> Output) async throws -> Output {
        let limit = environment.configuration.forwardTimeout
        let clock = environment.clock
        do {
            return try await withThrowingTaskGroup(of: Output?.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await call() }
                group.addTask {
                    try await clock.sleep(until: clock.moment().uptime + limit)
                    return nil
                }
                guard let first = try await group.next(), let output = first else { throw ReplicaTimeout(limit: limit) }
                return output
            }
        } catch {
            if error is CancellationError || Task.isCancelled { throw CancellationError() }
            throw RequestFailure.sessionUnavailable(cause: error)
        }
    }
}

/// Another replica did not answer in time.
private struct ReplicaTimeout: Error {
    let limit: Duration
}

extension RequestFailure {
    /// The session cannot be reached; the caller may try again.
    static func sessionUnavailable(cause: (any Error)? = nil) -> RequestFailure {
        RequestFailure(
            .sessionUnavailable, detail: "The replica that has this session cannot be reached. Try again in a few seconds.",
            headerFields: [.retryAfter: "5"], cause: cause
        )
    }
}

/// An answer that another replica may have given.
protocol ForwardedOutput: Sendable {
    /// The problem of an answer 503.
    var problem: Problem? { get }
}

extension Operations.PostMessage.Output: ForwardedOutput {
    var problem: Problem? { if case .serviceUnavailable(let answer) = self { answer.body } else { nil } }
}

extension Operations.ListPendingApprovals.Output: ForwardedOutput {
    var problem: Problem? { if case .serviceUnavailable(let answer) = self { answer.body } else { nil } }
}

extension Operations.StreamEvents.Output: ForwardedOutput {
    var problem: Problem? { if case .serviceUnavailable(let answer) = self { answer.body } else { nil } }
}

extension Operations.DeleteSession.Output: ForwardedOutput {
    var problem: Problem? { if case .serviceUnavailable(let answer) = self { answer.body } else { nil } }
}
