import APISupport
import AuthAPI
import FoundationEssentials
import Logging
import TestServers
import Testing

@testable import AuthHandlers

/// Two auth services over one storage, as behind a load balancer: whatever one began the other goes on with.
@Suite("Replicas of the auth service", .postgres)
struct ReplicaTests {
    private func with(_ storage: Storage, _ body: (AuthFixture, AuthFixture) async throws -> Void) async throws {
        try await storage.withRepositories { (repositories: AuthRepositories) async throws in
            let clock = TestClock()
            let first = try await AuthFixture(repositories: repositories, clock: clock)
            try await body(first, try await AuthFixture(repositories: repositories, clock: clock))
        }
    }

    @Test("a page of one is answered by the other, and a code is used once over both", arguments: Storage.allCases)
    func flow(_ storage: Storage) async throws {
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            let form = try await first.fillIn(AuthFixture.authorization())
            guard case .seeOther(let redirect) = try await second.client.signIn(.init(body: form)) else {
                Issue.record("the other did not know the page")
                return
            }
            let code = try #require(query(of: redirect.location)["code"])
            // Who comes second revokes what the first one got, or is about to get.
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for auth in [first, second, first, second] { group.addTask { try await auth.exchange(code: code).error } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0 == nil }.count <= 1 && answers.filter { $0 == "invalid_grant" }.count >= 3)
            let next = try #require(try await second.signIn()["code"])
            #expect(try await first.exchange(code: next).error == nil)
            #expect(try await second.exchange(code: next).error == "invalid_grant")
        }
    }

    @Test("a refresh token is rotated once over both", arguments: Storage.allCases)
    func refresh(_ storage: Storage) async throws {
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            let token = try #require(try await first.tokens().refreshToken)
            let next = try #require(try await second.refresh(token).ok.body.refreshToken)
            #expect(try await first.refresh(token).error == "invalid_grant", "it was used with the other")
            #expect(try await second.refresh(next).error == "invalid_grant", "its family is revoked with both")
        }
    }

    @Test("what one signs with a new key the other knows at once, and soon signs with it too", arguments: Storage.allCases)
    func rotation(_ storage: Storage) async throws {
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            let old = try await second.tokens()
            try await first.rotateSigningKey()
            let new = try await first.tokens()
            let keys = try await second.client.getJWKS(.init()).ok.body.keys.map(\.kid)
            let active = try Token(new.accessToken).keyID
            #expect(keys.count == 2 && keys.first == active)
            _ = try await second.client(bearer: new.accessToken).getCurrentUser(.init()).ok
            _ = try await first.client(bearer: old.accessToken).getCurrentUser(.init()).ok
        }
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            try await first.rotateSigningKey()
            let token = try await first.tokens().accessToken
            _ = try await second.client(bearer: token).getCurrentUser(.init()).ok
            try await first.rotateSigningKey()
            let form = try await first.fillIn(AuthFixture.authorization())
            guard case .seeOther = try await second.client.signIn(.init(body: form)) else {
                Issue.record("the other did not know the page of the new key")
                return
            }
            try await first.rotateSigningKey()
            first.clock.advance(KeyRing.maximumAge)
            let active = try await first.client.getJWKS(.init()).ok.body.keys.first?.kid
            #expect(try await Token(second.tokens().accessToken).keyID == active, "a retired key signs nothing for long")
        }
    }

    @Test("of two that start at once on an empty storage one makes the key and the administrator", arguments: Storage.allCases)
    func start(_ storage: Storage) async throws {
        try await storage.withRepositories { (repositories: AuthRepositories) async throws in
            var configuration = AuthConfiguration()
            configuration.scryptLogN = 4
            let services = try (0..<3).map { _ in
                try AuthService(
                    configuration: configuration, repositories: repositories, limiter: AwayLimiter(), logger: .init(label: "test"))
            }
            let made = try await withThrowingTaskGroup(of: BootstrapAdministrator?.self) { group in
                for service in services { group.addTask { try await service.prepare() } }
                return try await group.reduce(into: [BootstrapAdministrator]()) { if let one = $1 { $0.append(one) } }
            }
            #expect(made.count == 1)
            #expect(try await repositories.signingKeys.signingKeys().count == 1)
            let auth = try await AuthFixture(repositories: repositories)
            #expect(try await auth.signIn(password: try #require(made.first?.generatedPassword))["code"] != nil)
        }
    }
}
