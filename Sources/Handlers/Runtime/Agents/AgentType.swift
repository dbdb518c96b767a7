/// One of the agents.
public enum AgentType: String, Sendable, CaseIterable {
    case orchestrator
    case coder
    case architect
    case debug
    case ask

    /// The agent that somebody names: a model in `switch_mode`, or a client.
    ///
    /// - Parameter name: One of the raw values, or `code`, which is what some clients call the coder.
    public init?(named name: String) {
        if name == "code" {
            self = .coder
        } else {
            self.init(rawValue: name)
        }
    }
}
