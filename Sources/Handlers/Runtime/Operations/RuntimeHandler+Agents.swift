import APISupport
import RuntimeAPI

extension RuntimeHandler {
    func listAgents(
        _ input: Operations.ListAgents.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListAgents.Output {
        .ok(Self.agents)
    }

    private static let agents = Schemas.AgentList(
        agents: AgentCatalogue.standard.agents.map { agent in
            Schemas.Agent(
                type: Schemas.AgentType(agent.type), name: agent.name, description: agent.description,
                allowedTools: agent.allowedTools.map(\.rawValue), hasFileRestrictions: agent.fileRestriction != nil
            )
        }
    )

    func getCurrentAgent(
        _ input: Operations.GetCurrentAgent.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetCurrentAgent.Output {
        let session = try await storedSession(input.sessionID, of: input.codeLabUser)
        let switches = try await repository.switches(in: session.id, latest: Self.maximumSwitches)
        return .ok(
            Schemas.AgentContext(
                id: "ctx_\(session.id.hasPrefix("sess_") ? session.id.dropFirst(5) : session.id[...])", sessionID: session.id,
                currentAgent: Schemas.AgentType(session.agent), switchCount: Int32(clamping: session.switchCount),
                switchHistory: switches.map { Schemas.AgentSwitch($0) }, lastSwitchAt: switches.last?.date, createdAt: session.createdAt
            )
        )
    }

    /// As many switches as the document lets an answer hold.
    static let maximumSwitches = 1000
}
