public import APISupport

/// A change of a session's current agent.
public struct AgentSwitch: Sendable, Equatable {
    public let from: AgentType
    public let to: AgentType
    public let reason: String?
    public let date: Timestamp

    public init(from: AgentType, to: AgentType, reason: String?, date: Timestamp) {
        self.from = from
        self.to = to
        self.reason = reason?.storable
        self.date = date
    }
}
