import Foundation
import RedisClient
import Synchronization
import TestServers
import Testing

/// Who had which session, and who wrote it: every write as PostgreSQL saw it, and every lease that was seen in Redis.
///
/// PostgreSQL records the writes of a session in their order, since each locks the session's row: by whom, and under which fencing token. A
/// token belongs to one lease.
final class LeaseRecords: Sendable {
    private struct LeaseID: Hashable {
        let session: String
        let fencingToken: Int64
    }

    private let postgres: PostgresServer
    private let redis: RedisServer
    private let holders = Mutex<[LeaseID: Set<String>]>([:])

    /// The services' tables have to be there.
    init(_ postgres: PostgresServer, _ redis: RedisServer) async throws {
        self.postgres = postgres
        self.redis = redis
        try await query(
            """
            CREATE TABLE test_write (
                number bigserial PRIMARY KEY, session_id text NOT NULL, fencing_token bigint NOT NULL, writer text NOT NULL
            );
            CREATE FUNCTION test_record_write() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO test_write (session_id, fencing_token, writer)
                VALUES (NEW.id, NEW.fencing_token, current_setting('application_name'));
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER test_write AFTER UPDATE ON runtime_session FOR EACH ROW EXECUTE FUNCTION test_record_write();
            """)
    }

    /// Looks at the leases of sessions again and again, until it is cancelled.
    func watch() async throws {
        let prefix = "codelab:lease:=session:"
        try await RedisClient.withClient(try RedisConfiguration(url: redis.url)) { client in
            while true {
                let keys = try await client.send(["KEYS", .text(prefix + "*")]).array?.compactMap(\.text) ?? []
                if !keys.isEmpty {
                    let values = try await client.send(RedisCommand(["MGET"] + keys.map { .text($0) })).array ?? []
                    holders.withLock { holders in
                        for (key, value) in zip(keys, values) {
                            // Given back meanwhile.
                            guard let parts = value.text?.split(separator: " ", maxSplits: 1), parts.count == 2 else { continue }
                            guard let token = Int64(parts[0]) else { continue }
                            let lease = LeaseID(session: String(key.dropFirst(prefix.count)), fencingToken: token)
                            holders[lease, default: []].insert(String(parts[1]))
                        }
                    }
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// No session was written under two leases at the same time, nor by anybody but the holder of its lease.
    ///
    /// - Parameter replicas: By the names under which they write.
    /// - Returns: Figures for the test's output.
    func check(_ replicas: [String: Replica]) async throws -> String {
        // Once a session was written under a lease, it is not written under an earlier one.
        let steps =
            "SELECT session_id, fencing_token - lag(fencing_token) OVER (PARTITION BY session_id ORDER BY number) AS step FROM test_write"
        #expect(try await query("SELECT DISTINCT session_id FROM (\(steps)) AS s WHERE step < 0").isEmpty)
        // A lease is one process's: killed and started again, it is another one.
        let shared = "SELECT session_id, fencing_token FROM test_write GROUP BY 1, 2 HAVING count(DISTINCT writer) > 1"
        #expect(try await query(shared).isEmpty)
        let holders = holders.withLock(\.self)
        for (lease, names) in holders { #expect(names.count == 1, "\(lease): \(names)") }

        let writes = try await query("SELECT DISTINCT session_id, fencing_token, writer FROM test_write")
        var seen = 0
        for write in writes {
            let token = try #require(Int64(write[1]))
            guard let holder = holders[LeaseID(session: write[0], fencingToken: token)]?.first else { continue }
            seen += 1
            let writer = try #require(replicas[String(write[2].prefix { $0 != "." })], "\(write)")
            #expect(holder.hasPrefix(writer.url + "#"), "\(write) is of \(holder)")
        }
        let handovers = try await query("SELECT session_id FROM test_write GROUP BY 1 HAVING count(DISTINCT writer) > 1").count
        #expect(seen > 0)
        #expect(handovers > 0)
        let count = try #require(try await query("SELECT count(*) FROM test_write").first?.first)
        return
            "writes: \(count), under leases: \(writes.count), of which Redis was seen to hold: \(seen), sessions taken over: \(handovers)"
    }

    @discardableResult
    private func query(_ sql: String) async throws -> [[String]] {
        try await postgres.run("psql", ["-At", "-v", "ON_ERROR_STOP=1", "-d", "codelab", "-c", sql]).split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
