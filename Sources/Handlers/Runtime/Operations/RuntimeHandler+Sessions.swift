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
        try await repository.create(session)
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
        guard let session = try await repository.rename(id, of: input.codeLabUser, to: input.body.title.storable) else {
            throw RequestFailure(.unknownSession)
        }
        return .ok(Schemas.Session(session))
    }

    func deleteSession(
        _ input: Operations.DeleteSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.DeleteSession.Output {
        let caller = try self.caller(input.sessionID, of: input.codeLabUser, isForwarded: input.codeLabForwarded, principal)
        return try await home.perform(for: caller) { session in
            let wasThere = try await repository.delete(session.id, of: input.codeLabUser, fencingToken: session.fencingToken)
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
