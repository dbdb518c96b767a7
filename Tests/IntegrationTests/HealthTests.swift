import APISupport
import APIWebSocket
import CodegenDocuments
import ContractTesting
import Foundation
import GatewayAPI
import HTTPTypes
import OperationsAPI
import TestServers
import Testing

@testable import codelab

/// What the running program answers to those who operate it.
@Suite("Health of the running services", .serialized)
struct HealthTests {
    private func client(_ platform: RunningPlatform, _ service: ServiceName) -> OperationsAPI.Client {
        OperationsAPI.Client(serverURL: platform.url(of: service), transport: platform.transport)
    }

    /// The names of the required checks that failed, by service; a service that is ready has none.
    private func failing(_ platform: RunningPlatform) async throws -> [ServiceName: [String]] {
        var failing: [ServiceName: [String]] = [:]
        for service in ServiceName.platform {
            switch try await client(platform, service).getReadiness() {
            case .ok: failing[service] = []
            case .serviceUnavailable(let answer): failing[service] = answer.body.checks.filter { $0.status == .failed }.map(\.name)
            case .internalServerError(let problem): Issue.record("\(service): \(problem)")
            }
        }
        return failing
    }

    private func wait(_ platform: RunningPlatform, for expected: [ServiceName: [String]]) async throws {
        try await Deadline.wait("readiness to be \(expected)") { try await failing(platform) == expected }
    }

    private func expectAlive(_ platform: RunningPlatform) async throws {
        for service in ServiceName.platform {
            let answer = try await client(platform, service).getLiveness().ok
            #expect(answer.body.service == service.rawValue)
        }
    }

    @Test("Every service answers as specs/operations says, without a token, and is never limited", .timeLimit(.minutes(2)))
    func contract() async throws {
        let path = RunningPlatform.checkout.appending(path: "specs/operations/openapi.yaml").path
        let options = ServiceReader.Options(types: ["Problem": "APISupport.Problem"])
        let spec = try #require(ServiceReader.read([path], options: options).service)
        try await RunningPlatform.withFolder { folder in
            try await RunningPlatform.run(in: folder, environment: ["CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED": "1"]) { platform in
                for service in ServiceName.platform {
                    let suite = ContractSuite(
                        service: spec, transport: platform.transport, authority: "127.0.0.1:\(platform.ports[service.rawValue] ?? 0)")
                    let report = try await suite.run(fixture: ContractFixture(), authorization: "Bearer of nothing")
                    for finding in report.findings { Issue.record("\(service): \(finding.description)") }
                    #expect(report.operationsWithoutSuccess.isEmpty)
                    for _ in 0..<5 { #expect(try await platform.send(service, .get, "/health/live").status == 200) }
                }
            }
        }
    }

    @Test("Without its database, or Redis, a service lives and is not ready; with it, it is ready again", .timeLimit(.minutes(4)))
    func outages() async throws {
        let database = try await PostgresServer()
        let redis = try await RedisServer()
        do {
            try await RunningPlatform.withFolder { folder in
                let environment = ["CODELAB_DATABASE_URL": database.url, "CODELAB_REDIS_URL": redis.url]
                let log = try await RunningPlatform.run(in: folder, environment: environment) { platform in
                    let ready: [ServiceName: [String]] = [.auth: [], .gateway: [], .runtime: [], .llmProxy: []]
                    try await wait(platform, for: ready)

                    try await database.kill()
                    try await wait(platform, for: ready.merging([.auth: ["database"], .runtime: ["database"]]) { $1 })
                    try await expectAlive(platform)
                    try await database.start()
                    try await wait(platform, for: ready)

                    // It is there, and says nothing: so much is known before a probe gives up.
                    try await database.freeze(true)
                    let start = ContinuousClock.now
                    _ = try await client(platform, .auth).getReadiness()
                    #expect(ContinuousClock.now - start < .seconds(3))
                    try await wait(platform, for: ready.merging([.auth: ["database"], .runtime: ["database"]]) { $1 })
                    try await expectAlive(platform)
                    try await database.freeze(false)
                    try await wait(platform, for: ready)

                    redis.kill()
                    try await wait(platform, for: ready.merging([.runtime: ["redis"]]) { $1 })
                    try await expectAlive(platform)
                    let auth = try await client(platform, .auth).getReadiness().ok.body
                    #expect(auth.checks.first { $0.name == "redis" }?.status == .failed)
                    try await redis.start()
                    try await wait(platform, for: ready)
                }
                #expect(log.contains("A readiness check fails"))
                #expect(log.contains("A readiness check passes again"))
                #expect(!log.contains(PostgresServer.password) && !log.contains("p%40ss"))
            }
        } catch {
            try await database.stop()
            try await redis.stop()
            throw error
        }
        try await database.stop()
        try await redis.stop()
    }

    @Test(
        "A gateway is not ready until auth's keys are known and the runtime answers, and stays ready when auth goes",
        .timeLimit(.minutes(3)))
    func upstreams() async throws {
        try await RunningPlatform.withFolder { folder in
            let replicas = try Dictionary(uniqueKeysWithValues: ServiceName.platform.map { ($0, try Replica($0, in: folder)) })
            func url(_ service: ServiceName) -> String { replicas[service]?.url ?? "" }
            let environment = [
                "CODELAB_AUTH_INTERNAL_SECRET": "a secret for all of them", "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
                "CODELAB_AUTH_SCRYPT_LOG_N": "4", "CODELAB_AUTH_URL": url(.auth), "CODELAB_RUNTIME_URL": url(.runtime),
                "CODELAB_LLM_PROXY_URL": url(.llmProxy),
            ]
            func start(_ service: ServiceName) async throws { try await replicas[service]?.start(environment) }
            try await RunningPlatform.withClient { http in
                let ports = replicas.map { ($0.key.rawValue, $0.value.port) }
                let platform = RunningPlatform(folder: folder, ports: Dictionary(uniqueKeysWithValues: ports), client: http)
                func failing(_ service: ServiceName) async throws -> [String] {
                    guard case .serviceUnavailable(let answer) = try await client(platform, service).getReadiness() else { return [] }
                    return answer.body.checks.filter { $0.status == .failed }.map(\.name)
                }
                try await start(.gateway)
                try await start(.llmProxy)
                #expect(try await failing(.gateway) == ["signing-keys", "runtime"])
                #expect(try await failing(.llmProxy) == ["signing-keys"])
                try await start(.auth)
                try await Deadline.wait("the keys to be known") {
                    let gateway = try await failing(.gateway)
                    let proxy = try await failing(.llmProxy)
                    return gateway == ["runtime"] && proxy.isEmpty
                }
                try await start(.runtime)
                try await Deadline.wait("the runtime to be seen") { try await failing(.gateway).isEmpty }
                try await replicas[.auth]?.terminate()
                replicas[.runtime]?.kill()
                // The keys are known still.
                try await Deadline.wait("the runtime to be missed") { try await failing(.gateway) == ["runtime"] }
                #expect(try await failing(.llmProxy).isEmpty)
                for service in [ServiceName.gateway, .llmProxy] { try await replicas[service]?.terminate() }
            }
        }
    }

    @Test(
        "A process that stops is not ready from then on, takes requests for the drain time, and then sends its clients away",
        .timeLimit(.minutes(2)))
    func drain() async throws {
        try await RunningPlatform.withFolder { folder in
            let portsFile = folder.appending(path: "ports.json").path
            let process = try CommandLineRun(
                ["serve", "all", "--port", "0", "--ports-file", portsFile, "--data-dir", folder.appending(path: "data").path],
                environment: [
                    "CODELAB_DRAIN_TIME": "5", "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
                    "CODELAB_AUTH_SCRYPT_LOG_N": "4",
                ])
            let ports = try await process.ports(in: portsFile)
            try await RunningPlatform.withClient { http in
                let platform = RunningPlatform(folder: folder, ports: ports, client: http)
                let tokens = try await platform.signIn(as: "admin", password: RunningPlatform.administratorPassword)
                let client = ChannelClient(serverURL: platform.url(of: .gateway), transport: WebSocketClient(), credentials: tokens)
                try await client.session(.init(sessionID: "new_1", deltas: true)) { connection in
                    process.terminate()
                    for service in ServiceName.platform {
                        try await Deadline.wait("\(service) to say that it stops") {
                            guard case .serviceUnavailable(let answer) = try await self.client(platform, service).getReadiness() else {
                                return false
                            }
                            #expect(answer.body.detail == "The service is stopping.")
                            return true
                        }
                    }
                    // Requests, new connections and conversations go on.
                    try await expectAlive(platform)
                    #expect(try await platform.send(.gateway, .get, "/api/v1/health").status == 200)
                    try await connection.send(.userMessage(.init(content: "Are you there?")))
                    var states: [String] = []
                    for try await message in connection.incoming {
                        if case .message(let frame) = message, let state = frame.metadata?["state"]?.stringValue { states.append(state) }
                    }
                    #expect(states.contains("turn_completed"))
                    // The connection has ended in good order, for the reason that specs/gateway gives.
                    let closed = await #expect(throws: WebSocketClosed.self) { try await connection.send(.cancel(.init())) }
                    #expect(closed?.code == .goingAway)
                }
            }
            let result = await process.finish()
            #expect(result.status == 0, "\(result.errors)")
        }
    }
}
