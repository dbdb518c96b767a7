import APISupport
import MemoryInfrastructure
import RuntimeAPI
import RuntimeHandlers
import TestServers
import Testing

/// How turns end other than with an answer, and what is refused.
@Suite("A turn's other endings", .timeLimit(.minutes(1)))
struct TurnEndingTests {
    private typealias Harness = RuntimeHarness
    private static let read = ("c1", "read_file", #"{"path":"a.txt"}"#)

    @Test("A second message during a turn is refused, and the turn goes on")
    func concurrentTurn() async throws {
        try await Harness.run(.calls(Self.read), .text("One."), .text("Two.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("First.", into: session)
            _ = try await reader.toolCalls()
            for message in [
                Schemas.SessionMessage.userMessage(.init(content: "Second.")), .switchAgent(.init(agentType: .ask)),
            ] {
                guard case .conflict(let problem) = try await runtime.put(message, into: session) else {
                    Issue.record("Not refused: \(message)")
                    return
                }
                #expect(problem.type == "urn:codelab:problem:turn-running")
            }
            try await runtime.send(.toolResult(.init(callID: "c1", result: "x")), into: session)
            _ = try await reader.turn()
            // Whoever hears of the end may go on at once.
            try await runtime.say("Second.", into: session)
            #expect(try await reader.turn().last?.type == "turn_completed")
        }
    }

    @Test("Messages that belong to nothing are refused")
    func unknown() async throws {
        try await Harness.run(.calls(Self.read), .text("Done.")) { runtime in
            let session = try await runtime.makeSession()
            let idle: [(Schemas.SessionMessage, String)] = [
                (.toolResult(.init(callID: "c1", result: "x")), "unknown-call"),
                (.hitlDecision(.init(callID: "c1", decision: .approve)), "unknown-call"),
                (.planDecision(.init(approvalRequestID: "p1", decision: .approve)), "unknown-approval"),
                (.cancel(.init()), "no-turn"),
            ]
            for (message, name) in idle {
                guard case .notFound(let problem) = try await runtime.put(message, into: session) else {
                    Issue.record("Not refused: \(message)")
                    return
                }
                #expect(problem.type == "urn:codelab:problem:\(name)")
            }
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.toolCalls()
            for message in [
                Schemas.SessionMessage.toolResult(.init(callID: "other", result: "x")), .cancel(.init(turnID: "other")),
            ] {
                guard case .notFound = try await runtime.put(message, into: session) else {
                    Issue.record("Not refused: \(message)")
                    return
                }
            }
            try await runtime.send(.toolResult(.init(callID: "c1", result: "x")), into: session)
            #expect(try await reader.turn().last?.type == "turn_completed")
            guard case .notFound = try await runtime.put(.toolResult(.init(callID: "c1", result: "x")), into: session) else {
                Issue.record("A second result was accepted")
                return
            }
        }
    }

    @Test("Cancelling stops the model call, keeps what it wrote, and the session goes on")
    func cancelModel() async throws {
        try await Harness.run(.silence([.textDelta("Half a")]), .text("Again.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.events { $0.type == "text_delta" }
            try await runtime.send(.cancel(.init()), into: session)
            #expect(try await reader.turn().map(\.type) == ["assistant_message", "turn_cancelled"])
            #expect(runtime.model.cancelledCalls == 1)
            #expect(try await runtime.session(session).state == .idle)
            try await runtime.say("Again.", into: session)
            _ = try await reader.turn()
            #expect(runtime.model.requests.last?.messages.map(\.content) == ["Go.", "Half a", "Again."])
        }
    }

    @Test("Cancelling while a tool runs answers the call, so that the model can be asked again")
    func cancelTool() async throws {
        try await Harness.run(.calls(Self.read), .text("Again.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.toolCalls()
            try await runtime.send(.cancel(.init()), into: session)
            #expect(try await reader.turn().map(\.type) == ["tool_result_recorded", "turn_cancelled"])
            try await runtime.say("Again.", into: session)
            _ = try await reader.turn()
            #expect(runtime.model.requests.last?.messages.map(\.toolCallID) == [nil, nil, "c1", nil])
        }
    }

    @Test(
        "A model's failure is the turn's failure, never text",
        arguments: [
            (ModelFailure.Code.unavailable, Schemas.TurnFailedCode.modelUnavailable, true), (.rateLimited, .modelRateLimited, true),
            (.rejected, .modelRejected, false), (.invalidOutput, .modelInvalidOutput, true),
        ]
    )
    func modelFailure(code: ModelFailure.Code, expected: Schemas.TurnFailedCode, isRetryable: Bool) async throws {
        try await Harness.run(.failure([.textDelta("Hm")], ModelFailure(code, message: "No.")), .text("Better.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            guard case .turnFailed(let failed) = try await reader.turn().last else {
                Issue.record("The turn did not fail")
                return
            }
            #expect(failed.code == expected)
            #expect(failed.message == "No.")
            #expect(failed.retryable == isRetryable)
            #expect(try await runtime.history(session).messages.map(\.role) == [.user])
            try await runtime.say("Again.", into: session)
            #expect(try await reader.turn().last?.type == "turn_completed")
        }
    }

    @Test("An answer that ends without its end is a failure")
    func brokenAnswer() async throws {
        try await Harness.run(.events([.textDelta("Hm")])) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            guard case .turnFailed(let failed) = try await reader.turn().last else {
                Issue.record("The turn did not fail")
                return
            }
            #expect(failed.code == .modelInvalidOutput)
        }
    }

    @Test("A tool that gives no result in time is given up, and the model goes on")
    func toolTimeout() async throws {
        try await Harness.run(.calls(Self.read), .text("It did not answer.")) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.toolCalls()
            runtime.clock.advance(by: .seconds(420))
            #expect(try await reader.turn().first?.type == "tool_result_recorded")
            #expect(runtime.model.requests.last?.messages.last?.content?.contains("no result in time") == true)
            guard case .notFound = try await runtime.put(.toolResult(.init(callID: "c1", result: "late")), into: session) else {
                Issue.record("A late result was accepted")
                return
            }
        }
    }

    @Test("A model that does not answer, and a turn that takes too long, fail")
    func timeouts() async throws {
        try await Harness.run(.silence([]), .calls(Self.read)) { configuration in
            configuration.toolResultTimeout = .seconds(100_000)
            configuration.modelTimeout = .seconds(77)
        } body: { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.events { $0.type == "turn_started" }
            // The time stands still: the call's deadline counts from now, whenever it is made.
            let deadline = runtime.clock.moment().uptime + .seconds(77)
            try await Deadline.wait("the model to be waited for") { runtime.clock.hasSleeper(until: deadline) }
            runtime.clock.advance(by: .seconds(77))
            guard case .turnFailed(let unanswered) = try await reader.turn().last else {
                Issue.record("The turn did not fail")
                return
            }
            #expect(unanswered.code == .modelUnavailable)
            try await runtime.say("Go.", into: session)
            _ = try await reader.toolCalls()
            runtime.clock.advance(by: .seconds(3600))
            guard case .turnFailed(let failed) = try await reader.turn().last else {
                Issue.record("The turn did not fail")
                return
            }
            #expect(failed.code == .turnTimeout)
            #expect(try await runtime.history(session).messages.last?.role == .tool)
        }
    }

    @Test("More turns than there is room for are refused, and room is given back")
    func capacity() async throws {
        try await Harness.run(.calls(Self.read), .text("Done."), .text("Now.")) {
            $0.maximumRunningTurns = 1
        } body: { runtime in
            let first = try await runtime.makeSession()
            let second = try await runtime.makeSession()
            var reader = try await runtime.reader(of: first)
            try await runtime.say("Go.", into: first)
            _ = try await reader.toolCalls()
            guard case .serviceUnavailable = try await runtime.put(.userMessage(.init(content: "Go.")), into: second) else {
                Issue.record("Not refused")
                return
            }
            #expect(try await runtime.session(second).messageCount == 0)
            try await runtime.send(.toolResult(.init(callID: "c1", result: "x")), into: first)
            _ = try await reader.turn()
            var other = try await runtime.reader(of: second)
            // The slot is given back right after the turn's end is announced.
            var isAccepted = false
            while !isAccepted {
                if case .accepted = try await runtime.put(.userMessage(.init(content: "Go.")), into: second) { isAccepted = true }
                await Task.yield()
            }
            #expect(try await other.turn().last?.type == "turn_completed")
        }
    }

    @Test("After a restart in the middle of a turn the session is marked and goes on")
    func restart() async throws {
        let repository = MemorySessionRepository()
        let session = FirstProcess()
        try await Harness.run(.calls(Self.read), repository: repository) { runtime in
            session.id = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session.id)
            try await runtime.say("Go.", into: session.id)
            _ = try await reader.toolCalls()
            session.reader = reader
        }
        guard case .turnFailed(let failed) = try await session.reader?.next() else {
            Issue.record("The reader was not told")
            return
        }
        #expect(failed.code == .interrupted)
        #expect(failed.retryable)
        #expect(try await session.reader?.next() == nil)
        try await Harness.run(.text("Where were we?"), repository: repository) { runtime in
            #expect(try await runtime.session(session.id).state == .interrupted)
            var reader = try await runtime.reader(of: session.id)
            try await runtime.say("Go on.", into: session.id)
            #expect(try await reader.turn().last?.type == "turn_completed")
            #expect(try await runtime.session(session.id).state == .idle)
            let shown = try #require(runtime.model.requests.first?.messages)
            #expect(shown.map(\.role) == [.user, .assistant, .tool, .user])
            #expect(shown.dropFirst(2).first?.content?.contains("interrupted") == true)
        }
    }

    /// What a client of the first process keeps.
    private final class FirstProcess {
        var id = ""
        var reader: EventReader?
    }

    @Test("Deleting a session stops its turn and ends its streams")
    func deletion() async throws {
        try await Harness.run(.silence([.textDelta("Half")])) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.events { $0.type == "text_delta" }
            try await runtime.client.deleteSession(.init(sessionID: session, codeLabUser: "u1")).noContent
            #expect(try await reader.next() == nil)
            guard case .notFound = try await runtime.client.getSession(.init(sessionID: session, codeLabUser: "u1")) else {
                Issue.record("The session is still there")
                return
            }
            while runtime.model.cancelledCalls == 0 { await Task.yield() }
        }
    }
}
