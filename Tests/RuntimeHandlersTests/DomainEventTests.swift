import APISupport
import HTTPTypes
import MemoryInfrastructure
import RuntimeAPI
import Testing

@testable import RuntimeHandlers

/// What whole sessions tell outside.
@Suite("Domain events", .timeLimit(.minutes(1)))
struct DomainEventTests {
    private typealias Harness = RuntimeHarness
    private static let write = ("c1", "write_file", #"{"path":"a.txt","content":"x"}"#)

    /// An event as far as the tests look at it.
    private struct Told: CustomStringConvertible {
        let id: String
        let type: String
        let correlation: String
        let cause: String?
        let data: JSONObject

        init(_ entry: OutboxEntry) throws {
            let event = try JSONReader.decode(JSONObject.self, from: entry.event.payload)
            id = try #require(event["id"]?.stringValue)
            type = try #require(event["type"]?.stringValue)
            correlation = try #require(event["correlationid"]?.stringValue)
            cause = event["causationid"]?.stringValue
            data = try #require(event["data"]?.objectValue)
        }

        var description: String { "\(type) \(data)" }
    }

    /// Everything that waits to be published, but for what the service itself tells.
    private func told(_ runtime: Harness) async throws -> [Told] {
        try await runtime.outbox.begin(relay: 1)
        return try await runtime.outbox.oldest(1000, for: 1).map { try Told($0) }.filter { !$0.type.hasPrefix("system.") }
    }

    @Test("A turn with an approval tells each step, with what led to it")
    func turn() async throws {
        let usage = TokenUsage(promptTokens: 5, completionTokens: 2)
        try await Harness.run(.calls(Self.write), .events([.textDelta("Done."), .finished(.stop, usage: usage)])) { runtime in
            let session = try await runtime.makeSession()
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Write it.", into: session)
            _ = try await reader.toolCalls()
            try await runtime.send(.hitlDecision(.init(callID: "c1", decision: .approve)), into: session)
            try await runtime.send(.toolResult(.init(callID: "c1", result: "written")), into: session)
            _ = try await reader.turn()
            let told = try await told(runtime)
            #expect(
                told.map(\.type) == [
                    "session.created", "message.added", "llm.request.started", "llm.request.completed", "message.added",
                    "tool.execution.requested", "approval.requested", "approval.decided", "tool.execution.completed", "message.added",
                    "llm.request.started", "llm.request.completed", "message.added",
                ])
            guard told.count == 13 else { return }
            // Each was led to by the one before, but for the session's, which a request of its own brought about.
            for (cause, event) in zip(told.dropFirst(1), told.dropFirst(2)) { #expect(event.cause == cause.id, "\(event) after \(cause)") }
            #expect(Set(told.dropFirst().map(\.correlation)).count == 1 && told[1].correlation.hasPrefix("turn_"))
            #expect(told[0].correlation == told[0].cause)
            #expect(Set(told.map(\.id)).count == 13)
            let messages = told.filter { $0.type == "message.added" }.map(\.data)
            #expect(
                messages == [
                    ["position": 0, "role": "user", "bytes": 9, "tool_calls": 0],
                    ["position": 1, "role": "assistant", "agent": "coder", "bytes": 0, "tool_calls": 1],
                    ["position": 2, "role": "tool", "tool": "write_file", "bytes": 7, "tool_calls": 0],
                    ["position": 3, "role": "assistant", "agent": "coder", "bytes": 5, "tool_calls": 0],
                ])
            #expect(told[7].data["decision"] == "approve" && told[7].data["by"] == "user")
            #expect(told[10].data == ["agent": "coder", "model": "scripted", "step": 2])
            #expect(told[11].data["prompt_tokens"] == 5 && told[11].data["finish_reason"] == "stop")
        }
    }

    @Test("Every stored message is told once, whatever a turn does")
    func messages() async throws {
        let write = ("c1", "write_file", #"{"path":"a.md","content":"x"}"#)
        let forbidden = ("c2", "rm -rf /", "{}")
        let switching = ("c3", "switch_mode", #"{"mode":"ask"}"#)
        try await Harness.run(
            .calls(write, forbidden, switching), .failure([.textDelta("Hm")], ModelFailure(.unavailable, message: "gone")),
            .silence([.textDelta("Well")])
        ) { runtime in
            let session = try await runtime.makeSession(.architect)
            var reader = try await runtime.reader(of: session)
            try await runtime.say("Go.", into: session)
            _ = try await reader.toolCalls()
            try await runtime.send(.toolResult(.init(callID: "c1", error: "User rejected: no")), into: session)
            _ = try await reader.turn()
            try await runtime.say("Again.", into: session)
            _ = try await reader.events { if case .textDelta = $0 { true } else { false } }
            try await runtime.send(.cancel(.init()), into: session)
            _ = try await reader.turn()
            let told = try await told(runtime)
            let history = try await runtime.history(session)
            #expect(
                told.filter { $0.type == "message.added" }.map { $0.data["role"] } == history.messages.map { .string($0.role.rawValue) })
            let positions = told.compactMap { $0.data["position"] }
            #expect(positions == (0..<history.messages.count).map { .integer(Int64($0)) })
            let failures = told.filter { $0.type == "tool.execution.failed" }.map(\.data)
            #expect(failures.map { $0["reason"] } == ["refused", "rejected"])
            #expect(failures[0]["tool"] == "unknown")
            #expect(told.filter { $0.type == "llm.request.failed" }.map { $0.data["reason"] } == ["model_unavailable", "cancelled"])
            #expect(told.filter { $0.type == "agent.switched" }.map(\.data) == [["from": "architect", "to": "ask", "by": "model"]])
            #expect(told.filter { $0.type == "llm.request.started" }.count == 3)
        }
    }

    @Test("What happens to a session outside of turns is told with its request")
    func sessions() async throws {
        try await Harness.run { runtime in
            let session = try await runtime.makeSession(.ask)
            _ = try await runtime.request(.patch, "/sessions/\(session)", body: #"{"title":"Tïtle"}"#)
            try await runtime.send(.switchAgent(.init(agentType: .coder)), into: session)
            _ = try await runtime.request(.patch, "/sessions/\(session)", body: #"{"title":"x"}"#, user: "u2")
            _ = try await runtime.request(.delete, "/sessions/\(session)", user: "u2")
            _ = try await runtime.request(.delete, "/sessions/\(session)")
            let told = try await told(runtime)
            #expect(told.map(\.type) == ["session.created", "session.renamed", "agent.switched", "session.deleted"])
            #expect(told.map(\.data).dropFirst() == [["title_length": 5], ["from": "ask", "to": "coder", "by": "user"], ["by": "user"]])
            #expect(told.allSatisfy { $0.correlation == $0.cause })
        }
    }

    @Test("The service tells when it starts and stops")
    func service() async throws {
        let repository = MemorySessionRepository()
        try await Harness.run(repository: repository) { runtime in
            try await runtime.outbox.begin(relay: 1)
            let told = try await runtime.outbox.oldest(10, for: 1).map { try Told($0) }
            #expect(told.map(\.type) == ["system.service.started"])
            #expect(told.map(\.data) == [["service": "runtime", "version": "1.0.0"]])
        }
    }

    @Test("The audit log gives the caller's own events")
    func auditLog() async throws {
        try await Harness.run { runtime in
            let event = #"{"correlationid":"t","data":{"position":1}}"#
            for (id, owner, session) in [("a", "u1", "s1"), ("b", "u2", "s2"), ("c", "u1", "s3")] {
                let date = Timestamp(secondsSinceEpoch: id == "a" ? 1 : 2)
                _ = try await runtime.auditLog.keep(
                    AuditRecord(eventID: id, type: "message.added", subject: session, owner: owner, date: date, event: event))
            }
            let all = try await runtime.client.listAuditLog(.init(codeLabUser: "u1")).ok
            #expect(all.entries.map(\.id) == ["c", "a"] && all.limit == 50 && all.offset == 0)
            #expect(all.entries[1].data == ["position": 1] && all.entries[1].correlationID == "t" && all.entries[1].causationID == nil)
            #expect(try await runtime.client.listAuditLog(.init(sessionID: "s1", codeLabUser: "u1")).ok.entries.map(\.id) == ["a"])
            #expect(try await runtime.client.listAuditLog(.init(sessionID: "s2", codeLabUser: "u1")).ok.entries.isEmpty)
            #expect(try await runtime.client.listAuditLog(.init(sessionID: "s1\u{7F}", codeLabUser: "u1")).ok.entries.isEmpty)
            #expect(try await runtime.client.listAuditLog(.init(limit: 1, offset: 1, codeLabUser: "u1")).ok.entries.map(\.id) == ["a"])
        }
    }
}
