import APISupport
import RuntimeAPI

extension RuntimeHandler {
    func listSessions(
        _ input: Operations.ListSessions.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListSessions.Output {
        let (page, total) = try await repository.sessions(of: input.codeLabUser, limit: Int(input.limit), offset: Int(input.offset))
        return .ok(
            Schemas.SessionList(
                sessions: page.map { Schemas.Session($0) }, total: Int32(clamping: total), limit: input.limit, offset: input.offset
            )
        )
    }

    func createSession(
        _ input: Operations.CreateSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.CreateSession.Output {
        let now = clock.moment().date
        let session = Session(
            id: Identifier.make("sess_"), owner: input.codeLabUser, title: input.body.title,
            agent: input.body.agent.map { AgentType($0) } ?? .orchestrator, createdAt: now, lastActivity: now
        )
        let fact = Occurrence.Fact.sessionCreated(agent: session.agent, titleLength: session.title?.unicodeScalars.count ?? 0)
        try await repository.create(session, events: [event(fact, in: session.id, of: session.owner, context)])
        return .created(.init(location: "/sessions/\(session.id)", body: Schemas.Session(session)))
    }

    func getSession(
        _ input: Operations.GetSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetSession.Output {
        .ok(Schemas.Session(try await storedSession(input.sessionID, of: input.codeLabUser)))
    }

    func updateSession(
        _ input: Operations.UpdateSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.UpdateSession.Output {
        let id = try checkedID(input.sessionID)
        let title = input.body.title.storable
        let event = event(.sessionRenamed(titleLength: title.unicodeScalars.count), in: id, of: input.codeLabUser, context)
        guard let session = try await repository.rename(id, of: input.codeLabUser, to: title, events: [event]) else {
            throw RequestFailure(.unknownSession)
        }
        return .ok(Schemas.Session(session))
    }

    func deleteSession(
        _ input: Operations.DeleteSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.DeleteSession.Output {
        let caller = try self.caller(input.sessionID, of: input.codeLabUser, isForwarded: input.codeLabForwarded, principal)
        return try await home.perform(for: caller) { session in
            let event = event(.sessionDeleted, in: session.id, of: input.codeLabUser, context)
            let wasThere = try await repository.delete(
                session.id, of: input.codeLabUser, fencingToken: session.fencingToken, events: [event]
            )
            guard wasThere else { throw RequestFailure(.unknownSession) }
            await session.wasDeleted()
            try await home.registry.remove(session.id)
            return .noContent
        } elsewhere: { remote in
            try await remote.client.deleteSession(
                .init(sessionID: input.sessionID, codeLabUser: input.codeLabUser, codeLabForwarded: true)
            )
        }
    }

    func getHistory(
        _ input: Operations.GetHistory.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetHistory.Output {
        let session = try await storedSession(input.sessionID, of: input.codeLabUser)
        let messages = Self.latest(try await repository.messages(in: session.id, latest: Int(input.limit)))
        let switches = try await repository.switches(in: session.id, latest: Self.maximumSwitches)
        return .ok(
            Schemas.History(
                sessionID: session.id, messages: messages.map { Schemas.HistoryMessage($0) },
                messageCount: Int32(clamping: session.messageCount), lastActivity: session.lastActivity,
                currentAgent: Schemas.AgentType(session.agent), agentHistory: switches.map { Schemas.AgentSwitch($0) }
            )
        )
    }

    /// What a request brings about in a session.
    private func event(_ fact: Occurrence.Fact, in id: String, of owner: String, _ context: CallContext) -> DomainEvent {
        let request = context.requestID
        return DomainEvent(
            Occurrence(fact, at: clock.moment().date, because: request), of: .session(id: id, owner: owner), correlationID: request
        )
    }

    /// The latest messages whose text fits an answer.
    private static func latest(_ messages: [Message]) -> ArraySlice<Message> {
        var bytes = 0
        let start = messages.lastIndex { message in
            bytes += message.size
            return bytes > maximumHistoryBytes
        }
        return messages[(start.map { $0 + 1 } ?? 0)...]
    }

    /// Clients take answers of up to 32 MiB, and text grows when it is written as JSON.
    private static let maximumHistoryBytes = 8 << 20
}
