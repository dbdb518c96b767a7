import AsyncHTTPClient
import Foundation
import TestServers

@testable import codelab

/// Two processes of each service on one PostgreSQL and one Redis, which find each other by a balancer for each service.
final class ReplicatedPlatform: Sendable {
    let postgres: PostgresServer
    let redis: RedisServer
    let replicas: [ServiceName: [Replica]]
    private let scenario: URL
    private let balancers: [ServiceName: TCPBalancer]

    /// - Parameter scenario: What the scripted model says.
    init(in folder: URL, scenario text: String, _ postgres: PostgresServer, _ redis: RedisServer) throws {
        scenario = folder.appending(path: "scenario.yaml")
        try Data(text.utf8).write(to: scenario)
        self.postgres = postgres
        self.redis = redis
        var replicas: [ServiceName: [Replica]] = [:]
        var balancers: [ServiceName: TCPBalancer] = [:]
        for service in ServiceName.platform {
            let pair = [try Replica(service, in: folder), try Replica(service, in: folder)]
            replicas[service] = pair
            balancers[service] = try TCPBalancer(to: pair.map(\.port))
        }
        self.replicas = replicas
        self.balancers = balancers
    }

    /// All of them, those of one service apart from each other.
    var all: [Replica] { (0..<2).flatMap { index in ServiceName.platform.compactMap { replicas[$0]?[index] } } }

    /// By their names, `runtime-1`.
    var names: [String: Replica] {
        var names: [String: Replica] = [:]
        for (service, pair) in replicas {
            for (index, replica) in pair.enumerated() { names["\(service.rawValue)-\(index)"] = replica }
        }
        return names
    }

    /// As its clients see it: at its balancers.
    func balanced(_ folder: URL, _ client: HTTPClient) -> RunningPlatform {
        let ports = balancers.map { ($0.key.rawValue, $0.value.port) }
        return RunningPlatform(folder: folder, ports: Dictionary(uniqueKeysWithValues: ports), client: client)
    }

    func url(of service: ServiceName) -> String { "http://127.0.0.1:\(balancers[service]?.port ?? 0)" }

    /// Starts one, or starts it again. Its process is known in the database by its name and the number of this start, `runtime-1.3`.
    func start(_ replica: Replica) async throws {
        let name = names.first { $0.value === replica }?.key ?? ""
        try await replica.start([
            "CODELAB_AUTH_INTERNAL_SECRET": "a secret for all of them", "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
            "CODELAB_AUTH_SCRYPT_LOG_N": "4", "CODELAB_LOG_FORMAT": "json", "CODELAB_REDIS_URL": redis.url,
            "CODELAB_DATABASE_URL": "\(postgres.url)?application_name=\(name).\(replica.starts + 1)",
            "CODELAB_AUTH_URL": url(of: .auth), "CODELAB_RUNTIME_URL": url(of: .runtime), "CODELAB_LLM_PROXY_URL": url(of: .llmProxy),
            "CODELAB_RUNTIME_ADVERTISE_URL": replica.url,
            "CODELAB_LLM_SCENARIOS": scenario.path,
            // The load is more than that of so few people.
            "CODELAB_GATEWAY_RATE_LIMIT": "0", "CODELAB_GATEWAY_RATE_LIMIT_MESSAGES": "0", "CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS": "0",
            "CODELAB_LLM_RATE_LIMIT": "0",
        ])
    }

    /// All at once, on an empty database.
    func start() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for replica in all { group.addTask { try await self.start(replica) } }
            try await group.waitForAll()
        }
    }

    /// Those who call before those who are called.
    func terminate() async throws {
        for service in [ServiceName.gateway, .runtime, .llmProxy, .auth] {
            for replica in replicas[service] ?? [] { try await replica.terminate() }
        }
    }

    /// To be called once, however the test ends.
    func stop() {
        for replica in all { replica.kill() }
        for balancer in balancers.values { balancer.stop() }
    }
}
