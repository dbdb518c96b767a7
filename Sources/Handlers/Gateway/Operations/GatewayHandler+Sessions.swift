import APISupport
import GatewayAPI
import RuntimeAPI

extension GatewayHandler {
    func listSessions(
        _ input: GatewayAPI.Operations.ListSessions.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.ListSessions.Output {
        let call = RuntimeAPI.Operations.ListSessions.Input(limit: input.limit, offset: input.offset, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.listSessions(call) }) {
        case .ok(let list): return .ok(.init(body: .init(list)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    func createSession(
        _ input: GatewayAPI.Operations.CreateSession.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.CreateSession.Output {
        let call = RuntimeAPI.Operations.CreateSession.Input(codeLabUser: principal.subject, body: .init(title: input.body.title))
        switch try await runtime({ try await $0.createSession(call) }) {
        case .created(let created):
            let session = GatewayAPI.Schemas.Session(created.body)
            return .created(.init(location: "/api/v1/sessions/\(session.id)", body: session))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .contentTooLarge(let problem),
            .unsupportedMediaType(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    func getSession(
        _ input: GatewayAPI.Operations.GetSession.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.GetSession.Output {
        let call = RuntimeAPI.Operations.GetSession.Input(sessionID: input.sessionID, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.getSession(call) }) {
        case .ok(let session): return .ok(.init(body: .init(session)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    func updateSession(
        _ input: GatewayAPI.Operations.UpdateSession.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.UpdateSession.Output {
        let call = RuntimeAPI.Operations.UpdateSession.Input(
            sessionID: input.sessionID, codeLabUser: principal.subject, body: .init(title: input.body.title))
        switch try await runtime({ try await $0.updateSession(call) }) {
        case .ok(let session): return .ok(.init(body: .init(session)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .contentTooLarge(let problem), .unsupportedMediaType(let problem), .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    func deleteSession(
        _ input: GatewayAPI.Operations.DeleteSession.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.DeleteSession.Output {
        let call = RuntimeAPI.Operations.DeleteSession.Input(sessionID: input.sessionID, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.deleteSession(call) }) {
        case .noContent: return .noContent(.init())
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        case .serviceUnavailable(let answer): throw RuntimeCalls.failure(answer.body)
        }
    }

    func getSessionHistory(
        _ input: GatewayAPI.Operations.GetSessionHistory.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.GetSessionHistory.Output {
        let call = RuntimeAPI.Operations.GetHistory.Input(sessionID: input.sessionID, limit: input.limit, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.getHistory(call) }) {
        case .ok(let history): return .ok(.init(body: .init(history)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }

    func listPendingApprovals(
        _ input: GatewayAPI.Operations.ListPendingApprovals.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.ListPendingApprovals.Output {
        let call = RuntimeAPI.Operations.ListPendingApprovals.Input(sessionID: input.sessionID, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.listPendingApprovals(call) }) {
        case .ok(let approvals): return .ok(.init(body: .init(approvals)))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        case .serviceUnavailable(let answer): throw RuntimeCalls.failure(answer.body)
        }
    }
}
