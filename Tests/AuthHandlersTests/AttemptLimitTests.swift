import APISupport
import AuthAPI
import Coordination
import FoundationEssentials
import HTTPTypes
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import Synchronization
import TestServers
import Testing

@testable import AuthHandlers

@Suite("Limits of attempts to sign in")
struct AttemptLimitTests {
    private static let secret = "Basic " + Data("codelab-internal:wrong".utf8).base64EncodedString()

    /// Sends the form and gives the status.
    private func attempt(_ auth: AuthFixture, _ username: String = "admin", _ password: String = "wrong") async throws -> Int {
        let form = try await auth.fillIn(AuthFixture.authorization(), username: username, password: password)
        return try await auth.post(form, forwardedFor: "192.0.2.1").status
    }

    @Test("Two replicas with one limiter count together, and forgive together")
    func replicas() async throws {
        let (clock, repositories) = (TestClock(), AuthRepositories.inMemory())
        try await countsTogether(MemoryRateLimiter(maximumKeys: 100) { clock.microseconds }, clock, repositories)
    }

    @Test("So they do on Redis, whose keys hold neither names nor secrets")
    func replicasOnRedis() async throws {
        let server = try await RedisServer()
        do {
            let clock = TestClock()
            try await RedisClient.withClient(try RedisConfiguration(url: server.url)) { client in
                try await countsTogether(RedisRateLimiter(client) { clock.microseconds }, clock, .inMemory())
                let keys = try await client.send(["KEYS", "*"]).array?.compactMap(\.text) ?? []
                #expect(!keys.isEmpty && keys.allSatisfy { $0.utf8.count <= 512 && !$0.contains("admin") && !$0.contains("wrong") })
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    private func countsTogether(_ limiter: any RateLimiter, _ clock: TestClock, _ repositories: AuthRepositories) async throws {
        let first = try await AuthFixture(repositories: repositories, limiter: limiter, clock: clock)
        let second = try await AuthFixture(repositories: repositories, limiter: limiter, clock: clock)
        var statuses: [Int] = []
        for turn in 0..<6 { statuses.append(try await attempt(turn.isMultiple(of: 2) ? first : second)) }
        #expect(statuses == [401, 401, 401, 401, 401, 429])
        #expect(try await attempt(first, "somebody else") == 401)
        clock.advance(59)
        #expect(try await attempt(second, "admin", AuthFixture.administratorPassword) == 429)
        clock.advance(1)
        #expect(try await attempt(second, "admin", AuthFixture.administratorPassword) == 303)
        for _ in 0..<5 { #expect(try await attempt(first) == 401) }
        #expect(try await attempt(second) == 429)
    }

    @Test("An address is slowed down over all accounts; a refused attempt takes nothing of its account's")
    func address() async throws {
        let auth = try await AuthFixture { $0.attemptsPerAddress = 3 }
        for name in ["a", "b", "c"] { #expect(try await attempt(auth, name) == 401) }
        for _ in 0..<9 { #expect(try await attempt(auth, "d") == 429) }
        auth.clock.advance(10)
        #expect(try await attempt(auth, "d") == 401)
        #expect(try await attempt(auth, "d") == 429)
        auth.clock.advance(10)
        #expect(try await attempt(auth, "admin", AuthFixture.administratorPassword) == 303)
        #expect(try await attempt(auth, "d") == 401, "a success takes its attempt back")
    }

    @Test("Guesses made at once count too")
    func concurrency() async throws {
        let auth = try await AuthFixture { $0.attemptsPerAddress = 1000 }
        let form = try await auth.fillIn(AuthFixture.authorization(), password: "wrong")
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await auth.post(form, forwardedFor: "192.0.2.1").status } }
            return try await group.reduce(0) { $0 + ($1 == 401 ? 1 : 0) }
        }
        #expect(refused == 5)
    }

    @Test("While attempts cannot be counted no password and no secret is looked at, and everything else goes on")
    func storeAway() async throws {
        let limiter = AwayLimiter(MemoryRateLimiter())
        limiter.comeBack()
        let auth = try await AuthFixture(limiter: limiter) { $0.clients = AuthFixture.clientsWithPasswords }
        let tokens = try await auth.tokens()
        limiter.leave()
        for password in ["wrong", AuthFixture.administratorPassword] {
            let form = try await auth.fillIn(AuthFixture.authorization(), password: password)
            guard case .serviceUnavailable(let page) = try await auth.client.signIn(.init(body: form)) else {
                Issue.record("a password was looked at")
                continue
            }
            #expect(page.retryAfter == 5 && page.body.contains("Nobody can sign in"))
        }
        var grant = Schemas.TokenRequest(
            grantType: .password, clientID: "codelab-cli", username: "admin", password: AuthFixture.administratorPassword)
        guard case .serviceUnavailable(let refusal) = try await auth.client.token(.init(body: grant)) else {
            Issue.record("a password was looked at")
            return
        }
        #expect(refusal.retryAfter == 5 && refusal.body.error == .temporarilyUnavailable)
        grant = Schemas.TokenRequest(grantType: .clientCredentials, clientID: "codelab-internal", clientSecret: "wrong")
        guard case .serviceUnavailable = try await auth.client.token(.init(body: grant)) else {
            Issue.record("a secret could be guessed")
            return
        }
        let basic = try await auth.send(
            .post, "/oauth/token", body: "grant_type=client_credentials", headers: [.authorization: Self.secret])
        #expect(basic.status == 503 && basic.head.headerFields[.retryAfter] == "5")
        #expect(try basic.json(Schemas.OAuthError.self).error == .temporarilyUnavailable)
        // The right secret is long and random: it needs no count. Nor does a refresh.
        grant.clientSecret = AuthFixture.internalSecret
        _ = try await auth.client.token(.init(body: grant)).ok
        #expect(try await auth.refresh(try #require(tokens.refreshToken)).error == nil)
        limiter.comeBack()
        // One caller a second asks whether it is back.
        let form = try await auth.fillIn(AuthFixture.authorization())
        try await Deadline.wait("attempts to be counted again") {
            guard case .seeOther = try await auth.client.signIn(.init(secFetchSite: "same-origin", body: form)) else { return false }
            return true
        }
    }
}

extension AuthFixture {
    static var clientsWithPasswords: [RegisteredClient] {
        RegisteredClient.codeLab(internalSecrets: [internalSecret], passwordGrantClients: ["codelab-cli"])
    }
}
