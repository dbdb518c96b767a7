import APISupport
import GatewayAPI
import RuntimeAPI

extension GatewayHandler {
    func listAgents(
        _ input: GatewayAPI.Operations.ListAgents.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.ListAgents.Output {
        switch try await runtime({ try await $0.listAgents(.init()) }) {
        case .ok(let list): return .ok(.init(body: .init(agents: list.agents.map { GatewayAPI.Schemas.Agent($0) })))
        case .unauthorized(let problem), .forbidden(let problem), .internalServerError(let problem): throw RuntimeCalls.failure(problem)
        }
    }

    func getCurrentAgent(
        _ input: GatewayAPI.Operations.GetCurrentAgent.Input, principal: Principal, context: CallContext
    ) async throws -> GatewayAPI.Operations.GetCurrentAgent.Output {
        let call = RuntimeAPI.Operations.GetCurrentAgent.Input(sessionID: input.sessionID, codeLabUser: principal.subject)
        switch try await runtime({ try await $0.getCurrentAgent(call) }) {
        case .ok(let agent): return .ok(.init(body: .init(context: .init(agent))))
        case .badRequest(let problem), .unauthorized(let problem), .forbidden(let problem), .notFound(let problem),
            .internalServerError(let problem):
            throw RuntimeCalls.failure(problem)
        }
    }
}
