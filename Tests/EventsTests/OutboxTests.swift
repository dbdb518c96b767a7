import APISupport
import MemoryInfrastructure
import TestServers
import Testing

@testable import RuntimeHandlers

/// The promises of the outbox and of the audit log, held to every implementation.
@Suite("Outboxes", .postgres)
struct OutboxTests {
    @Test("What a change tells is kept in its order, with the messages' places", arguments: EventStore.allCases)
    func order(store: EventStore) async throws {
        try await store.run { repository, _ in
            try await repository.create(Sample.session("s1"), events: [Sample.event(.sessionCreated(agent: .ask, titleLength: 0))])
            try await repository.record(Sample.change("one"), in: "s1", fencingToken: 1)
            var change = Sample.change("two")
            change.messages += Sample.change("three").messages
            change.events =
                [Sample.event(.modelAsked(.init(agent: .ask, model: "m", step: 1)))] + change.events + Sample.change("three").events
            try await repository.record(change, in: "s1", fencingToken: 1)
            _ = try await repository.rename("s1", of: "ada", to: "t", events: [Sample.event(.sessionRenamed(titleLength: 1))])
            #expect(try await repository.delete("s1", of: "ada", fencingToken: 1, events: [Sample.event(.sessionDeleted)]))
            try await repository.append([Sample.event(.serviceStarted(version: "1"))])
            try await repository.begin(relay: 5)
            let entries = try await repository.oldest(100, for: 5)
            #expect(
                try entries.map { try $0.event.type } == [
                    "session.created", "message.added", "llm.request.started", "message.added", "message.added", "session.renamed",
                    "session.deleted", "system.service.started",
                ])
            #expect(try entries.compactMap { try $0.event.position } == [0, 1, 2])
            #expect(entries.map(\.position) == entries.map(\.position).sorted())
            #expect(try await repository.oldest(2, for: 5) == Array(entries.prefix(2)))
            try await repository.remove(entries.prefix(3).map(\.position))
            #expect(try await repository.oldest(100, for: 5) == Array(entries.dropFirst(3)))
            #expect(try await repository.count(upTo: 100) == 5)
            #expect(try await repository.count(upTo: 2) == 2)
        }
    }

    @Test("What was not changed is not told", arguments: EventStore.allCases)
    func rollback(store: EventStore) async throws {
        try await store.run { repository, _ in
            try await repository.begin(relay: 1)
            await #expect(throws: SessionMissing.self) { try await repository.record(Sample.change("x"), in: "s1", fencingToken: 1) }
            #expect(try await repository.rename("s1", of: "ada", to: "t", events: [Sample.event(.sessionRenamed(titleLength: 1))]) == nil)
            #expect(try await !repository.delete("s1", of: "ada", fencingToken: 1, events: [Sample.event(.sessionDeleted)]))
            #expect(try await repository.oldest(10, for: 1).isEmpty)
        }
    }

    @Test("A session that is there already is not created again, nor told", arguments: [EventStore.sqlite, .postgres])
    func conflict(store: EventStore) async throws {
        try await store.run { repository, _ in
            try await repository.create(Sample.session("s1"), events: [])
            let event = Sample.event(.sessionCreated(agent: .ask, titleLength: 0))
            await #expect(throws: (any Error).self) { try await repository.create(Sample.session("s1"), events: [event]) }
            #expect(try await repository.count(upTo: 10) == 0)
        }
    }

    @Test("A relay stops when a later one has begun", arguments: EventStore.allCases)
    func fencing(store: EventStore) async throws {
        try await store.run { repository, _ in
            try await repository.begin(relay: 7)
            try await repository.begin(relay: 7)
            #expect(try await repository.oldest(10, for: 7).isEmpty)
            try await repository.begin(relay: 9)
            await #expect(throws: OutboxRelaySuperseded.self) { try await repository.oldest(10, for: 7) }
            await #expect(throws: OutboxRelaySuperseded.self) { try await repository.begin(relay: 8) }
            #expect(try await repository.oldest(10, for: 9).isEmpty)
        }
    }

    @Test("The audit log keeps an event once, and gives an owner's in pages, the latest first", arguments: EventStore.allCases)
    func auditLog(store: EventStore) async throws {
        func make(_ id: String, _ seconds: Int64, owner: String? = "ada", session: String = "s1") -> AuditRecord {
            AuditRecord(
                eventID: id, type: "message.added", subject: session, owner: owner, date: Sample.date(seconds), event: "{\"ä\":\"\\u0000\"}"
            )
        }
        try await store.run { _, log in
            let records = [make("a", 1), make("b", 3), make("c", 2, session: "s2"), make("d", 2)]
            for record in records {
                let isNew = try await log.keep(record)
                #expect(isNew)
            }
            #expect(try await !log.keep(make("a", 9)))
            #expect(try await log.keep(make("e", 5, owner: nil)))
            #expect(try await log.records(of: "ada", in: nil, limit: 10, offset: 0) == [records[1], records[3], records[2], records[0]])
            #expect(try await log.records(of: "ada", in: nil, limit: 2, offset: 1) == [records[3], records[2]])
            #expect(try await log.records(of: "ada", in: "s2", limit: 10, offset: 0) == [records[2]])
            #expect(try await log.records(of: "bob", in: nil, limit: 10, offset: 0).isEmpty)
            #expect(try await log.purge(before: Sample.date(3), limit: 2) == 2)
            #expect(try await log.purge(before: Sample.date(3), limit: 2) == 1)
            #expect(try await log.records(of: "ada", in: nil, limit: 10, offset: 0) == [records[1]])
        }
    }
}
