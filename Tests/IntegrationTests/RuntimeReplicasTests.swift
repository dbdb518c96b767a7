import APIAsyncHTTPClient
import APISupport
import APIWebSocket
import AsyncHTTPClient
import Foundation
import GatewayAPI
import HTTPTypes
import TestServers
import Testing

@testable import codelab

@Suite("Two replicas of the runtime, on PostgreSQL and Redis", .postgres)
struct RuntimeReplicasTests {
    /// Six processes: two gateways, of which each has a runtime of its own, and what these share.
    private struct Processes {
        var all: [CommandLineRun] = []
        var runtimes: [CommandLineRun] = []
        var ports: [String: Int] = [:]

        init(in folder: URL, database: String, redis: String) async throws {
            let environment = [
                "CODELAB_AUTH_INTERNAL_SECRET": "a secret for all of them", "CODELAB_DATABASE_URL": database, "CODELAB_REDIS_URL": redis,
                "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword, "CODELAB_AUTH_SCRYPT_LOG_N": "4",
            ]
            // Held until each has its own.
            var reservations: [PortReservation] = []
            for name in ["auth", "llm-proxy", "runtime", "runtime-2", "gateway", "gateway-2"] {
                let reservation = try PortReservation(host: "127.0.0.1")
                reservations.append(reservation)
                ports[name] = reservation.port
            }
            let scenario = RunningPlatform.checkout.appending(path: "deploy/scenarios/demo.yaml").path
            for name in ["auth", "llm-proxy", "runtime", "runtime-2", "gateway", "gateway-2"] {
                let service = name.hasSuffix("-2") ? String(name.dropLast(2)) : name
                let file = folder.appending(path: "\(name).json").path
                let process = try CommandLineRun(
                    [
                        "serve", service, "--port", "\(ports[name] ?? 0)", "--ports-file", file, "--data-dir", folder.path,
                        "--auth-url", url("auth"), "--llm-proxy-url", url("llm-proxy"), "--scenario", scenario,
                    ] + (service == "gateway" ? ["--runtime-url", url(name == service ? "runtime" : "runtime-2")] : []),
                    environment: environment)
                all.append(process)
                if service == "runtime" { runtimes.append(process) }
                _ = try await process.ports(in: file)
            }
        }

        func url(_ name: String) -> String { "http://127.0.0.1:\(ports[name] ?? 0)" }
    }

    @Test(
        "A turn is driven through the other one; when its replica is killed it is told to be over, and the session goes on there",
        .timeLimit(.minutes(4)))
    func takeover() async throws {
        let redis = try await RedisServer()
        try await RunningPlatform.withFolder { folder in
            let processes = try await Processes(in: folder, database: try await PostgresServer.current.newDatabase(), redis: redis.url)
            do {
                try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration(connectTimeout: .seconds(30))) {
                    client in
                    let platform = RunningPlatform(folder: folder, ports: processes.ports, client: client)
                    let tokens = try await platform.signIn(as: "admin", password: RunningPlatform.administratorPassword)
                    let other = RunningPlatform(folder: folder, ports: ["runtime": processes.ports["runtime-2"] ?? 0], client: client)
                    try await converse(processes, tokens) { try Exposition(try await other.send(.runtime, .get, "/metrics").body) }
                }
            } catch {
                for process in processes.all { process.kill() }
                throw error
            }
            for process in processes.all { process.terminate() }
            for process in processes.all { _ = await process.finish() }
        }
        try await redis.stop()
    }

    /// - Parameter metrics: Those of the runtime that stays.
    private func converse(_ processes: Processes, _ tokens: AccessTokens, metrics: () async throws -> Exposition) async throws {
        let (first, second) = (client(processes.url("gateway"), tokens), client(processes.url("gateway-2"), tokens))
        try await first.session(.init(sessionID: "new_1", deltas: true)) { (here: Channels.Session.ClientConnection) async throws -> Void in
            let session = try #require(try await frames(here) { $0.type == .sessionInfo }.last?.sessionID)
            // The first runtime has it by now. What is said to the second is passed on.
            try await second.session(.init(sessionID: session, deltas: true)) {
                (there: Channels.Session.ClientConnection) async throws -> Void in
                try await there.send(.userMessage(.init(content: "Please summarize this project into SUMMARY.md.")))
                let call = try await frames(there) { $0.type == .toolCall }.last?.callID
                #expect(try await frames(here) { $0.type == .toolCall }.last?.callID == call)

                processes.runtimes[0].kill()
                let told = try await frames(there) { $0.metadata?["state"]?.stringValue == "turn_failed" }
                let codes = told.filter { $0.type == .error }.map { $0.metadata?["code"]?.stringValue }
                #expect(codes == ["events_lost", "interrupted"])
                #expect(try await metrics().sum("codelab_sessions_interrupted_total") == 1)
                try await there.send(.userMessage(.init(content: "Hello")))
                _ = try await frames(there) { $0.metadata?["state"]?.stringValue == "turn_completed" }
            }
        }
    }

    private func client(_ gateway: String, _ tokens: AccessTokens) -> ChannelClient {
        ChannelClient(serverURL: gateway, transport: WebSocketClient(), credentials: tokens)
    }

    /// Frames up to the first that `isLast` picks.
    private func frames(
        _ connection: Channels.Session.ClientConnection, until isLast: (Schemas.ServerFrame) -> Bool
    ) async throws -> [Schemas.ServerFrame] {
        var frames: [Schemas.ServerFrame] = []
        for try await message in connection.incoming {
            guard case .message(let frame) = message else { continue }
            frames.append(frame)
            if isLast(frame) { return frames }
        }
        throw Ended(frames: frames)
    }

    /// The connection ended before what was waited for.
    private struct Ended: Error {
        let frames: [Schemas.ServerFrame]
    }
}
