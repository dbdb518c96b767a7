import APISupport
import HTTPTypes
import Logging
import MemoryInfrastructure
import RuntimeAPI
import RuntimeHandlers
import Synchronization
import Testing

/// A runtime in this process with a scripted model, reached through its generated client as the gateway reaches it.
struct RuntimeHarness: Sendable {
    let client: RuntimeAPI.Client
    let router: APIRouter
    let model: ScriptedModelClient
    let clock: ManualRuntimeClock
    let repository: any SessionRepository
    let outbox: any EventOutbox
    let auditLog: MemoryAuditLog

    /// The token that the runtime accepts.
    static let token = "service-token"

    /// Starts a runtime, runs the test, stops the runtime.
    static func run(
        _ answers: ScriptedModelClient.Answer..., repository: any SessionRepository = MemorySessionRepository(),
        configure: (inout RuntimeConfiguration) -> Void = { _ in }, body: (RuntimeHarness) async throws -> Void
    ) async throws {
        try await run(answers, repository: repository, configure: configure, body: body)
    }

    /// The same, with the answers in an array.
    static func run(
        _ answers: [ScriptedModelClient.Answer], repository: any SessionRepository = MemorySessionRepository(),
        configure: (inout RuntimeConfiguration) -> Void = { _ in }, body: (RuntimeHarness) async throws -> Void
    ) async throws {
        var configuration = RuntimeConfiguration(model: "scripted")
        // Its one process loses no lease, however far a test moves the time.
        configuration.sessionLease = .seconds(1_000_000_000)
        configure(&configuration)
        let model = ScriptedModelClient(answers)
        let clock = ManualRuntimeClock()
        let outbox = repository as? any EventOutbox ?? MemorySessionRepository()
        let auditLog = MemoryAuditLog()
        let service = RuntimeService(
            configuration: configuration, repository: repository, outbox: outbox, auditLog: auditLog,
            replica: RuntimeReplica(leases: MemoryLeaseKeeper(tokensAfter: processes.next()), address: "http://runtime", transport: nil),
            model: model, clock: clock, logger: Logger(label: "test"), checkToken: Self.principal
        )
        try await service.prepare()
        let router = service.makeRouter()
        let client = RuntimeAPI.Client(
            serverURL: "http://runtime", transport: InProcessTransport(router: router),
            credentials: BearerCredentialProvider(token: Self.token)
        )
        let harness = RuntimeHarness(
            client: client, router: router, model: model, clock: clock, repository: repository, outbox: outbox, auditLog: auditLog
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await service.run() }
            defer { group.cancelAll() }
            try await body(harness)
        }
    }

    /// Fencing tokens grow from process to process.
    private static let processes = ProcessCounter()

    private final class ProcessCounter: Sendable {
        private let count = Atomic<Int64>(0)

        func next() -> Int64 { count.add(1_000_000, ordering: .relaxed).newValue }
    }

    /// Who a token is for.
    @Sendable static func principal(_ token: String) async throws -> Principal {
        switch token {
        case Self.token: Principal(subject: "gateway", clientID: "codelab-internal", scopes: ["runtime"], token: token)
        case "no-scope": Principal(subject: "gateway", scopes: ["api:read"], token: token)
        default: throw RequestFailure(.unauthenticated)
        }
    }

    // MARK: What tests do

    /// A new session's id.
    func makeSession(_ agent: Schemas.AgentType = .coder, user: String = "u1") async throws -> String {
        try await client.createSession(.init(codeLabUser: user, body: .init(agent: agent))).created.body.id
    }

    /// Sends a message and gives whatever comes back.
    func put(_ message: Schemas.SessionMessage, into session: String, user: String = "u1") async throws -> Operations.PostMessage.Output {
        try await client.postMessage(.init(sessionID: session, codeLabUser: user, body: message))
    }

    /// Sends a message that must be accepted.
    @discardableResult
    func send(_ message: Schemas.SessionMessage, into session: String) async throws -> String? {
        try await put(message, into: session).accepted.turnID
    }

    func say(_ text: String, into session: String) async throws { try await send(.userMessage(.init(content: text)), into: session) }

    func reader(of session: String, after id: String? = nil) async throws -> EventReader {
        EventReader(try await client.streamEvents(.init(sessionID: session, lastEventID: id, codeLabUser: "u1")).ok)
    }

    func session(_ id: String) async throws -> Schemas.Session {
        try await client.getSession(.init(sessionID: id, codeLabUser: "u1")).ok
    }

    func history(_ id: String) async throws -> Schemas.History {
        try await client.getHistory(.init(sessionID: id, codeLabUser: "u1")).ok
    }

    func pendingApprovals(_ id: String) async throws -> [Schemas.PendingApproval] {
        try await client.listPendingApprovals(.init(sessionID: id, codeLabUser: "u1")).ok.pendingApprovals
    }

    /// A request as bytes, for what the generated client cannot say.
    func request(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, contentType: String? = "application/json",
        token: String? = Self.token, user: String? = "u1"
    ) async throws -> (status: Int, problem: Problem?) {
        var head = HTTPRequest(method: method, scheme: "http", authority: "runtime", path: path)
        if let token { head.headerFields[.authorization] = "Bearer \(token)" }
        if let user, let name = HTTPField.Name("CodeLab-User") { head.headerFields[name] = user }
        if body != nil, let contentType { head.headerFields[.contentType] = contentType }
        let response = await router.respond(to: ServerRequest(head: head, body: RequestBody(Array((body ?? "").utf8))))
        guard case .bytes(let bytes) = response.body else { return (response.head.status.code, nil) }
        return (response.head.status.code, try JSONReader.decode(Problem.self, from: bytes))
    }
}

/// Reads a session's events one after the other.
struct EventReader {
    private var iterator: EventStream<Schemas.SessionEvent>.Iterator
    /// The id of the event read last.
    private(set) var lastID: String?

    init(_ stream: EventStream<Schemas.SessionEvent>) { iterator = stream.makeAsyncIterator() }

    /// The next event; nil at the end of the stream.
    mutating func next() async throws -> Schemas.SessionEvent? {
        guard let event = try await iterator.next() else { return nil }
        lastID = event.id
        return event.data
    }

    /// Events up to and including the one that `isLast` picks.
    mutating func events(until isLast: (Schemas.SessionEvent) -> Bool) async throws -> [Schemas.SessionEvent] {
        var events: [Schemas.SessionEvent] = []
        while let event = try await next() {
            events.append(event)
            if isLast(event) { return events }
        }
        Issue.record("The stream ended after \(events)")
        return events
    }

    /// Events up to and including the turn's end.
    mutating func turn() async throws -> [Schemas.SessionEvent] { try await events(until: \.isTurnEnd) }

    /// Events up to and including `count` tool calls.
    mutating func toolCalls(_ count: Int = 1) async throws -> [Schemas.ToolCallEvent] {
        var calls: [Schemas.ToolCallEvent] = []
        _ = try await events { event in
            if case .toolCall(let call) = event { calls.append(call) }
            return calls.count == count
        }
        return calls
    }
}

extension Schemas.SessionEvent {
    var isTurnEnd: Bool {
        switch self {
        case .turnCompleted, .turnFailed, .turnCancelled: true
        default: false
        }
    }

    /// The event's type as the document names it.
    var type: String {
        switch self {
        case .turnStarted: "turn_started"
        case .textDelta: "text_delta"
        case .assistantMessage: "assistant_message"
        case .toolCall: "tool_call"
        case .toolResultRecorded: "tool_result_recorded"
        case .agentSwitched: "agent_switched"
        case .approvalRequired: "approval_required"
        case .approvalSettled: "approval_settled"
        case .turnCompleted: "turn_completed"
        case .turnFailed: "turn_failed"
        case .turnCancelled: "turn_cancelled"
        }
    }
}
