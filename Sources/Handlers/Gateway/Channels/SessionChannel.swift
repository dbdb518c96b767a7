import APISupport
import GatewayAPI
import Logging
import RuntimeAPI

/// The WebSocket of a session: the runtime's events go to the client, the client's frames to the runtime, each at its own pace. Frames are read
/// while a turn runs, so that it can be cancelled.
struct SessionChannel: GatewayAPI.ChannelHandler {
    let runtime: RuntimeCalls
    let configuration: GatewayConfiguration
    let limits: GatewayLimits
    let callers: Callers
    let clock: any GatewayClock

    /// What a connection may do: read the session and write into it.
    private static let scopes = ["api:read", "api:write"]

    func session(
        _ connection: Channels.Session.ServerConnection, parameters: Channels.Session.Parameters, principal: Principal, context: CallContext
    ) async throws {
        do {
            try principal.requireScopes(Self.scopes)
            let sessionID = try await resolve(parameters.sessionID, user: principal.subject, connection: connection)
            try await converse(sessionID, deltas: parameters.deltas, principal: principal, connection: connection, context: context)
        } catch let end as SessionEnd {
            await refuse(connection, end)
        } catch let failure as RequestFailure {
            if let cause = failure.cause { context.logger.error("session ended", metadata: ["cause": "\(cause)"]) }
            await refuse(connection, SessionEnd(failure))
        } catch let error as ProblemError {
            await refuse(connection, SessionEnd(error.problem))
        }
    }

    /// Says why in an error frame, and closes.
    private func refuse(_ connection: Channels.Session.ServerConnection, _ end: SessionEnd) async {
        // A peer that is gone needs no explanation.
        try? await connection.send(.error(end.message, code: end.code))
        await connection.close(end.closeCode, reason: end.message)
    }

    // MARK: The session

    /// The id of the session to converse in: the given one when it is the user's; a new one's, told to the client, when the id asks for it.
    private func resolve(_ id: String, user: String, connection: Channels.Session.ServerConnection) async throws -> String {
        guard id.hasPrefix("new_") else {
            guard (1...128).contains(id.utf8.count) else { throw SessionEnd.noSession }
            switch try await runtime({ try await $0.getSession(.init(sessionID: id, codeLabUser: user)) }) {
            case .ok(let session): return session.id
            case .notFound, .badRequest: throw SessionEnd.noSession
            case .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem): throw RuntimeCalls.failure(problem)
            }
        }
        switch try await runtime({ try await $0.createSession(.init(codeLabUser: user, body: .init())) }) {
        case .created(let created):
            try await connection.send(.sessionInfo(sessionID: created.body.id))
            return created.body.id
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .contentTooLarge(let problem),
            .unsupportedMediaType(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    /// Relays both ways until one side ends, or the token does.
    private func converse(
        _ sessionID: String, deltas: Bool, principal: Principal, connection: Channels.Session.ServerConnection, context: CallContext
    ) async throws {
        let user = principal.subject
        let turns = RunningTurns()
        let source = SessionEvents(runtime: runtime, sessionID: sessionID, user: user)
        let relay = EventRelay(
            source: source, mapping: FrameMapping(deltas: deltas), retryDelays: configuration.eventRetryDelays, connection: connection,
            turns: turns, logger: context.logger)
        let limiting = FrameLimiting(limits: limits, caller: callers.caller(principal, on: context.request))
        let receiver = FrameReceiver(
            runtime: runtime, sessionID: sessionID, user: user, connection: connection, turns: turns, limiting: limiting,
            logger: context.logger)
        // Subscribed before the first frame is read: no event of a turn that it starts can be missed.
        let first = try await source.subscribe(after: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await relay.run(first) }
            group.addTask { try await receiver.run() }
            if let expiresAt = principal.expiresAt {
                let expiry = TokenExpiry(expiresAt: expiresAt, grace: configuration.expiredTurnGrace, clock: clock, turns: turns)
                group.addTask { try await expiry.run() }
            }
            try await group.next()
        }
    }
}

/// Why a conversation ends, as the client is told: an error frame, then a close code.
struct SessionEnd: Error, Equatable {
    var code: String
    var message: String
    var closeCode: WebSocketCloseCode

    static let tokenExpired = SessionEnd(
        code: "token_expired", message: "The access token has expired: connect again with a new one.", closeCode: .tokenExpired)
    static let noSession = SessionEnd(code: "session_not_found", message: "There is no such session.", closeCode: .sessionNotFound)
    static let runtimeLost = SessionEnd(code: "unavailable", message: "The runtime cannot be reached.", closeCode: .tryAgainLater)
    static let internalError = SessionEnd(code: "internal_error", message: "The gateway failed.", closeCode: .internalError)
}

extension SessionEnd {
    init(_ failure: RequestFailure) {
        self =
            switch failure.code {
            case .unavailable: .runtimeLost
            case .forbidden: SessionEnd(code: "forbidden", message: failure.detail, closeCode: .scopeMissing)
            default: .internalError
            }
    }

    init(_ problem: Problem) { self = problem.status == 404 ? .noSession : .internalError }
}

extension WebSocketCloseCode {
    /// The token has expired.
    static let tokenExpired = WebSocketCloseCode(rawValue: 4401)
    /// The token lacks a scope.
    static let scopeMissing = WebSocketCloseCode(rawValue: 4403)
    /// The caller has no such session, or it was deleted.
    static let sessionNotFound = WebSocketCloseCode(rawValue: 4404)
}
