import APIAsyncHTTPClient
import APISupport
import APITokens
import AsyncHTTPClient
import AuthAPI
import Foundation
import RedisClient
import RuntimeAPI
import Synchronization
import TestServers
import Testing

@testable import codelab

/// Two runtimes on one PostgreSQL and one Redis, as processes, one of which is killed again and again while clients talk.
@Suite("Events of two replicas")
struct EventsOfReplicasTests {
    private static let secret = "a secret for all of them"

    @Test("No committed message goes untold, none that was not committed is told, and sessions keep their order", .timeLimit(.minutes(6)))
    func killedReplicas() async throws {
        let postgres = try await PostgresServer()
        let redis = try await RedisServer(settings: ["appendonly yes"])
        do {
            try await RunningPlatform.withFolder { folder in try await run(in: folder, postgres, redis) }
        } catch {
            try await postgres.stop()
            try await redis.stop()
            throw error
        }
        try await postgres.stop()
        try await redis.stop()
    }

    private func run(in folder: URL, _ postgres: PostgresServer, _ redis: RedisServer) async throws {
        var environment = [
            "CODELAB_AUTH_INTERNAL_SECRET": Self.secret, "CODELAB_ADMIN_PASSWORD": RunningPlatform.administratorPassword,
            "CODELAB_AUTH_SCRYPT_LOG_N": "4", "CODELAB_DATABASE_URL": postgres.url, "CODELAB_REDIS_URL": redis.url,
        ]
        let auth = try await Replica("auth", in: folder, environment)
        environment["CODELAB_AUTH_URL"] = auth.url
        let proxy = try await Replica("llm-proxy", in: folder, environment)
        environment["CODELAB_LLM_PROXY_URL"] = proxy.url
        let replicas = [
            try await Replica("runtime", in: folder, environment), try await Replica("runtime", in: folder, environment),
        ]
        let settings = environment
        try await HTTPClient.withHTTPClient(configuration: AsyncHTTPClientTransport.configuration(connectTimeout: .seconds(5))) { client in
            let transport = AsyncHTTPClientTransport(client: client)
            let keeper = AuthAPI.Client(serverURL: auth.url, transport: transport)
            let credentials = ClientCredentialsProvider {
                let request = AuthAPI.Schemas.TokenRequest(
                    grantType: .clientCredentials, clientID: "codelab-internal", clientSecret: Self.secret, scope: "runtime")
                let answer = try await keeper.token(.init(body: request)).ok.body
                return AccessToken(token: answer.accessToken, expiresAt: Timestamp.now().advanced(by: .seconds(answer.expiresIn)))
            }
            let load = Load(
                replicas.map { RuntimeAPI.Client(serverURL: $0.url, transport: transport, credentials: credentials) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for user in 0..<6 { group.addTask { try await load.talk(as: "user-\(user)") } }
                for round in 0..<6 {
                    try await load.waitForTurns(8)
                    let victim = replicas[round % 2]
                    victim.kill()
                    try await load.waitForTurns(4)
                    try await victim.start(settings)
                }
                load.stop()
                try await group.waitForAll()
            }
        }
        try await check(postgres, redis)
        for replica in replicas + [proxy, auth] { try await replica.terminate() }
    }

    private func check(_ postgres: PostgresServer, _ redis: RedisServer) async throws {
        func number(_ sql: String) async throws -> Int {
            let text = try await postgres.run("psql", ["-At", "-d", "codelab", "-c", sql])
            return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), "\(text)")
        }
        let told = "SELECT subject, (event::json->'data'->>'position')::bigint FROM runtime_audit_log WHERE type = 'message.added'"
        let stored = "SELECT session_id, position FROM runtime_message"
        try await Deadline.wait("everything to be recorded") {
            let waiting = try await number("SELECT count(*) FROM runtime_outbox")
            return try await waiting + number("SELECT count(*) FROM (\(stored) EXCEPT \(told)) AS untold") == 0
        }
        #expect(try await number("SELECT count(*) FROM (\(told) EXCEPT \(stored)) AS invented") == 0)
        #expect(try await number("SELECT count(*) - count(DISTINCT (session_id, position)) FROM (\(stored)) AS m") == 0)
        #expect(try await number("SELECT count(*) FROM runtime_message") > 50)
        // The stream, with repetitions dropped: each session's messages one after the other.
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
        #expect(!next.isEmpty)
        print("events: \(seen.count), published again: \(repetitions), sessions: \(next.count)")
    }
}

/// A process of one service, which can be killed and started again at the same port.
private final class Replica: Sendable {
    let service: String
    let folder: URL
    /// Held for as long as the replica, which is started more than once.
    private let reservation: PortReservation
    private let process = Mutex<CommandLineRun?>(nil)

    init(_ service: String, in folder: URL, _ environment: [String: String]) async throws {
        self.service = service
        self.folder = folder
        reservation = try PortReservation(host: "127.0.0.1")
        try await start(environment)
    }

    private var port: Int { reservation.port }
    var url: String { "http://127.0.0.1:\(port)" }

    func start(_ environment: [String: String]) async throws {
        let file = folder.appending(path: "ports-\(UUID().uuidString).json").path
        let run = try CommandLineRun(
            ["serve", service, "--port", "\(port)", "--ports-file", file, "--data-dir", folder.appending(path: "data").path],
            environment: environment)
        process.withLock { $0 = run }
        _ = try await run.ports(in: file)
    }

    func kill() { process.withLock { $0?.kill() } }

    func terminate() async throws {
        let run = try #require(process.withLock { $0 })
        run.terminate()
        let result = await run.finish()
        #expect(result.status == 0, "\(service): \(result.errors.suffix(4000))")
    }
}

/// Clients that begin sessions and talk, at whichever replica answers.
private final class Load: Sendable {
    private let runtimes: [RuntimeAPI.Client]
    private let turns = Atomic(0)
    private let isStopped = Atomic(false)

    init(_ runtimes: [RuntimeAPI.Client]) { self.runtimes = runtimes }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Waits until so many more turns have been accepted.
    func waitForTurns(_ count: Int) async throws {
        let goal = turns.load(ordering: .relaxed) + count
        try await Deadline.wait("\(count) more turns") { turns.load(ordering: .relaxed) >= goal }
    }

    /// Talks in a session until it has had some turns, or does not answer; then in a new one.
    func talk(as user: String) async throws {
        while !isStopped.load(ordering: .relaxed) {
            guard let runtime = runtimes.randomElement() else { return }
            do {
                let session = try await runtime.createSession(.init(codeLabUser: user, body: .init())).created.body.id
                var accepted = 0
                for _ in 0..<200 where accepted < 4 && !isStopped.load(ordering: .relaxed) {
                    // The other replica may take the next message.
                    let runtime = runtimes.randomElement() ?? runtime
                    let message = RuntimeAPI.Schemas.SessionMessage.userMessage(.init(content: "Hello"))
                    let answer = try await runtime.postMessage(.init(sessionID: session, codeLabUser: user, body: message))
                    if case .accepted = answer {
                        accepted += 1
                        turns.add(1, ordering: .relaxed)
                    }
                    // The pace of a quick person.
                    try await Task.sleep(for: .milliseconds(20))
                }
            } catch {
                // Its replica has been killed.
                try Task.checkCancellation()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
