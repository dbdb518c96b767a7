import APISupport
import Foundation
import GatewayAPI
import HTTPTypes
import RedisClient
import TestServers
import Testing

@testable import codelab

@Suite("The platform on PostgreSQL and Redis", .serialized, .postgres)
struct PostgresAndRedisTests {
    /// Runs a test with an empty database and a Redis of its own: their URLs as settings.
    private func withServers(_ body: (_ environment: [String: String], _ redisURL: String) async throws -> Void) async throws {
        let redis = try await RedisServer()
        do {
            try await body(["CODELAB_DATABASE_URL": PostgresServer.current.newDatabase(), "CODELAB_REDIS_URL": redis.url], redis.url)
        } catch {
            try await redis.stop()
            throw error
        }
        try await redis.stop()
    }

    /// Has the agent summarize a project: it reads, asks, and writes.
    private func summarize(_ platform: RunningPlatform, as user: String, _ password: String) async throws -> CommandLineRun.Result {
        let project = try platform.makeProject()
        let result = try await CommandLineRun(
            [
                "chat", "--gateway", platform.url(of: .gateway), "--auth", platform.url(of: .auth), "--workspace", project.path,
                "--password-from-env", "--yes", "Please summarize this project.",
            ],
            environment: ["CODELAB_USERNAME": user, "CODELAB_PASSWORD": password]
        ).finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("wrote SUMMARY.md"))
        #expect(FileManager.default.fileExists(atPath: project.appending(path: "SUMMARY.md").path))
        return result
    }

    private func client(_ platform: RunningPlatform, _ tokens: AccessTokens) -> GatewayAPI.Client {
        GatewayAPI.Client(serverURL: platform.url(of: .gateway), transport: platform.transport, credentials: tokens)
    }

    @Test("A conversation, and after a restart accounts, keys and sessions are still there", .timeLimit(.minutes(4)))
    func restart() async throws {
        try await withServers { environment, redisURL in
            try await RunningPlatform.withFolder { folder in
                var password = ""
                var earlier: [String: String] = [:]
                var keys = ""
                let log = try await RunningPlatform.run(in: folder, environment: environment.merging(["CODELAB_LOG_LEVEL": "trace"]) { $1 })
                {
                    platform in
                    let user = try await platform.newUser("ada")
                    password = user.password
                    keys = try await platform.send(.auth, .get, "/.well-known/jwks.json").body
                    let result = try await summarize(platform, as: "ada", password)
                    #expect(result.errors.contains("→ write_file: SUMMARY.md"))
                    let page = try await client(platform, user.tokens).listSessions(.init()).ok.body
                    earlier = Dictionary(uniqueKeysWithValues: page.sessions.map { ($0.id, $0.title ?? "") })
                    #expect(earlier.count == 1)
                    // The services are connected to Redis.
                    let clients = try await RedisClient.withClient(RedisConfiguration(url: redisURL)) {
                        try await $0.send(["CLIENT", "LIST"]).text ?? ""
                    }
                    #expect(clients.split(separator: "\n").filter { $0.contains("name=codelab") }.count >= 3, "\(clients)")
                }
                // No secret is in the log, of whatever level.
                #expect(log.contains("CodeLab is ready"))
                for secret in [PostgresServer.password, "p%40ss", password, RunningPlatform.administratorPassword] {
                    #expect(!log.contains(secret))
                }
                // Nothing that lasts is on this machine but the secret that the services share.
                let files = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "data").path)
                #expect(files == ["internal-secret"])

                try await RunningPlatform.run(in: folder, environment: environment) { platform in
                    let tokens = try await platform.signIn(as: "ada", password: password)
                    #expect(try await platform.send(.auth, .get, "/.well-known/jwks.json").body == keys)
                    let client = client(platform, tokens)
                    let page = try await client.listSessions(.init()).ok.body
                    #expect(Dictionary(uniqueKeysWithValues: page.sessions.map { ($0.id, $0.title ?? "") }) == earlier)
                    let session = try #require(earlier.keys.first)
                    let history = try await client.getSessionHistory(.init(sessionID: session)).ok.body
                    #expect(history.messages.first?.content == "Please summarize this project.")
                    #expect(history.messages.count > 3)
                    _ = try await summarize(platform, as: "ada", password)
                    #expect(try await client.listSessions(.init()).ok.body.sessions.count == 2)
                }
            }
        }
    }
}
