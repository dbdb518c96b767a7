import APIAsyncHTTPClient
import APISupport
import AsyncHTTPClient
import AuthAPI
import Foundation
import GatewayAPI
import TestServers
import Testing

@testable import codelab

/// Two processes of each service on one PostgreSQL and one Redis, behind balancers. Each is killed while people sign in and talk.
@Suite("Replicas of each service")
struct ReplicasOfEachServiceTests {
    @Test(
        "Whichever is killed: no event is lost or invented, no session has two writers, tokens stay good, and each refresh token is good once",
        .timeLimit(.minutes(6)))
    func killedReplicas() async throws {
        let postgres = try await PostgresServer()
        let redis: RedisServer
        do {
            redis = try await RedisServer(settings: ["appendonly yes"])
        } catch {
            try await postgres.stop()
            throw error
        }
        do {
            try await RunningPlatform.withFolder { folder in
                let platform = try ReplicatedPlatform(in: folder, scenario: GatewayLoad.scenario, postgres, redis)
                defer { platform.stop() }
                try await run(platform, folder)
            }
        } catch {
            try await postgres.stop()
            try await redis.stop()
            throw error
        }
        try await postgres.stop()
        try await redis.stop()
    }

    private func run(_ platform: ReplicatedPlatform, _ folder: URL) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        try await platform.start()
        print("started after \(clock.now - start)")
        let leases = try await LeaseRecords(platform.postgres, platform.redis)
        try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration(connectTimeout: .seconds(5))) { client in
            let tokens = TokenChecks(platform: platform, balanced: platform.balanced(folder, client))
            let users = (0..<8).map { "user-\($0)" }
            for user in users { try await tokens.create(user) }
            let load = GatewayLoad(platform.balanced(folder, client))
            try await withThrowingTaskGroup(of: Void.self) { watch in
                watch.addTask { do { try await leases.watch() } catch is CancellationError { return } }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (number, user) in users.enumerated() {
                        group.addTask { try await load.talk(as: user, password: TokenChecks.password, isPatient: number.isMultiple(of: 2)) }
                    }
                    for victim in Array(repeating: platform.all, count: 3).joined() { try await kill(victim, platform, load, tokens) }
                    load.stop()
                    try await group.waitForAll()
                }
                watch.cancelAll()
            }
            print("load: \(load.counts), over after \(clock.now - start)")
        }
        print(try await EventRecords(postgres: platform.postgres, redis: platform.redis).check())
        print(try await leases.check(platform.names))
        try await platform.terminate()
        checkLogs(platform)
        print("done after \(clock.now - start)")
    }

    private func kill(_ victim: Replica, _ platform: ReplicatedPlatform, _ load: GatewayLoad, _ tokens: TokenChecks) async throws {
        try await load.waitForTurns(8)
        let issued = victim.service == .auth ? try await tokens.issue(by: victim) : nil
        victim.kill()
        if let issued, let survivor = platform.replicas[.auth]?.first(where: { $0 !== victim }) {
            try await tokens.check(issued, afterTheDeathOf: victim, survivor)
        }
        try await load.waitForTurns(6)
        try await platform.start(victim)
        if victim.service == .auth { try await tokens.checkRotation() }
    }

    private func checkLogs(_ platform: ReplicatedPlatform) {
        let logs = platform.names.map { ReplicaLogs(name: $0.key, $0.value) }
        var counts: [String: Int] = [:]
        for log in logs { counts.merge(log.check()) { $0 + $1 } }
        print("lines of logs that name a fenced session: \(logs.map(\.fenced).reduce(0, +))")
        for (line, count) in counts.sorted(by: { $0.key < $1.key }) { print("logged \(count) times: \(line)") }
    }
}
