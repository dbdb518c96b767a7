import APISupport
import FoundationEssentials
import MemoryInfrastructure
import Migrations
import PostgresClient
import PostgresInfrastructure
import SQLiteInfrastructure
import TestServers
import Testing

@testable import RuntimeHandlers

/// Where events wait and are recorded, with nothing in it.
enum EventStore: String, CaseIterable, Sendable {
    case memory
    case sqlite
    case postgres

    func run(_ body: (any SessionRepository & EventOutbox, any AuditLog) async throws -> Void) async throws {
        switch self {
        case .memory:
            try await body(MemorySessionRepository(), MemoryAuditLog())
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "codelab-events-\(UUID().uuidString)")
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
            try await body(SQLiteSessionRepository(database), SQLiteAuditLog(database))
        case .postgres:
            let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
            try await PostgresMigrator(configuration).apply(.postgresRuntime)
            try await PostgresPool.withPool(configuration) { try await body(PostgresSessionRepository($0), PostgresAuditLog($0)) }
        }
    }
}

/// Shorthands of the tests.
enum Sample {
    static func date(_ seconds: Int64) -> Timestamp { Timestamp(secondsSinceEpoch: 1_764_000_000 + seconds) }

    static func session(_ id: String) -> Session {
        Session(id: id, owner: "ada", agent: .orchestrator, createdAt: date(0), lastActivity: date(0))
    }

    static func event(
        _ fact: Occurrence.Fact, id: String = Identifier.make("evt_"), in session: String = "s1", at seconds: Int64 = 0
    ) -> DomainEvent {
        DomainEvent(
            Occurrence(id: id, fact, at: date(seconds), because: "req"), of: .session(id: session, owner: "ada"), correlationID: "turn_1")
    }

    /// A message with the event that tells of it.
    static func change(_ text: String, in session: String = "s1", state: Session.State? = nil) -> SessionChange {
        let message = Message(role: .user, content: text, createdAt: date(1))
        return SessionChange(messages: [message], state: state, events: [event(.messageAdded(.init(message)), in: session)], date: date(1))
    }
}

extension Event {
    /// The event as an object.
    var object: JSONObject {
        get throws { try JSONReader.decode(JSONObject.self, from: payload) }
    }

    var type: String? { get throws { try object["type"]?.stringValue } }
    var id: String? { get throws { try object["id"]?.stringValue } }
    var session: String? { get throws { try object["subject"]?.stringValue } }
    var position: JSONValue? { get throws { try object["data"]?.objectValue?["position"] } }
}
