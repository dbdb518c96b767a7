/// An agent: what it is for, what it may do, and what the model is told about it.
struct AgentDefinition: Sendable {
    let type: AgentType
    /// For people.
    let name: String
    /// What it is for; shown to people, and to the agents that may hand over to it.
    let description: String
    /// The tools that are offered to the model, in this order. A call of any other is refused.
    let allowedTools: [ToolName]
    /// Which files it may write; nil: all.
    let fileRestriction: FileRestriction?
    /// The system message of its model calls, up to what ``AgentCatalogue`` adds for all agents.
    let role: String

    init(
        type: AgentType, name: String, description: String, allowedTools: [ToolName], fileRestriction: FileRestriction? = nil, role: String
    ) {
        self.type = type
        self.name = name
        self.description = description
        self.allowedTools = allowedTools
        self.fileRestriction = fileRestriction
        self.role = role
    }

    func allows(_ tool: ToolName) -> Bool { allowedTools.contains(tool) }
}
