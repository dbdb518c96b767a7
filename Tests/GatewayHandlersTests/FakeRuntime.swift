import APISupport
import HTTPTypes
import RuntimeAPI
import Synchronization

/// A runtime in this process: two sessions of `alice`, one of `bob`. The test makes the events, and sees what was posted.
final class FakeRuntime: RuntimeAPI.APIHandler {
    typealias Event = ServerSentEvent<Schemas.SessionEvent>
    typealias Subscription = @Sendable (Operations.StreamEvents.Input) throws -> Operations.StreamEvents.Output

    static let date = Timestamp(secondsSinceEpoch: 1_767_225_600)

    private struct State {
        var owners = ["ses_1": "alice", "ses_2": "alice", "ses_bob": "bob"]
        var titles: [String: String] = [:]
        /// The answers to the next subscriptions, in order; afterwards streams of ``events``.
        var subscriptions: [Subscription] = []
        var refusal: Problem?
        var sessionState = Schemas.SessionState.idle
    }

    private let state = Mutex(State())
    /// What was posted, with its user, in order.
    let posted = Recorder<(user: String, session: String, message: Schemas.SessionMessage)>()
    /// The last event id of each subscription; nil: from now on.
    let subscribed = Recorder<String?>()
    /// Streams that were left by their reader.
    let left = Recorder<Void>()
    /// The events of the subscriptions that have no answer of their own.
    let events = Recorder<Event>()

    // MARK: What a test does

    func owner(of session: String) -> String? { state.withLock { $0.owners[session] } }

    func setOwner(_ user: String?, of session: String) { state.withLock { $0.owners[session] = user } }

    /// The problem that calls are answered with, but for subscriptions.
    func refuse(_ problem: Problem?) { state.withLock { $0.refusal = problem } }

    /// What all sessions are stored as.
    func setState(_ new: Schemas.SessionState) { state.withLock { $0.sessionState = new } }

    func answerSubscriptions(_ answers: Subscription...) { state.withLock { $0.subscriptions = answers } }

    func emit(_ event: Schemas.SessionEvent, id: String? = nil) { events.record(Event(id: id, data: event)) }

    // MARK: Operations

    private func refusal() -> Problem? { state.withLock { $0.refusal } }

    /// nil when the user has no such session.
    private func session(_ id: String, _ user: String) -> Schemas.Session? {
        state.withLock { state in
            guard state.owners[id] == user else { return nil }
            return Schemas.Session(
                id: id, title: state.titles[id], messageCount: 2, createdAt: Self.date, lastActivity: Self.date, isActive: true,
                currentAgent: .coder, state: state.sessionState)
        }
    }

    private static let unknown = Problem(
        type: "urn:codelab:problem:unknown-session", title: "Unknown session", status: 404, requestID: "runtime-1")

    func getHealth(_ input: Operations.GetHealth.Input, context: CallContext) async throws -> Operations.GetHealth.Output {
        .ok(.init(service: "runtime", version: "1"))
    }

    func listAgents(
        _ input: Operations.ListAgents.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListAgents.Output {
        if let problem = refusal() { throw ProblemError(problem) }
        return .ok(
            .init(agents: [.init(type: .ask, name: "Ask", description: "Answers.", allowedTools: ["read_file"], hasFileRestrictions: false)]
            ))
    }

    func listSessions(
        _ input: Operations.ListSessions.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListSessions.Output {
        if let problem = refusal() { throw ProblemError(problem) }
        let ids = state.withLock { $0.owners.filter { $0.value == input.codeLabUser }.keys.sorted() }
        let page = ids.dropFirst(Int(input.offset)).prefix(Int(input.limit)).compactMap { session($0, input.codeLabUser) }
        return .ok(.init(sessions: page, total: Int32(ids.count), limit: input.limit, offset: input.offset))
    }

    func createSession(
        _ input: Operations.CreateSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.CreateSession.Output {
        if let problem = refusal() { throw ProblemError(problem) }
        state.withLock {
            $0.owners["ses_new"] = input.codeLabUser
            $0.titles["ses_new"] = input.body.title
        }
        guard let session = session("ses_new", input.codeLabUser) else { throw ProblemError(Self.unknown) }
        return .created(.init(location: "/sessions/ses_new", body: session))
    }

    func getSession(
        _ input: Operations.GetSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetSession.Output {
        if let problem = refusal() { throw ProblemError(problem) }
        return session(input.sessionID, input.codeLabUser).map { .ok($0) } ?? .notFound(Self.unknown)
    }

    func updateSession(
        _ input: Operations.UpdateSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.UpdateSession.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        state.withLock { $0.titles[input.sessionID] = input.body.title }
        return session(input.sessionID, input.codeLabUser).map { .ok($0) } ?? .notFound(Self.unknown)
    }

    func deleteSession(
        _ input: Operations.DeleteSession.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.DeleteSession.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        state.withLock { $0.owners[input.sessionID] = nil }
        return .noContent
    }

    func getCurrentAgent(
        _ input: Operations.GetCurrentAgent.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetCurrentAgent.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        return .ok(
            .init(
                id: "ctx_1", sessionID: input.sessionID, currentAgent: .coder, switchCount: 1,
                switchHistory: [.init(from: .orchestrator, to: .coder, reason: nil, timestamp: Self.date)], lastSwitchAt: Self.date,
                createdAt: Self.date))
    }

    func getHistory(
        _ input: Operations.GetHistory.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetHistory.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        let call = Schemas.ToolCall(id: "c", function: .init(name: "read_file", arguments: #"{"path":"a"}"#))
        return .ok(
            .init(
                sessionID: input.sessionID,
                messages: [
                    .init(role: .user, content: "hi"), .init(role: .assistant, content: nil, toolCalls: [call]),
                    .init(role: .tool, content: "text", name: "read_file", toolCallID: "c"),
                ], messageCount: 3, lastActivity: Self.date, currentAgent: .coder,
                agentHistory: [.init(from: .orchestrator, to: .coder, reason: "code", timestamp: Self.date)]))
    }

    func listPendingApprovals(
        _ input: Operations.ListPendingApprovals.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListPendingApprovals.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        let approval = Schemas.PendingApproval(
            requestID: "apr", requestType: .tool, subject: "write_file", details: ["a": 1], reason: nil, createdAt: Self.date, callID: "c",
            toolName: "write_file", arguments: ["path": "a"])
        return .ok(.init(sessionID: input.sessionID, count: 1, pendingApprovals: [approval]))
    }

    func listAuditLog(
        _ input: Operations.ListAuditLog.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListAuditLog.Output {
        let entry = Schemas.AuditEntry(
            id: "evt", type: "message.added", sessionID: input.sessionID ?? "ses_1", time: Self.date, correlationID: input.codeLabUser,
            causationID: nil, data: ["position": 0])
        return .ok(.init(entries: [entry], limit: input.limit, offset: input.offset))
    }

    func postMessage(
        _ input: Operations.PostMessage.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.PostMessage.Output {
        posted.record((input.codeLabUser, input.sessionID, input.body))
        if let problem = refusal() { throw ProblemError(problem) }
        return .accepted(.init(accepted: true, turnID: "t"))
    }

    func streamEvents(
        _ input: Operations.StreamEvents.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.StreamEvents.Output {
        guard session(input.sessionID, input.codeLabUser) != nil else { return .notFound(Self.unknown) }
        subscribed.record(input.lastEventID)
        let answer = state.withLock { $0.subscriptions.isEmpty ? nil : $0.subscriptions.removeFirst() }
        if let answer { return try answer(input) }
        return .ok(EventStream(AwaitedEvents(events: events, left: left)))
    }
}

/// The recorded events, as they come, until the reader goes.
struct AwaitedEvents: AsyncSequence, Sendable {
    let events: Recorder<FakeRuntime.Event>
    /// Told of each event that the reader has taken.
    var taken: Recorder<Void>?
    /// Told when the reader has gone.
    var left: Recorder<Void>?

    func makeAsyncIterator() -> Iterator { Iterator(source: self) }

    struct Iterator: AsyncIteratorProtocol {
        let source: AwaitedEvents

        mutating func next() async throws -> FakeRuntime.Event? {
            do {
                let event = try await source.events.next()
                source.taken?.record(())
                return event
            } catch {
                source.left?.record(())
                throw error
            }
        }
    }
}

/// No events, and an end when it is told.
struct EndingEvents: AsyncSequence, Sendable {
    let end: AsyncStream<Void>

    func makeAsyncIterator() -> Iterator { Iterator(end: end.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var end: AsyncStream<Void>.Iterator

        mutating func next() async throws -> FakeRuntime.Event? {
            _ = await end.next(isolation: nil)
            return nil
        }
    }
}

/// Events that are all there, then the end of the stream.
struct FiniteEvents: AsyncSequence, Sendable {
    let events: [FakeRuntime.Event]
    /// Thrown at the end, instead of ending in good order.
    var failure: (any Error)?

    func makeAsyncIterator() -> Iterator { Iterator(rest: events[...], failure: failure) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<FakeRuntime.Event>
        let failure: (any Error)?

        mutating func next() async throws -> FakeRuntime.Event? {
            if let event = rest.popFirst() { return event }
            if let failure { throw failure }
            return nil
        }
    }
}

/// Takes the gateway's service token only.
struct ServiceTokenSecurity: RuntimeAPI.SecurityHandler {
    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard token == "service-token" else { throw RequestFailure(.unauthenticated) }
        return Principal(subject: "gateway", scopes: ["runtime"])
    }
}
