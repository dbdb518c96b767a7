public import APISupport
internal import EventsAPI

extension DomainEvent {
    /// The event as `specs/events` describes it, ready to be kept in an outbox and published later.
    ///
    /// - Parameter position: Of a message's event, the message's place in its session's history.
    /// - Throws: `RequestFailure` when the document's address has no place for it; it has.
    public func cloudEvent(messageAt position: Int = 0) throws(RequestFailure) -> Event {
        try EventPublisher.event(domainEvent: message(position))
    }

    private func message(_ position: Int) -> Events.DomainEventMessage {
        let attributes = Attributes(self)
        switch occurrence.fact {
        case .agentSwitched(let from, let to, let byUser):
            let data = Schemas.AgentSwitch(from: .init(from), to: .init(to), by: byUser ? .user : .model)
            return .agentSwitched(attributes.make(Schemas.AgentSwitched.init, data))
        case .sessionCreated(let agent, let titleLength):
            let data = Schemas.SessionCreation(agent: .init(agent), titleLength: Int32(clamping: titleLength))
            return .sessionCreated(attributes.make(Schemas.SessionCreated.init, data))
        case .sessionRenamed(let titleLength):
            let data = Schemas.SessionRenaming(titleLength: Int32(clamping: titleLength))
            return .sessionRenamed(attributes.make(Schemas.SessionRenamed.init, data))
        case .sessionDeleted:
            return .sessionDeleted(attributes.make(Schemas.SessionDeleted.init, Schemas.SessionDeletion(by: .user)))
        case .messageAdded(let facts):
            return .messageAdded(attributes.make(Schemas.MessageAdded.init, Schemas.AddedMessage(facts, at: position)))
        case .toolExecutionRequested(let callID, let tool, let agent, let requiresApproval):
            let data = Schemas.ToolRequest(
                callID: callID, tool: Self.known(tool), agent: .init(agent), requiresApproval: requiresApproval)
            return .toolExecutionRequested(attributes.make(Schemas.ToolExecutionRequested.init, data))
        case .toolExecutionCompleted(let callID, let tool, let duration):
            let data = Schemas.ToolCompletion(callID: callID, tool: Self.known(tool), durationMs: duration.wholeMilliseconds)
            return .toolExecutionCompleted(attributes.make(Schemas.ToolExecutionCompleted.init, data))
        case .toolExecutionFailed(let callID, let tool, let duration, let reason):
            let data = Schemas.ToolFailure(
                callID: callID, tool: Self.known(tool), durationMs: duration.wholeMilliseconds, reason: .init(rawValue: reason.rawValue))
            return .toolExecutionFailed(attributes.make(Schemas.ToolExecutionFailed.init, data))
        case .approvalRequested(let requestID, let callID, let tool, let agent):
            let data = Schemas.ApprovalRequest(requestID: requestID, callID: callID, tool: Self.known(tool), agent: .init(agent))
            return .approvalRequested(attributes.make(Schemas.ApprovalRequested.init, data))
        case .approvalDecided(let requestID, let callID, let tool, let decision, let decider, let waited):
            let data = Schemas.ApprovalDecision(
                requestID: requestID, callID: callID, tool: Self.known(tool), decision: .init(rawValue: decision),
                by: .init(rawValue: decider.rawValue), waitedMs: waited.wholeMilliseconds)
            return .approvalDecided(attributes.make(Schemas.ApprovalDecided.init, data))
        case .modelAsked(let request):
            let data = Schemas.LLMRequest(agent: .init(request.agent), model: request.modelName, step: Int32(clamping: request.step))
            return .llmRequestStarted(attributes.make(Schemas.LLMRequestStarted.init, data))
        case .modelAnswered(let request, let duration, let reason, let toolCalls, let usage):
            let data = Schemas.LLMCompletion(
                agent: .init(request.agent), model: request.modelName, step: Int32(clamping: request.step),
                durationMs: duration.wholeMilliseconds, finishReason: .init(reason), toolCalls: Int32(clamping: toolCalls),
                promptTokens: usage.map { max(0, $0.promptTokens) }, completionTokens: usage.map { max(0, $0.completionTokens) })
            return .llmRequestCompleted(attributes.make(Schemas.LLMRequestCompleted.init, data))
        case .modelFailed(let request, let duration, let reason):
            let data = Schemas.LLMFailure(
                agent: .init(request.agent), model: request.modelName, step: Int32(clamping: request.step),
                durationMs: duration.wholeMilliseconds, reason: .init(rawValue: reason))
            return .llmRequestFailed(attributes.make(Schemas.LLMRequestFailed.init, data))
        case .serviceStarted(let version):
            let data = Schemas.ServiceState(service: Self.service, version: version)
            return .systemServiceStarted(attributes.make(Schemas.SystemServiceStarted.init, data))
        case .serviceStopped(let version):
            let data = Schemas.ServiceState(service: Self.service, version: version)
            return .systemServiceStopped(attributes.make(Schemas.SystemServiceStopped.init, data))
        }
    }

    private static let service = "runtime"

    /// A model may call a tool by any text; events carry no text of a model's.
    fileprivate static func known(_ tool: String) -> String { ToolName(rawValue: tool) == nil ? "unknown" : tool }

    /// The attributes that all events have.
    private struct Attributes {
        let event: DomainEvent

        init(_ event: DomainEvent) { self.event = event }

        /// The initializer that the generator gives to every event.
        typealias Initializer<Made, Data> = (
            _ id: String, _ source: String, _ subject: String, _ time: Timestamp, _ authtype: Schemas.PrincipalType, _ authid: String?,
            _ correlationid: String, _ causationid: String?, _ data: Data
        ) -> Made

        func make<Made, Data>(_ initialize: Initializer<Made, Data>, _ data: Data) -> Made {
            let (subject, principal, owner): (String, Schemas.PrincipalType, String?) =
                switch event.subject {
                case .session(let id, let owner): (id, .appUser, owner)
                case .service(let instance): (instance, .system, nil)
                }
            return initialize(
                event.occurrence.id, "urn:codelab:\(DomainEvent.service)", subject, event.occurrence.date, principal, owner,
                event.correlationID, event.occurrence.cause, data)
        }
    }
}

extension Schemas.AddedMessage {
    fileprivate init(_ facts: Occurrence.MessageFacts, at position: Int) {
        let agent = facts.role == .assistant ? facts.name.flatMap(AgentType.init(rawValue:)) : nil
        self.init(
            position: Int64(position), role: .init(rawValue: facts.role.rawValue), agent: agent.map { .init($0) },
            tool: facts.role == .tool ? facts.name.map(DomainEvent.known) : nil, bytes: Int64(facts.bytes),
            toolCalls: Int32(clamping: facts.toolCalls))
    }
}

extension Schemas.AgentType {
    fileprivate init(_ agent: AgentType) { self.init(rawValue: agent.rawValue) }
}

extension Schemas.FinishReason {
    fileprivate init(_ reason: ModelEvent.FinishReason) {
        self =
            switch reason {
            case .stop: .stop
            case .toolCalls: .toolCalls
            case .length: .length
            case .contentFilter: .contentFilter
            }
    }
}

extension Occurrence.ModelRequestFacts {
    /// The name comes from a setting of any length.
    fileprivate var modelName: String { String(String.UnicodeScalarView(model.unicodeScalars.prefix(256))) }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(0, seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000)
    }
}
