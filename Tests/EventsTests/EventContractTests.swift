import APISupport
import EventsAPI
import FoundationEssentials
import Synchronization
import Testing

@testable import RuntimeHandlers

/// Notes what the generated consumer was handed.
private final class Witness: PeerHandler {
    let messages = Mutex<[EventsAPI.Events.DomainEventMessage]>([])

    func domainEvent(_ message: EventsAPI.Events.DomainEventMessage, context: EventContext) async throws {
        messages.withLock { $0.append(message) }
    }
}

@Suite("Events are as specs/events says")
struct EventContractTests {
    static let facts: [Occurrence.Fact] = {
        let calls = [ToolCall(id: "c", name: "read_file", arguments: "{}")]
        let request = Occurrence.ModelRequestFacts(agent: .ask, model: String(repeating: "m", count: 300), step: 1)
        let usage = TokenUsage(promptTokens: 12, completionTokens: -1)
        return [
            .agentSwitched(from: .ask, to: .coder, byUser: true), .agentSwitched(from: .coder, to: .debug, byUser: false),
            .sessionCreated(agent: .orchestrator, titleLength: 0), .sessionRenamed(titleLength: 200), .sessionDeleted,
            .messageAdded(.init(Message(role: .user, content: "secret", createdAt: Sample.date(1)))),
            .messageAdded(
                .init(Message(role: .assistant, content: nil, name: "coder", toolCalls: calls, createdAt: Sample.date(1)))),
            .messageAdded(
                .init(Message(role: .tool, content: "secret", name: "secret tool\n", toolCallID: "c", createdAt: Sample.date(1)))),
            .toolExecutionRequested(callID: "c", tool: "read_file", agent: .ask, requiresApproval: true),
            .toolExecutionCompleted(callID: "c", tool: "read_file", duration: .milliseconds(1500)),
            .toolExecutionFailed(callID: "c", tool: "SECRET", duration: .zero, .refused),
            .toolExecutionFailed(callID: "c", tool: "write_file", duration: .seconds(-1), .timedOut),
            .approvalRequested(requestID: "apr_1", callID: "c", tool: "write_file", agent: .coder),
            .approvalDecided(
                requestID: "apr_1", callID: "c", tool: "write_file", decision: "edit", by: .user, waited: .seconds(1 << 40)),
            .modelAsked(request), .modelAnswered(request, duration: .seconds(1), .contentFilter, toolCalls: 3, usage),
            .modelAnswered(request, duration: .seconds(1), .stop, toolCalls: 0, nil),
            .modelFailed(request, duration: .seconds(2), reason: "cancelled"),
        ]
    }()

    @Test("Each event is accepted by the generated consumer, and carries no content")
    func everyFact() async throws {
        let witness = Witness()
        let dispatcher = PeerDispatcher(handler: witness, core: EventCore(transport: InMemoryEventTransport()))
        let subscription = try #require(dispatcher.subscriptions.first)
        var events = try Self.facts.map { try Sample.event($0).cloudEvent(messageAt: 7) }
        for fact in [Occurrence.Fact.serviceStarted(version: "1.0.0"), .serviceStopped(version: "1.0.0")] {
            let event = DomainEvent(Occurrence(fact, at: Sample.date(0)), of: .service(instance: "ins_1"), correlationID: "ins_1")
            events.append(try event.cloudEvent())
        }
        for event in events {
            #expect(event.address == "codelab:events" && event.contentType == "application/cloudevents+json")
            let text = String(decoding: event.payload, as: UTF8.self)
            #expect(!text.lowercased().contains("secret"), "\(text)")
            guard case .accepted = await dispatcher.receive(EventDelivery(event: event), subscription) else {
                Issue.record("Not accepted: \(text)")
                continue
            }
        }
        #expect(witness.messages.withLock { $0.count } == events.count)
        let types = try Set(events.compactMap { try $0.type })
        let declared = try Self.declaredTypes()
        #expect(types == declared, "every type that the document declares is published")
    }

    @Test("The attributes are those of CloudEvents, with correlation and causation")
    func attributes() throws {
        let event = try Sample.event(.sessionDeleted, id: "evt_1").cloudEvent()
        #expect(
            try event.object == [
                "specversion": "1.0", "id": "evt_1", "source": "urn:codelab:runtime", "subject": "s1", "time": "2025-11-24T16:00:00Z",
                "datacontenttype": "application/json", "authtype": "app_user", "authid": "ada", "correlationid": "turn_1",
                "causationid": "req", "type": "session.deleted", "data": ["by": "user"],
            ])
    }

    @Test("What is not as the document says is refused")
    func refusals() async throws {
        let dispatcher = PeerDispatcher(handler: Witness(), core: EventCore(transport: InMemoryEventTransport()))
        let subscription = try #require(dispatcher.subscriptions.first)
        let event = try Sample.event(.sessionRenamed(titleLength: 3)).cloudEvent()
        let text = String(decoding: event.payload, as: UTF8.self)
        let wrong = [
            text.replacing(":3}", with: ":-3}"), text.replacing("session.renamed", with: "session.eaten"), String(text.dropLast()), "[]",
            text.replacing(#""specversion":"1.0""#, with: #""specversion":"0.3""#), text.replacing(#""id":"#, with: #""no":"#),
        ]
        for text in wrong {
            var event = event
            event.payload = [UInt8](text.utf8)
            guard case .rejected = await dispatcher.receive(EventDelivery(event: event), subscription) else {
                Issue.record("Not refused: \(text)")
                continue
            }
        }
    }

    /// The names of the document's messages.
    private static func declaredTypes() throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "specs/events/asyncapi.yaml"), encoding: .utf8)
        return Set(text.split(separator: "\n").compactMap { $0.wholeMatch(of: /\s{6}name: ([a-z.]+)/).map { String($0.1) } })
    }
}
