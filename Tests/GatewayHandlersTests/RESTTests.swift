import APISupport
import GatewayAPI
import GatewayHandlers
import HTTPTypes
import RuntimeAPI
import Testing

@Suite("REST")
struct RESTTests {
    private let gateway = GatewayFixture()

    @Test("Health is public")
    func health() async throws {
        let answer = try await gateway.send(.get, "/health", token: nil)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"status":"ok","service":"gateway"}"#)
    }

    @Test("Sessions are listed by page, with the names that clients read")
    func list() async throws {
        let answer = try await gateway.send(.get, "/sessions?limit=1&offset=1")
        #expect(answer.status == 200)
        let list = try answer.decode(JSONObject.self)
        #expect(list["total"] == 2)
        #expect(list["limit"] == 1)
        #expect(list["offset"] == 1)
        let session = try #require(list["sessions"]?.arrayValue?.first?.objectValue)
        #expect(
            session.names == ["id", "session_id", "title", "message_count", "created_at", "last_activity", "is_active", "current_agent"])
        #expect(session["id"] == "ses_2")
        #expect(session["session_id"] == "ses_2")
        #expect(session["current_agent"] == "coder")
        #expect(session["created_at"] == "2026-01-01T00:00:00Z")
    }

    @Test("A session is begun, renamed, shown and deleted")
    func lifecycle() async throws {
        let created = try await gateway.send(.post, "/sessions", #"{"title":"One"}"#)
        #expect(created.status == 201)
        #expect(created.head.headerFields[.location] == "/api/v1/sessions/ses_new")
        #expect(try created.decode(GatewayAPI.Schemas.Session.self).title == "One")
        let renamed = try await gateway.send(.patch, "/sessions/ses_new", #"{"title":"Two"}"#)
        #expect(try renamed.decode(GatewayAPI.Schemas.Session.self).title == "Two")
        #expect(try await gateway.send(.get, "/sessions/ses_new").decode(GatewayAPI.Schemas.Session.self).title == "Two")
        #expect(try await gateway.send(.delete, "/sessions/ses_new").status == 204)
        #expect(try await gateway.send(.get, "/sessions/ses_new").status == 404)
    }

    @Test("The caller's audit log has the runtime's entries")
    func auditLog() async throws {
        let log = try await gateway.send(.get, "/events/audit-log?session_id=ses_2&limit=7").decode(JSONObject.self)
        #expect(
            log == [
                "entries": [
                    [
                        "id": "evt", "type": "message.added", "session_id": "ses_2", "time": "2026-01-01T00:00:00Z",
                        "correlation_id": "alice", "causation_id": .null, "data": ["position": 0],
                    ]
                ], "limit": 7, "offset": 0,
            ])
        #expect(try await gateway.send(.get, "/events/audit-log?limit=101").status == 400)
        #expect(try await gateway.send(.get, "/events/audit-log", token: nil).status == 401)
    }

    @Test("Agents, the current one, the history and the approvals have the runtime's content")
    func reads() async throws {
        let agents = try await gateway.send(.get, "/agents").decode(GatewayAPI.Schemas.AgentList.self)
        #expect(agents.agents.map(\.type) == [.ask])
        let current = try await gateway.send(.get, "/agents/ses_1/current").decode(GatewayAPI.Schemas.CurrentAgent.self).context
        #expect(current.currentAgent == .coder)
        #expect(current.switchHistory.map(\.from) == [.orchestrator])
        let history = try await gateway.send(.get, "/sessions/ses_1/history").decode(JSONObject.self)
        let messages = (history["messages"]?.arrayValue ?? []).compactMap(\.objectValue)
        #expect(messages.map { $0["role"] } == ["user", "assistant", "tool"])
        #expect(messages[1]["content"] == .null)
        #expect(messages[1]["tool_calls"]?.arrayValue?.first?.objectValue?["type"] == "function")
        #expect(history["agent_history"]?.arrayValue?.first?.objectValue?["reason"] == "code")
        let approvals = try await gateway.send(.get, "/sessions/ses_1/pending-approvals").decode(
            GatewayAPI.Schemas.PendingApprovalList.self)
        #expect(approvals.pendingApprovals.map(\.toolName) == ["write_file"])
        #expect(approvals.pendingApprovals.map(\.arguments) == [["path": "a"]])
    }

    @Test(
        "Someone else's session is one that does not exist",
        arguments: [
            (HTTPRequest.Method.get, "/sessions/ses_bob", nil), (.patch, "/sessions/ses_bob", #"{"title":"x"}"#),
            (.delete, "/sessions/ses_bob", nil),
            (.get, "/sessions/ses_bob/history", nil), (.get, "/sessions/ses_bob/pending-approvals", nil),
            (.get, "/agents/ses_bob/current", nil),
            (.get, "/sessions/none", nil),
        ])
    func othersSession(method: HTTPRequest.Method, path: String, body: String?) async throws {
        let answer = try await gateway.send(method, path, body)
        #expect(answer.status == 404)
        let problem = try answer.problem
        #expect(problem.type == "urn:codelab:problem:unknown-session")
        #expect(problem.requestID == answer.head.headerFields[HTTPField.Name("X-Request-ID")!])
        #expect(gateway.runtime.owner(of: "ses_bob") == "bob")
    }

    @Test("No token, an expired one, one without the scope")
    func tokens() async throws {
        for path in ["/agents", "/sessions", "/sessions/ses_1"] {
            for token in [nil, "expired"] {
                let answer = try await gateway.send(.get, path, token: token)
                #expect(answer.status == 401)
                #expect(try answer.problem.status == 401)
            }
        }
        #expect(try await gateway.send(.get, "/sessions", token: "reader").status == 200)
        #expect(try await gateway.send(.post, "/sessions", token: "reader", "{}").status == 403)
        #expect(try await gateway.send(.delete, "/sessions/ses_1", token: "reader").status == 403)
    }

    @Test(
        "What breaks the document is told with its place",
        arguments: [
            (HTTPRequest.Method.get, "/sessions?limit=0", nil, "query:limit"), (.get, "/sessions?limit=x", nil, "query:limit"),
            (.get, "/sessions?offset=-1", nil, "query:offset"), (.get, "/sessions/a%20b", nil, "path:session_id"),
            (.patch, "/sessions/ses_1", "{}", "/title"), (.patch, "/sessions/ses_1", #"{"title":""}"#, "/title"),
            (.patch, "/sessions/ses_1", #"{"title":7}"#, "/title"), (.post, "/sessions", #"{"title":[]}"#, "/title"),
        ])
    func violations(method: HTTPRequest.Method, path: String, body: String?, pointer: String) async throws {
        let answer = try await gateway.send(method, path, body)
        #expect(answer.status == 400)
        #expect(try answer.problem.errors?.map(\.pointer) == [pointer])
    }

    @Test("Malformed JSON, no body, a wrong method, a wrong path, a WebSocket asked for plainly")
    func malformed() async throws {
        #expect(try await gateway.send(.post, "/sessions", #"{"title":"#).status == 400)
        #expect(try await gateway.send(.patch, "/sessions/ses_1").status == 400)
        #expect(try await gateway.send(.put, "/sessions/ses_1", "{}").status == 405)
        #expect(try await gateway.send(.get, "/nothing").status == 404)
        #expect(try await gateway.send(.get, "/ws/ses_1").status == 426)
    }

    @Test("A runtime that fails is not the caller's fault", arguments: [(503, 503), (500, 500), (401, 500), (403, 500)])
    func runtimeFails(status: Int, expected: Int) async throws {
        gateway.runtime.refuse(Problem(type: "urn:codelab:problem:internal", title: "Secret", status: status, detail: "Secret detail"))
        for path in ["/sessions", "/agents", "/sessions/ses_1"] {
            let answer = try await gateway.send(.get, path)
            // The runtime declares no 503 for these: it answers 500 there.
            #expect(answer.status == (status == 503 ? 500 : expected))
            #expect(!answer.text.contains("Secret"))
        }
    }

    @Test("A runtime that cannot be reached, answers nonsense or does not answer is unavailable")
    func unreachable() async throws {
        struct Refused: Error {}
        let transports: [any ClientTransport] = [
            ClosureTransport { _ in throw Refused() },
            ClosureTransport { _ in ClientResponse(head: HTTPResponse(status: .ok), body: ByteStream(Array("<html>".utf8))) },
            ClosureTransport { _ in
                let never = Recorder<Void>()
                try await never.next()
                throw Refused()
            },
        ]
        for transport in transports {
            let gateway = GatewayFixture(configuration: GatewayConfiguration(runtimeTimeout: .milliseconds(30)), transport: transport)
            let answer = try await gateway.send(.get, "/sessions")
            #expect(answer.status == 503)
            #expect(try answer.problem.type == "urn:codelab:problem:unavailable")
        }
    }

    @Test("Without a token one is anonymous, where that is switched on, and only then; a bad token stays a bad token")
    func anonymous() async throws {
        let open = GatewayFixture(configuration: GatewayConfiguration(allowsAnonymous: true))
        open.runtime.setOwner("anonymous", of: "ses_anon")
        #expect(
            try await open.send(.get, "/sessions", token: nil).decode(GatewayAPI.Schemas.SessionList.self).sessions.map(\.id) == [
                "ses_anon"
            ])
        #expect(try await open.send(.get, "/sessions/ses_1", token: nil).status == 404)
        #expect(try await open.send(.get, "/sessions", token: "expired").status == 401)
        #expect(try await open.send(.get, "/sessions/ses_1", token: "alice").status == 200)
        try await open.connect("ses_anon", token: nil) { (socket) async throws in
            open.runtime.emit(.assistantMessage(.init(turnID: "t", content: "hello", agent: .ask)))
            #expect(try await socket.next().content == "hello")
        }
    }
}

struct ClosureTransport: ClientTransport {
    let reply: @Sendable (ClientRequest) async throws -> ClientResponse

    init(_ reply: @escaping @Sendable (ClientRequest) async throws -> ClientResponse) { self.reply = reply }

    func send(_ request: ClientRequest) async throws -> ClientResponse { try await reply(request) }
}
