public import APISupport

/// A statement that something happened, without whose session it was. It says nothing of what was said, written or passed to a tool.
public struct Occurrence: Sendable, Equatable {
    /// What can happen.
    public enum Fact: Sendable, Equatable {
        case agentSwitched(from: AgentType, to: AgentType, byUser: Bool)
        /// Title lengths are in Unicode scalars.
        case sessionCreated(agent: AgentType, titleLength: Int)
        case sessionRenamed(titleLength: Int)
        case sessionDeleted
        case messageAdded(MessageFacts)
        case toolExecutionRequested(callID: String, tool: String, agent: AgentType, requiresApproval: Bool)
        case toolExecutionCompleted(callID: String, tool: String, duration: Duration)
        case toolExecutionFailed(callID: String, tool: String, duration: Duration, ToolFailureReason)
        case approvalRequested(requestID: String, callID: String, tool: String, agent: AgentType)
        case approvalDecided(requestID: String, callID: String, tool: String, decision: String, by: Decider, waited: Duration)
        case modelAsked(ModelRequestFacts)
        case modelAnswered(ModelRequestFacts, duration: Duration, ModelEvent.FinishReason, toolCalls: Int, TokenUsage?)
        /// The reason is a turn's failure code, or `cancelled`.
        case modelFailed(ModelRequestFacts, duration: Duration, reason: String)
        case serviceStarted(version: String)
        case serviceStopped(version: String)
    }

    /// Why a tool gave no result.
    public enum ToolFailureReason: String, Sendable {
        case error
        case rejected
        case timedOut = "timed_out"
        case abandoned
        case refused
    }

    /// Who decided about a tool call.
    public enum Decider: String, Sendable {
        case user
        case timeout
        case turnEnd = "turn_end"
    }

    /// Of a message all but its text.
    public struct MessageFacts: Sendable, Equatable {
        public let role: Message.Role
        /// The agent or the tool that speaks.
        public let name: String?
        public let bytes: Int
        public let toolCalls: Int

        init(_ message: Message) {
            role = message.role
            name = message.name
            bytes = message.content?.utf8.count ?? 0
            toolCalls = message.toolCalls.count
        }
    }

    /// Which request to a model.
    public struct ModelRequestFacts: Sendable, Equatable {
        public let agent: AgentType
        public let model: String
        /// From 1 on.
        public let step: Int
    }

    /// Unique among all occurrences: by it a repetition is known.
    public let id: String
    public let fact: Fact
    public let date: Timestamp
    /// The occurrence or the request that led to it.
    public let cause: String?

    init(id: String = Identifier.make("evt_"), _ fact: Fact, at date: Timestamp, because cause: String? = nil) {
        self.id = id
        self.fact = fact
        self.date = date
        self.cause = cause
    }
}
