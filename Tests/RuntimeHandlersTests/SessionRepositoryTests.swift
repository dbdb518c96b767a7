import APISupport
import FoundationEssentials
import MemoryInfrastructure
import Migrations
import PostgresClient
import PostgresInfrastructure
import RuntimeHandlers
import SQLiteInfrastructure
import TestServers
import Testing

/// The promises of the port, held to every implementation.
@Suite("Session repositories", .postgres)
struct SessionRepositoryTests {
    /// An implementation under test, with nothing in it.
    enum Store: String, CaseIterable, Sendable {
        case memory
        case sqlite
        case postgres

        func run(_ body: (any SessionRepository) async throws -> Void) async throws {
            switch self {
            case .memory:
                try await body(MemorySessionRepository())
            case .sqlite:
                let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-runtime-\(UUID().uuidString)")
                let database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path)
                defer {
                    do {
                        try database.close()
                        try FileManager.default.removeItem(at: folder)
                    } catch {
                        Issue.record(error)
                    }
                }
                try await SQLiteMigrator(database).apply(.sqliteRuntime)
                try await body(SQLiteSessionRepository(database))
            case .postgres:
                let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
                try await PostgresMigrator(configuration).apply(.postgresRuntime)
                try await PostgresPool.withPool(configuration) { try await body(PostgresSessionRepository($0)) }
            }
        }
    }

    private func date(_ seconds: Int64) -> Timestamp { Timestamp(secondsSinceEpoch: seconds, nanoseconds: 123_456_000) }

    private func session(_ id: String, owner: String = "u1", at seconds: Int64 = 1) -> Session {
        Session(id: id, owner: owner, agent: .orchestrator, createdAt: date(seconds), lastActivity: date(seconds))
    }

    @Test("Keeps a session as it is, for its owner only", arguments: Store.allCases)
    func ownership(store: Store) async throws {
        try await store.run { repository in
            try await repository.create(session("s1"))
            #expect(try await repository.session("s1", of: "u1") == session("s1"))
            #expect(try await repository.session("s1", of: "u2") == nil)
            #expect(try await repository.session("s2", of: "u1") == nil)
            #expect(try await repository.rename("s1", of: "u2", to: "x") == nil)
            #expect(try await repository.delete("s1", of: "u2", fencingToken: 0) == false)
            #expect(try await repository.rename("s1", of: "u1", to: "x")?.title == "x")
            #expect(try await repository.session("s1", of: "u1")?.title == "x")
            #expect(try await repository.delete("s1", of: "u1", fencingToken: 0))
            #expect(try await repository.session("s1", of: "u1") == nil)
        }
    }

    @Test("Lists an owner's sessions by activity, in pages", arguments: Store.allCases)
    func pages(store: Store) async throws {
        try await store.run { repository in
            for (id, seconds) in [("a", 1), ("b", 3), ("c", 2), ("d", 2)] as [(String, Int64)] {
                try await repository.create(session(id, at: seconds))
            }
            try await repository.create(session("other", owner: "u2", at: 9))
            let all = try await repository.sessions(of: "u1", limit: 10, offset: 0)
            #expect(all.page.map(\.id) == ["b", "c", "d", "a"])
            #expect(all.total == 4)
            let second = try await repository.sessions(of: "u1", limit: 2, offset: 1)
            #expect(second.page.map(\.id) == ["c", "d"])
            #expect(second.total == 4)
            #expect(try await repository.sessions(of: "u3", limit: 10, offset: 0).total == 0)
        }
    }

    @Test("Applies a change whole: messages, switches, state, title, activity", arguments: Store.allCases)
    func changes(store: Store) async throws {
        try await store.run { repository in
            try await repository.create(session("s1"))
            let calls = [ToolCall(id: "c1", name: "read_file", arguments: #"{"path":"ä \" \u0000"}"#)]
            let messages = [
                Message(role: .user, content: "Hi \u{0} 👋", createdAt: date(2)),
                Message(role: .assistant, content: nil, name: "ask", toolCalls: calls, createdAt: date(2)),
                Message(role: .tool, content: "", name: "read_file", toolCallID: "c1", createdAt: date(2)),
            ]
            let change = AgentSwitch(from: .orchestrator, to: .ask, reason: nil, date: date(2))
            try await repository.record(
                SessionChange(messages: messages, switches: [change], state: .running, titleIfNone: "Hi", date: date(2)), in: "s1",
                fencingToken: 0
            )
            try await repository.record(SessionChange(titleIfNone: "Later", date: date(3)), in: "s1", fencingToken: 0)
            let stored = try #require(try await repository.session("s1", of: "u1"))
            #expect(stored.title == "Hi")
            #expect(stored.agent == .ask)
            #expect(stored.state == .running)
            #expect(stored.messageCount == 3)
            #expect(stored.switchCount == 1)
            #expect(stored.lastActivity == date(3))
            #expect(try await repository.messages(in: "s1", latest: 10) == messages)
            #expect(try await repository.messages(in: "s1", latest: 2) == Array(messages.suffix(2)))
            #expect(try await repository.switches(in: "s1", latest: 10) == [change])
            #expect(messages.first?.content == "Hi \u{FFFD} 👋")
        }
    }

    @Test("A change of a session that is not there is refused", arguments: Store.allCases)
    func missing(store: Store) async throws {
        try await store.run { repository in
            await #expect(throws: SessionMissing.self) {
                try await repository.record(
                    SessionChange(messages: [Message(role: .user, content: "x", createdAt: date(1))], date: date(1)), in: "no",
                    fencingToken: 0)
            }
            try await repository.create(session("s1"))
            try await repository.record(
                SessionChange(messages: [Message(role: .user, content: "x", createdAt: date(1))], date: date(1)), in: "s1",
                fencingToken: 0)
            _ = try await repository.delete("s1", of: "u1", fencingToken: 0)
            #expect(try await repository.messages(in: "s1", latest: 10).isEmpty)
        }
    }

    @Test("A write under an earlier lease is refused and changes nothing", arguments: Store.allCases)
    func fencing(store: Store) async throws {
        try await store.run { repository in
            let message = Message(role: .user, content: "x", createdAt: date(1))
            try await repository.create(session("s1"))
            // Without a lease before it, and again and again under the same one.
            #expect(try await repository.claim("s1", fencingToken: 7) == SessionClaim(session("s1"), hasInterrupted: false))
            for _ in 0..<2 {
                try await repository.record(SessionChange(messages: [message], state: .running, date: date(2)), in: "s1", fencingToken: 7)
            }
            // The next one's turn: the one before is over.
            #expect(try await repository.claim("s1", fencingToken: 9)?.session.state == .interrupted)
            let before = try await repository.session("s1", of: "u1")
            for token in [8, 7, 0, -1, Int64.min] {
                let refusals: [() async throws -> Void] = [
                    {
                        try await repository.record(
                            SessionChange(
                                messages: [message], switches: [AgentSwitch(from: .orchestrator, to: .ask, reason: nil, date: date(3))],
                                state: .idle, titleIfNone: "t", date: date(3)), in: "s1", fencingToken: token)
                    }, { _ = try await repository.claim("s1", fencingToken: token) },
                    { _ = try await repository.delete("s1", of: "u1", fencingToken: token) },
                ]
                for refused in refusals {
                    let error = await #expect(throws: SessionFenced.self) { try await refused() }
                    #expect(error?.id == "s1" && error?.fencingToken == token)
                }
            }
            #expect(try await repository.session("s1", of: "u1") == before)
            #expect(try await repository.messages(in: "s1", latest: 10).count == 2)
            #expect(try await repository.switches(in: "s1", latest: 10).isEmpty)
            // A write moves the bound as a claim does.
            try await repository.record(SessionChange(state: .idle, date: date(4)), in: "s1", fencingToken: Int64.max - 1)
            await #expect(throws: SessionFenced.self) { try await repository.claim("s1", fencingToken: Int64.max - 2) }
            // Others' sessions, and none: no fencing, nothing there.
            #expect(try await repository.delete("s1", of: "u2", fencingToken: 0) == false)
            #expect(try await repository.claim("no", fencingToken: 1) == nil)
            #expect(try await repository.delete("s1", of: "u1", fencingToken: Int64.max))
        }
    }

    @Test("Finds what is stored as running, in batches, and marks it as interrupted for the next one who has it", arguments: Store.allCases)
    func interruption(store: Store) async throws {
        try await store.run { repository in
            let ids = (0..<5).map { "sess_\($0)aZ" }
            for id in ids + ["idle"] { try await repository.create(session(id)) }
            for id in ids { try await repository.record(SessionChange(state: .running, date: date(2)), in: id, fencingToken: 3) }
            var found: [String] = []
            while true {
                let batch = try await repository.runningSessions(after: found.last, limit: 2)
                if batch.isEmpty { break }
                #expect(batch.count <= 2)
                found += batch
            }
            #expect(found.sorted() == ids)
            let claimed = try #require(try await repository.claim(ids[0], fencingToken: 4))
            #expect(claimed.hasInterrupted && claimed.session.state == .interrupted)
            #expect(claimed.session == (try await repository.session(ids[0], of: "u1")))
            #expect(claimed.session.lastActivity == date(2))
            // Whoever comes next interrupts nothing any more.
            #expect(try await repository.claim(ids[0], fencingToken: 5) == SessionClaim(claimed.session, hasInterrupted: false))
            let idle = try await repository.claim("idle", fencingToken: 4)
            #expect(idle?.session.state == .idle && idle?.hasInterrupted == false)
            #expect(try await repository.runningSessions(after: nil, limit: 10).sorted() == Array(ids.dropFirst()))
        }
    }

    @Test("What one process wrote, the next one reads")
    func reopening() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-runtime-\(UUID().uuidString)")
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        let path = folder.appending(path: "test.sqlite").path
        let first = try SQLiteDatabase(path: path)
        try await SQLiteMigrator(first).apply(.sqliteRuntime)
        try await SQLiteSessionRepository(first).create(session("s1"))
        try first.close()
        let second = try SQLiteDatabase(path: path)
        #expect(try await SQLiteSessionRepository(second).session("s1", of: "u1") == session("s1"))
        try second.close()
    }
}

/// Changes of which nobody is told.
extension SessionRepository {
    func create(_ session: Session) async throws { try await create(session, events: []) }

    func rename(_ id: String, of owner: String, to title: String) async throws -> Session? {
        try await rename(id, of: owner, to: title, events: [])
    }

    func delete(_ id: String, of owner: String, fencingToken: Int64) async throws -> Bool {
        try await delete(id, of: owner, fencingToken: fencingToken, events: [])
    }
}
