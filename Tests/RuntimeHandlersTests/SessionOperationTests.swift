import APISupport
import HTTPTypes
import RuntimeAPI
import RuntimeHandlers
import Testing

@Suite("Sessions over the interface", .timeLimit(.minutes(1)))
struct SessionOperationTests {
    @Test("Health needs no token")
    func health() async throws {
        try await RuntimeHarness.run { runtime in
            let health = try await runtime.client.getHealth(.init()).ok
            #expect(health == Schemas.Health(service: "runtime", version: "1.0.0"))
            #expect(try await runtime.request(.get, "/health", token: nil, user: nil).status == 200)
        }
    }

    @Test("There are five agents with the tools that clients expect")
    func agents() async throws {
        try await RuntimeHarness.run { runtime in
            let agents = try await runtime.client.listAgents(.init()).ok.agents
            #expect(agents.map(\.type) == [.orchestrator, .coder, .architect, .debug, .ask])
            #expect(agents.map(\.hasFileRestrictions) == [false, false, true, false, false])
            for agent in agents { #expect(agent.allowedTools.starts(with: ["read_file", "list_files", "search_in_code"])) }
            #expect(agents[1].allowedTools.contains("execute_command"))
            #expect(agents[4].allowedTools == ["read_file", "list_files", "search_in_code", "attempt_completion", "switch_mode"])
        }
    }

    @Test("A session is made, listed, renamed and deleted")
    func lifecycle() async throws {
        try await RuntimeHarness.run { runtime in
            let created = try await runtime.client.createSession(.init(codeLabUser: "u1", body: .init(title: "First"))).created
            #expect(created.body.title == "First")
            #expect(created.body.currentAgent == .orchestrator)
            #expect(created.body.id.hasPrefix("sess_"))
            #expect(created.location == "/sessions/\(created.body.id)")
            runtime.clock.advance(by: .seconds(1))
            let second = try await runtime.makeSession()
            let list = try await runtime.client.listSessions(.init(limit: 1, offset: 0, codeLabUser: "u1")).ok
            #expect(list.sessions.map(\.id) == [second])
            #expect(list.total == 2)
            let renamed = try await runtime.client.updateSession(
                .init(sessionID: second, codeLabUser: "u1", body: .init(title: "Second"))
            ).ok
            #expect(renamed.title == "Second")
            #expect(try await runtime.session(second).title == "Second")
            try await runtime.client.deleteSession(.init(sessionID: second, codeLabUser: "u1")).noContent
            #expect(try await runtime.client.listSessions(.init(codeLabUser: "u1")).ok.total == 1)
        }
    }

    @Test("Someone else's session does not exist, whether it is in memory or not", arguments: [false, true])
    func ownership(isLive: Bool) async throws {
        try await RuntimeHarness.run(.text("Hi.")) { runtime in
            let id = try await runtime.makeSession()
            if isLive {
                var reader = try await runtime.reader(of: id)
                try await runtime.say("Hi.", into: id)
                _ = try await reader.turn()
            }
            let path = "/sessions/\(id)"
            let requests: [(String, String, String?)] = [
                ("GET", path, nil), ("PATCH", path, #"{"title":"x"}"#), ("DELETE", path, nil), ("GET", path + "/history", nil),
                ("GET", path + "/current-agent", nil), ("GET", path + "/pending-approvals", nil), ("GET", path + "/events", nil),
                ("POST", path + "/messages", #"{"type":"user_message","content":"x"}"#),
                ("POST", path + "/messages", #"{"type":"cancel"}"#),
            ]
            for (method, path, body) in requests {
                let answer = try await runtime.request(.init(method) ?? .get, path, body: body, user: "u2")
                #expect(answer.status == 404, "\(method) \(path)")
                #expect(answer.problem?.type == "urn:codelab:problem:unknown-session")
            }
            #expect(try await runtime.client.listSessions(.init(codeLabUser: "u2")).ok.total == 0)
            #expect(try await runtime.session(id).messageCount == (isLive ? 2 : 0))
        }
    }

    @Test("Requests without the right token are refused")
    func tokens() async throws {
        try await RuntimeHarness.run { runtime in
            for (token, status) in [(nil, 401), ("wrong", 401), ("no-scope", 403)] as [(String?, Int)] {
                let answer = try await runtime.request(.get, "/sessions", token: token)
                #expect(answer.status == status)
            }
        }
    }

    @Test("Malformed input gets its declared answer, and the service stays up")
    func malformed() async throws {
        try await RuntimeHarness.run { runtime in
            let id = try await runtime.makeSession()
            let messages = "/sessions/\(id)/messages"
            let bodies: [(String, String?)] = [
                ("", nil), ("{", nil), (#"{"type":"user_message"}"#, "/content"), (#"{"type":"user_message","content":""}"#, "/content"),
                (#"{"type":"user_message","content":7}"#, "/content"), (#"{"type":"shout","content":"x"}"#, "/type"),
                (#"{"content":"x"}"#, "/type"), ("[]", ""), (#"{"type":"user_message","content":"x","agent_type":"boss"}"#, "/agent_type"),
                (#"{"type":"hitl_decision","call_id":"c","decision":"maybe"}"#, "/decision"),
                (#"{"type":"tool_result","call_id":"\#(String(repeating: "x", count: 129))"}"#, "/call_id"),
                (String(repeating: #"{"type":"#, count: 2000), nil),
            ]
            for (body, pointer) in bodies {
                let answer = try await runtime.request(.post, messages, body: body)
                #expect(answer.status == 400, "\(body.prefix(60))")
                if let pointer { #expect(answer.problem?.errors?.map(\.pointer).contains(pointer) == true, "\(body.prefix(60))") }
            }
            #expect(try await runtime.request(.post, messages, body: "x", contentType: "text/plain").status == 415)
            #expect(try await runtime.request(.post, messages, body: String(repeating: " ", count: 5 << 20)).status == 413)
            #expect(try await runtime.request(.get, "/sessions", user: nil).problem?.errors?.first?.pointer == "header:CodeLab-User")
            #expect(try await runtime.request(.get, "/sessions?limit=0").status == 400)
            #expect(try await runtime.request(.get, "/sessions?limit=x&offset=-1").problem?.errors?.count == 2)
            #expect(try await runtime.request(.put, "/sessions").status == 405)
            #expect(try await runtime.request(.get, "/nothing").status == 404)
            for id in ["\(id)%00x", "..", "x%2Fy", "%20", String(repeating: "x", count: 128)] {
                #expect(try await runtime.request(.get, "/sessions/\(id)").status == 404, "\(id)")
            }
            #expect(try await runtime.session(id).messageCount == 0)
        }
    }
}
