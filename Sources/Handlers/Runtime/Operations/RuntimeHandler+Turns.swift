import APISupport
import RuntimeAPI

extension RuntimeHandler {
    func postMessage(
        _ input: Operations.PostMessage.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.PostMessage.Output {
        let caller = try self.caller(input.sessionID, of: input.codeLabUser, isForwarded: input.codeLabForwarded, principal)
        do {
            return try await home.perform(for: caller) { session in
                .accepted(Schemas.Acceptance(accepted: true, turnID: try await put(input.body, into: session, context.requestID)))
            } elsewhere: { remote in
                var input = input
                input.codeLabForwarded = true
                return try await remote.client.postMessage(input)
            }
        } catch let refusal as LiveSession.Refusal {
            throw RequestFailure(refusal)
        } catch is SessionMissing {
            throw RequestFailure(.unknownSession)
        }
    }

    /// - Returns: The turn that the message starts or belongs to.
    private func put(_ message: Schemas.SessionMessage, into session: LiveSession, _ requestID: String) async throws -> String? {
        switch message {
        case .userMessage(let message):
            return try await session.start(
                message.content, agent: message.agentType.map { AgentType($0) }, reason: nil, requestID: requestID
            )
        case .switchAgent(let message):
            let target = AgentType(message.agentType)
            guard let content = message.content, !content.allSatisfy(\.isWhitespace) else {
                try await session.switchAgent(to: target, reason: message.reason, requestID: requestID)
                return nil
            }
            return try await session.start(content, agent: target, reason: message.reason, requestID: requestID)
        case .toolResult(let message):
            // Some clients send an empty error with every result.
            let outcome = message.error.flatMap { $0.isEmpty ? nil : ToolOutcome.error($0) } ?? .result(message.result)
            return try await session.toolReturned(outcome, callID: message.callID)
        case .hitlDecision(let message):
            let decision = ApprovalDecision(
                ApprovalDecision.Kind(message.decision), arguments: message.modifiedArguments, feedback: message.feedback
            )
            return try await session.decide(decision, callID: message.callID)
        case .planDecision:
            // No agent makes plans, so that no approval of one can be pending.
            throw RequestFailure(.unknownApproval, detail: "No plan waits for a decision under this approval_request_id.")
        case .cancel(let message):
            return try await session.cancel(turnID: message.turnID)
        }
    }

    func listPendingApprovals(
        _ input: Operations.ListPendingApprovals.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListPendingApprovals.Output {
        let caller = try self.caller(input.sessionID, of: input.codeLabUser, isForwarded: input.codeLabForwarded, principal)
        return try await home.perform(for: caller) { session in
            let approvals = try await session.pendingApprovals.compactMap { Schemas.PendingApproval($0) }
            return .ok(
                Schemas.PendingApprovals(sessionID: session.id, count: Int32(clamping: approvals.count), pendingApprovals: approvals)
            )
        } elsewhere: { remote in
            var input = input
            input.codeLabForwarded = true
            return try await remote.client.listPendingApprovals(input)
        }
    }

    func streamEvents(
        _ input: Operations.StreamEvents.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.StreamEvents.Output {
        let caller = try self.caller(input.sessionID, of: input.codeLabUser, isForwarded: input.codeLabForwarded, principal)
        return try await home.perform(for: caller) { session in
            do throws(EventLog.Refusal) {
                let events = try session.events.stream(after: input.lastEventID ?? input.lastEventID2, keeping: session)
                return .ok(EventStream(events.map { ServerSentEvent(id: $0.id, data: Schemas.SessionEvent($0.event)) }))
            } catch {
                throw RequestFailure(error)
            }
        } elsewhere: { remote in
            var input = input
            input.codeLabForwarded = true
            let output = try await remote.client.streamEvents(input)
            guard case .ok(let events) = output else { return output }
            return .ok(remote.follow(events))
        }
    }
}
