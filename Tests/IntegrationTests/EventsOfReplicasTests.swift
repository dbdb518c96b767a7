import APIAsyncHTTPClient
import APISupport
import APITokens
import AsyncHTTPClient
import AuthAPI
import Foundation
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
        let auth = try Replica(.auth, in: folder)
        environment["CODELAB_AUTH_URL"] = auth.url
        let proxy = try Replica(.llmProxy, in: folder)
        environment["CODELAB_LLM_PROXY_URL"] = proxy.url
        let replicas = [try Replica(.runtime, in: folder), try Replica(.runtime, in: folder)]
        let settings = environment
        for replica in [auth, proxy] + replicas { try await replica.start(settings) }
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
        print(try await EventRecords(postgres: postgres, redis: redis).check())
        for replica in replicas + [proxy, auth] { try await replica.terminate() }
    }
}

/// Clients that begin sessions and talk, at whichever replica answers.
private final class Load: Sendable {
    private let runtimes: [RuntimeAPI.Client]
    private let turns = Atomic(0)
    private let isStopped = Atomic(false)

    init(_ runtimes: [RuntimeAPI.Client]) { self.runtimes = runtimes }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Waits until so many more turns have been accepted. All users may be in sessions of the replica that was killed: its leases last 15 s, passing a
    /// message on to it may take 10 s, and each attempt to connect to it 5 s.
    func waitForTurns(_ count: Int) async throws {
        let goal = turns.load(ordering: .relaxed) + count
        try await Deadline.wait("\(count) more turns", within: .seconds(90)) { turns.load(ordering: .relaxed) >= goal }
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
