import APISupport
import Foundation
import RedisClient
import TestServers
import Testing

/// What is left of messages and of their events when a load is over: in the database and on the stream.
struct EventRecords {
    let postgres: PostgresServer
    let redis: RedisServer

    /// A single number from the database.
    func number(_ sql: String) async throws -> Int {
        let text = try await postgres.run("psql", ["-At", "-d", "codelab", "-c", sql])
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), "\(text)")
    }

    /// Every stored message is told, none that is not, and the stream has each session's messages one after the other.
    ///
    /// - Returns: Figures for the test's output.
    func check() async throws -> String {
        let told = "SELECT subject, (event::json->'data'->>'position')::bigint FROM runtime_audit_log WHERE type = 'message.added'"
        let stored = "SELECT session_id, position FROM runtime_message"
        try await Deadline.wait("everything to be recorded") {
            let waiting = try await number("SELECT count(*) FROM runtime_outbox")
            return try await waiting + number("SELECT count(*) FROM (\(stored) EXCEPT \(told)) AS untold") == 0
        }
        #expect(try await number("SELECT count(*) FROM (\(told) EXCEPT \(stored)) AS invented") == 0)
        #expect(try await number("SELECT count(*) - count(DISTINCT (session_id, position)) FROM (\(stored)) AS m") == 0)
        #expect(try await number("SELECT count(*) - count(DISTINCT (subject, position)) FROM (\(told)) AS t (subject, position)") == 0)
        let messages = try await number("SELECT count(*) FROM runtime_message")
        #expect(messages > 50)
        // The stream, with repetitions dropped.
        let entries = try await RedisClient.withClient(try RedisConfiguration(url: redis.url)) { client in
            try await client.send(["XRANGE", "codelab:events", "-", "+"]).array ?? []
        }
        var seen: Set<String> = []
        var next: [String: Int64] = [:]
        var repetitions = 0
        for entry in entries {
            let fields = try #require(entry.array?.last?.array)
            let event = try JSONReader.decode(JSONObject.self, from: try #require(fields.last?.bytes))
            let session = try #require(event["subject"]?.stringValue)
            guard seen.insert(try #require(event["id"]?.stringValue)).inserted else {
                repetitions += 1
                continue
            }
            guard event["type"] == "message.added" else { continue }
            #expect(event["data"]?.objectValue?["position"] == .integer(next[session, default: 0]))
            next[session, default: 0] += 1
        }
        #expect(next.values.reduce(0, +) == Int64(messages))
        return "messages: \(messages), events: \(seen.count), published again: \(repetitions), sessions: \(next.count)"
    }
}
