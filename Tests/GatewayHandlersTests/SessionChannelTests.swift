import APISupport
import GatewayAPI
import GatewayHandlers
import RuntimeAPI
import Testing

@Suite("The session's WebSocket", .timeLimit(.minutes(1)))
struct SessionChannelTests {
    private let gateway = GatewayFixture()
    private var runtime: FakeRuntime { gateway.runtime }

    private static func message(_ text: String) -> RuntimeAPI.Schemas.SessionEvent {
        .assistantMessage(.init(turnID: "t", content: text, agent: .ask))
    }

    // MARK: Who may connect

    @Test("No token, and an expired one, are refused before the upgrade", arguments: [nil, "expired"])
    func noToken(token: String?) async throws {
        await #expect(throws: UpgradeRefused(status: 401)) { try await gateway.connect("ses_1", token: token) { _ in } }
        #expect(runtime.subscribed.all.isEmpty)
    }

    @Test("A query that is none is refused before the upgrade")
    func badQuery() async throws {
        await #expect(throws: UpgradeRefused(status: 400)) { try await gateway.connect("ses_1", query: "?deltas=perhaps") { _ in } }
    }

    @Test(
        "A session that does not exist, or is someone else's, is closed with 4404",
        arguments: ["none", "ses_bob", String(repeating: "x", count: 200)])
    func noSession(id: String) async throws {
        try await gateway.connect(id) { (socket) async throws in
            let frame = try await socket.next()
            #expect(frame.type == .error)
            #expect(frame.content == "There is no such session.")
            #expect(frame.metadata?["code"] == "session_not_found")
            #expect(try await socket.closed.next().code == 4404)
        }
        #expect(runtime.subscribed.all.isEmpty)
    }

    @Test("A token that may only read is closed with 4403")
    func noScope() async throws {
        try await gateway.connect("ses_1", token: "reader") { (socket) async throws in
            #expect(try await socket.next().metadata?["code"] == "forbidden")
            #expect(try await socket.closed.next().code == 4403)
        }
    }

    @Test("An id that starts with new_ begins a session and is told its id first")
    func newSession() async throws {
        try await gateway.connect("new_1234") { (socket) async throws in
            let info = try await socket.next()
            #expect(info.type == .sessionInfo)
            #expect(info.sessionID == "ses_new")
            socket.say(.userMessage(.init(content: "hi")))
            let posted = try await runtime.posted.next()
            #expect(posted.session == "ses_new")
            #expect(posted.user == "alice")
        }
    }

    // MARK: Frames of the client

    @Test("Each frame reaches the runtime as the message it is; `code` is the coder")
    func clientFrames() async throws {
        typealias Message = RuntimeAPI.Schemas.SessionMessage
        let cases: [(String, Message)] = [
            (
                #"{"type":"user_message","content":"hi","role":"user","agent_type":"code","extra":[1]}"#,
                .userMessage(.init(content: "hi", agentType: .coder))
            ),
            (#"{"type":"user_message","content":"hi","agent_type":null}"#, .userMessage(.init(content: "hi"))),
            (#"{"type":"tool_result","call_id":"c","result":{"a":[1,null]}}"#, .toolResult(.init(callID: "c", result: ["a": [1, nil]]))),
            (
                #"{"type":"tool_result","call_id":"c","error":"User rejected: no"}"#,
                .toolResult(.init(callID: "c", error: "User rejected: no"))
            ),
            (
                #"{"content":"go","type":"switch_agent","agent_type":"coder","reason":"r"}"#,
                .switchAgent(.init(agentType: .coder, content: "go", reason: "r"))
            ),
            (
                #"{"type":"hitl_decision","call_id":"c","decision":"edit","modified_arguments":{"path":"p"},"feedback":"f"}"#,
                .hitlDecision(.init(callID: "c", decision: .edit, modifiedArguments: ["path": "p"], feedback: "f"))
            ),
            (
                #"{"type":"plan_decision","approval_request_id":"a","decision":"modify","feedback":"f"}"#,
                .planDecision(.init(approvalRequestID: "a", decision: .modify, feedback: "f"))
            ),
            (#"{"type":"cancel","turn_id":"t"}"#, .cancel(.init(turnID: "t"))), (#"{"type":"cancel"}"#, .cancel(.init())),
        ]
        try await gateway.connect("ses_1") { (socket) async throws in
            for (text, _) in cases { socket.say(text) }
            for (text, expected) in cases {
                let posted = try await runtime.posted.next()
                #expect(posted.message == expected, "\(text)")
                #expect(posted.session == "ses_1")
            }
            #expect(socket.count == 0)
        }
    }

    @Test(
        "A frame that is wrong is answered by an error frame, and the connection stays",
        arguments: [
            ("", "malformed_body", nil), ("hello", "malformed_body", nil), ("[]", "invalid_request", ""),
            (#"{"content":"x"}"#, "invalid_request", "/type"),
            (#"{"type":"dance"}"#, "invalid_request", "/type"), (#"{"type":"user_message"}"#, "invalid_request", "/content"),
            (#"{"type":"user_message","content":""}"#, "invalid_request", "/content"),
            (#"{"type":"user_message","content":7}"#, "invalid_request", "/content"),
            (#"{"type":"user_message","content":"x","agent_type":"chef"}"#, "invalid_request", "/agent_type"),
            (#"{"type":"hitl_decision","call_id":"c","decision":"maybe"}"#, "invalid_request", "/decision"),
            (#"{"type":"tool_result","result":1}"#, "invalid_request", "/call_id"),
        ])
    func badFrames(text: String, code: String, pointer: String?) async throws {
        try await gateway.connect("ses_1") { (socket) async throws in
            socket.say(text)
            let frame = try await socket.next()
            #expect(frame.type == .error)
            #expect(frame.metadata?["code"] == .string(code))
            #expect(frame.error == frame.content)
            #expect(frame.metadata?["errors"]?.arrayValue?.first?.objectValue?["pointer"]?.stringValue == pointer)
            socket.say(.cancel(.init()))
            #expect(try await runtime.posted.next().message == .cancel(.init()))
        }
        #expect(runtime.posted.all.count == 1)
    }

    @Test("What the runtime refuses is an error frame with its reason", arguments: [400, 404, 409, 422])
    func refused(status: Int) async throws {
        try await gateway.connect("ses_1") { (socket) async throws in
            _ = try await runtime.subscribed.next()
            runtime.refuse(
                Problem(
                    type: "urn:codelab:problem:unknown-call", title: "Unknown call", status: status, detail: "No such call.",
                    errors: [Violation(pointer: "/call_id", rule: "known", message: "is not known")]))
            socket.say(.toolResult(.init(callID: "c")))
            let frame = try await socket.next()
            #expect(frame.content == "No such call.")
            #expect(frame.metadata?["code"] == "unknown_call")
            #expect(frame.metadata?["errors"]?.arrayValue?.count == 1)
            runtime.refuse(nil)
            socket.say(.cancel(.init()))
            _ = try await runtime.posted.next()
            _ = try await runtime.posted.next()
        }
    }

    @Test("A runtime that fails is an error frame without its internals", arguments: [(500, "internal_error"), (503, "unavailable")])
    func runtimeFails(status: Int, code: String) async throws {
        try await gateway.connect("ses_1") { (socket) async throws in
            _ = try await runtime.subscribed.next()
            runtime.refuse(Problem(type: "urn:x", title: "Secret", status: status, detail: "Secret"))
            socket.say(.cancel(.init()))
            let frame = try await socket.next()
            #expect(frame.metadata?["code"] == .string(code))
            #expect(frame.content?.contains("Secret") == false)
        }
    }

    @Test("Frames are read while the client is being told of a turn, so that it can cancel")
    func cancelDuringTurn() async throws {
        try await gateway.connect("ses_1", query: "?deltas=true") { (socket) async throws in
            socket.say(.userMessage(.init(content: "count")))
            _ = try await runtime.posted.next()
            runtime.emit(.turnStarted(.init(turnID: "t", agent: .ask)))
            runtime.emit(.textDelta(.init(turnID: "t", text: "one ")))
            _ = try await socket.next()
            #expect(try await socket.next().token == "one ")
            socket.say(.cancel(.init(turnID: "t")))
            #expect(try await runtime.posted.next().message == .cancel(.init(turnID: "t")))
            runtime.emit(.turnCancelled(.init(turnID: "t")))
            #expect(try await socket.next().metadata?["state"] == "turn_cancelled")
        }
    }

    // MARK: Events of the runtime

    @Test("A stream that breaks is taken up again behind the last event")
    func resumption() async throws {
        struct Broken: Error {}
        runtime.answerSubscriptions(
            { _ in
                .ok(
                    EventStream(
                        FiniteEvents(
                            events: [.init(id: "5", data: Self.message("a")), .init(id: "6", data: Self.message("b"))], failure: Broken())))
            },
            { _ in .ok(EventStream(FiniteEvents(events: [.init(id: "7", data: Self.message("c"))]))) })
        try await gateway.connect("ses_1") { (socket) async throws in
            runtime.emit(Self.message("d"))
            var texts: [String?] = []
            for _ in 0..<4 { texts.append(try await socket.next().content) }
            #expect(texts == ["a", "b", "c", "d"])
        }
        #expect(runtime.subscribed.all == [nil, "6", "7"])
    }

    @Test("When events are lost, the client is told, and hears what comes next")
    func gone() async throws {
        runtime.answerSubscriptions(
            { _ in
                .ok(
                    EventStream(
                        FiniteEvents(events: [
                            .init(id: "5", data: Self.message("a")), .init(id: "6", data: .turnCompleted(.init(turnID: "t"))),
                        ])))
            },
            { _ in .gone(Problem(type: "urn:codelab:problem:events-gone", title: "Gone", status: 410)) })
        try await gateway.connect("ses_1") { (socket) async throws in
            #expect(try await socket.next().content == "a")
            #expect(try await socket.next().metadata?["code"] == "events_lost")
            runtime.emit(Self.message("b"))
            #expect(try await socket.next().content == "b")
        }
        #expect(runtime.subscribed.all == [nil, "6", nil])
    }

    @Test(
        "A turn whose end is lost with its events is told to be over, as what it is",
        arguments: [(RuntimeAPI.Schemas.SessionState.interrupted, "interrupted", true), (.idle, "events_lost", false)])
    func lostTurn(state: RuntimeAPI.Schemas.SessionState, code: String, isRetryable: Bool) async throws {
        runtime.setState(state)
        runtime.answerSubscriptions(
            { _ in .ok(EventStream(FiniteEvents(events: [.init(id: "5", data: .turnStarted(.init(turnID: "t7", agent: .ask)))]))) },
            { _ in .gone(Problem(type: "urn:codelab:problem:events-gone", title: "Gone", status: 410)) })
        // Also those are told that know of no states of turns.
        try await gateway.connect("ses_1") { (socket) async throws in
            #expect(try await socket.next().metadata?["code"] == "events_lost")
            let failed = try await socket.next()
            #expect(failed.type == .error && failed.turnID == "t7")
            #expect(failed.metadata?["state"] == "turn_failed")
            #expect(failed.metadata?["code"] == .string(code))
            #expect(failed.metadata?["retryable"] == .boolean(isRetryable))
            runtime.emit(Self.message("b"))
            #expect(try await socket.next().content == "b")
        }
    }

    @Test("A turn that still runs goes on being told of")
    func runningTurn() async throws {
        runtime.setState(.running)
        runtime.answerSubscriptions(
            { _ in .ok(EventStream(FiniteEvents(events: [.init(id: "5", data: .turnStarted(.init(turnID: "t7", agent: .ask)))]))) },
            { _ in .gone(Problem(type: "urn:codelab:problem:events-gone", title: "Gone", status: 410)) })
        try await gateway.connect("ses_1") { (socket) async throws in
            #expect(try await socket.next().metadata?["code"] == "events_lost")
            runtime.emit(Self.message("b"))
            #expect(try await socket.next().content == "b")
        }
    }

    @Test(
        "A turn that began with a frame and of which nothing was heard is told to be over; when it runs, that its events were lost",
        arguments: [(RuntimeAPI.Schemas.SessionState.interrupted, "interrupted", "t"), (.running, "events_lost", "")])
    func unheardTurn(state: RuntimeAPI.Schemas.SessionState, code: String, turnID: String) async throws {
        runtime.setState(state)
        let (accepted, accept) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        runtime.answerSubscriptions({ _ in .ok(EventStream(EndingEvents(end: accepted))) })
        try await gateway.connect("ses_1") { (socket) async throws in
            _ = try await runtime.subscribed.next()
            socket.say(.userMessage(.init(content: "hi")))
            // The frame behind it is read when the first one's answer is there.
            socket.say(.cancel(.init()))
            for _ in 0..<2 { _ = try await runtime.posted.next() }
            accept.finish()
            let told = try await socket.next()
            #expect(told.turnID ?? "" == turnID)
            #expect(told.metadata?["code"] == .string(code))
            runtime.emit(Self.message("b"))
            #expect(try await socket.next().content == "b")
        }
    }

    @Test("A runtime that stays away ends the connection with 1013")
    func runtimeLost() async throws {
        let ended: FakeRuntime.Subscription = { _ in .ok(EventStream(FiniteEvents(events: []))) }
        let busy: FakeRuntime.Subscription = { _ in .serviceUnavailable(.init(body: Problem(type: "urn:x", title: "Busy", status: 503))) }
        runtime.answerSubscriptions(ended, busy, busy)
        try await gateway.connect("ses_1") { (socket) async throws in
            #expect(try await socket.next().metadata?["code"] == "unavailable")
            #expect(try await socket.closed.next().code == 1013)
        }
    }

    @Test("A session that is deleted ends its connections with 4404")
    func deleted() async throws {
        runtime.answerSubscriptions({ [runtime] _ in
            runtime.setOwner(nil, of: "ses_1")
            return .ok(EventStream(FiniteEvents(events: [])))
        })
        try await gateway.connect("ses_1") { (socket) async throws in
            #expect(try await socket.next().metadata?["code"] == "session_not_found")
            #expect(try await socket.closed.next().code == 4404)
        }
    }

    @Test("When the client goes, its subscription does")
    func disconnect() async throws {
        try await gateway.connect("ses_1") { (socket) async throws in
            runtime.emit(Self.message("a"))
            _ = try await socket.next()
        }
        try await runtime.left.next()
    }

    @Test("A slow client holds its events back: the next is taken when the frame before it is sent")
    func slowClient() async throws {
        let gate = Gate()
        for number in 1...100 { runtime.emit(Self.message("\(number)")) }
        let pulled = Recorder<Void>()
        runtime.answerSubscriptions({ [runtime] _ in .ok(EventStream(AwaitedEvents(events: runtime.events, taken: pulled))) })
        try await gateway.connect("ses_1", gate: gate) { (socket) async throws in
            try await gate.arrived.next()
            #expect(pulled.all.count == 1)
            gate.open()
            var texts: [String?] = []
            for _ in 1...100 { texts.append(try await socket.next().content) }
            #expect(texts == (1...100).map(String.init))
        }
    }
}
