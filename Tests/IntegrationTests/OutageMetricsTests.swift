import APISupport
import Foundation
import GatewayAPI
import HTTPTypes
import TestServers
import Testing

@testable import codelab

/// What a platform on PostgreSQL and Redis tells while Redis is away, and afterwards: what the alerts read.
@Suite("Metrics of an outage", .serialized, .postgres)
struct OutageMetricsTests {
    private func fetch(_ platform: RunningPlatform) async throws -> Exposition {
        try Exposition(try await platform.send(.runtime, .get, "/metrics").body)
    }

    private func wait(
        _ what: String, _ platform: RunningPlatform, for condition: (Exposition) -> Bool
    ) async throws {
        try await Deadline.wait(what) { condition(try await fetch(platform)) }
    }

    @Test(
        "Redis goes and comes back: limits, leases, events and the store's operations show it, and that it is over", .timeLimit(.minutes(4))
    )
    func outage() async throws {
        let redis = try await RedisServer()
        do {
            try await run(redis)
        } catch {
            try await redis.stop()
            throw error
        }
        try await redis.stop()
    }

    private func run(_ redis: RedisServer) async throws {
        let environment = [
            "CODELAB_DATABASE_URL": try await PostgresServer.current.newDatabase(), "CODELAB_REDIS_URL": redis.url,
            "CODELAB_REDIS_COMMAND_TIMEOUT": "1",
        ]
        try await RunningPlatform.withFolder { folder in
            try await RunningPlatform.run(in: folder, environment: environment) { platform in
                let (password, tokens) = try await platform.newUser("ada")
                let client = GatewayAPI.Client(
                    serverURL: platform.url(of: .gateway), transport: platform.transport, credentials: tokens)
                _ = try await client.createSession(.init(body: .init())).created
                try await wait("all events to be published", platform) {
                    $0.sum("codelab_outbox_waiting") == 0 && $0.sum("codelab_outbox_failures_total") == 0
                }
                let before = try await fetch(platform)
                pool(before)
                #expect(before.sum("codelab_rate_limit_store_away") == 0)
                #expect(
                    before.sum("db_client_operation_duration_seconds_count", ["db_operation_name": "limit_take", "error_type": ""]) ?? 0 > 0
                )
                #expect(before.sum("codelab_sign_ins_total", ["outcome": "unavailable"]) == 0)

                redis.kill()
                await #expect(throws: (any Error).self) { try await platform.signIn(as: "ada", password: password) }
                // The gateway and the store of sessions go on; that a session was made is told later.
                _ = try await client.createSession(.init(body: .init())).created
                try await wait("the outage to be told", platform) { now in
                    now.sum("codelab_rate_limit_store_away", ["limits": "auth"]) == 1
                        && now.sum("codelab_rate_limit_store_away", ["limits": "gateway"]) == 1
                        && now.sum("codelab_outbox_waiting") ?? 0 >= 1 && now.sum("codelab_outbox_failures_total") ?? 0 >= 1
                }
                let during = try await fetch(platform)
                #expect(during.sum("codelab_sign_ins_total", ["outcome": "unavailable"]) ?? 0 >= 1)
                for limit in ["attempts", "calls"] {
                    let labels = ["limit": limit, "outcome": "uncounted"]
                    #expect(before.sum("codelab_rate_limit_decisions_total", labels) == 0)
                    #expect(during.sum("codelab_rate_limit_decisions_total", labels) ?? 0 >= 1)
                }
                let failures = during.samples.filter { $0.key.labels["db_system_name"] == "redis" && $0.key.labels["error_type"] != "" }
                #expect(failures.values.contains { $0 >= 1 })

                try await redis.start()
                try await Deadline.wait("somebody to be able to sign in") {
                    do { _ = try await platform.signIn(as: "ada", password: password) } catch { return false }
                    return true
                }
                _ = try await client.listSessions(.init()).ok
                try await wait("the outage to be over", platform) { now in
                    now.sum("codelab_rate_limit_store_away", ["limits": "auth"]) == 0 && now.sum("codelab_outbox_waiting") == 0
                        && now.sum("codelab_outbox_lag_seconds") == 0
                }
            }
        }
    }

    /// One database for two services: one pool, which has what it lent and what it keeps.
    private func pool(_ told: Exposition) {
        #expect(told.sum("db_client_connection_max", ["db_client_connection_pool_name": "auth"]) == 10)
        #expect(told.sum("db_client_connection_max") == 10)
        let connections = told.sum("db_client_connection_count") ?? 0
        #expect((1...10).contains(connections))
        #expect(told.sum("db_client_connection_timeouts_total") == 0)
        let postgres = ["db_system_name": "postgresql", "db_client_connection_pool_name": "auth"]
        for operation in ["query", "transaction"] {
            let labels = postgres.merging(["db_operation_name": operation, "error_type": ""]) { $1 }
            #expect(told.sum("db_client_operation_duration_seconds_count", labels) ?? 0 > 0)
        }
    }
}
