public import APISupport

/// A conversation of a user with the agents, as it is stored.
public struct Session: Sendable, Equatable {
    /// Whether a turn runs.
    public enum State: String, Sendable {
        /// No turn runs.
        case idle
        /// A turn runs, at the replica that has the session's lease.
        case running
        /// The replica ended in the middle of a turn. The next message goes on from what was stored.
        case interrupted
    }

    /// `sess_` and random characters, given by the runtime.
    public let id: String
    /// The user (`sub`) it belongs to; for everybody else it does not exist.
    public let owner: String
    /// Nil until the first message or the user gives one.
    public var title: String?
    /// The agent that answers the next message.
    public var agent: AgentType
    public var state: State
    public let createdAt: Timestamp
    public var lastActivity: Timestamp
    /// How many messages are stored.
    public var messageCount: Int
    /// How often the agent changed.
    public var switchCount: Int

    public init(
        id: String, owner: String, title: String? = nil, agent: AgentType, state: State = .idle, createdAt: Timestamp,
        lastActivity: Timestamp, messageCount: Int = 0, switchCount: Int = 0
    ) {
        self.id = id
        self.owner = owner
        self.title = title?.storable
        self.agent = agent
        self.state = state
        self.createdAt = createdAt
        self.lastActivity = lastActivity
        self.messageCount = messageCount
        self.switchCount = switchCount
    }
}
