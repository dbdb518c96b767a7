import AuthAPI
import FoundationEssentials
import TestServers
import Testing

@testable import AuthHandlers

/// What happens to keys, and to the tokens that they signed, over two replicas that were there before.
@Suite("Rotation of the signing key", .postgres)
struct KeyRotationTests {
    private func with(_ storage: Storage, _ body: (AuthFixture, AuthFixture) async throws -> Void) async throws {
        try await storage.withRepositories { (repositories: AuthRepositories) async throws in
            let clock = TestClock()
            let first = try await AuthFixture(repositories: repositories, clock: clock)
            try await body(first, try await AuthFixture(repositories: repositories, clock: clock))
        }
    }

    private func published(_ auth: AuthFixture) async throws -> [String] {
        try await auth.client.getJWKS(.init()).ok.body.keys.map(\.kid)
    }

    private func isAccepted(_ token: String, by auth: AuthFixture) async throws -> Bool {
        if case .ok = try await auth.client(bearer: token).getCurrentUser(.init()) { true } else { false }
    }

    @Test("a key is published, then signs, is retired, and is gone when its last token has expired", arguments: Storage.allCases)
    func life(_ storage: Storage) async throws {
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            let clock = first.clock
            let old = try await published(first)[0]
            guard case .rotated(let next) = try await first.rotation.rotate(lead: 600) else {
                Issue.record("nothing was rotated")
                return
            }
            #expect(next.state == .next && next.signsFrom == clock.now.addingTimeInterval(600))
            #expect(try await first.rotation.keys().map(\.state) == [.next, .signing])
            for auth in [first, second] {
                #expect(try await published(auth) == [old, next.kid])
                #expect(try await Token(auth.tokens().accessToken).keyID == old)
            }
            clock.advance(599)
            let last = try await second.tokens().accessToken
            #expect(try Token(last).keyID == old)
            // Its turn has come; a replica may have read the keys ten seconds ago.
            clock.advance(1 + KeyRing.maximumAge)
            for auth in [first, second] {
                let token = try await auth.tokens().accessToken
                #expect(try Token(token).keyID == next.kid)
                #expect(try await published(auth) == [next.kid, old])
                for reader in [first, second] {
                    #expect(try await isAccepted(token, by: reader))
                    #expect(try await isAccepted(last, by: reader))
                }
            }
            let retired = try #require(try await first.rotation.keys().last)
            #expect(retired.state == .retired && retired.signsUntil == next.signsFrom)
            // An access token is good for 900 seconds, and clocks may be 30 apart.
            let end = try #require(retired.publishedUntil)
            #expect(end == next.signsFrom.addingTimeInterval(900 + 30 + KeyRing.maximumAge))
            clock.advance(end.timeIntervalSince(clock.now))
            #expect(try await published(second) == [next.kid, old])
            clock.advance(1)
            #expect(try await published(second) == [next.kid])
            #expect(try await first.rotation.keys().map(\.kid) == [next.kid], "the private key is gone too")
        }
    }

    @Test(
        "revoked keys are gone at once; their tokens are refused within ten seconds, and refresh tokens stay good",
        arguments: Storage.allCases)
    func revocation(_ storage: Storage) async throws {
        try await with(storage) { (first: AuthFixture, second: AuthFixture) async throws in
            _ = try await first.rotation.rotate(lead: 600)
            let stolen = try await first.tokens()
            let form = try await second.fillIn(AuthFixture.authorization())
            let key = try await first.rotation.revokeAll()
            #expect(key.state == .signing)
            first.clock.advance(KeyRing.maximumAge)
            for auth in [first, second] {
                #expect(try await !isAccepted(stolen.accessToken, by: auth))
                #expect(try await published(auth) == [key.kid])
            }
            let renewed = try await second.refresh(try #require(stolen.refreshToken)).ok.body
            #expect(try Token(renewed.accessToken).keyID == key.kid)
            #expect(try await isAccepted(renewed.accessToken, by: first))
            guard case .badRequest = try await first.client.signIn(.init(secFetchSite: "same-origin", body: form)) else {
                Issue.record("a page that was sealed with a revoked key was accepted")
                return
            }
            _ = try await first.tokens()
        }
    }

    @Test("a rotation waits for the one under way, and for a key's age", arguments: Storage.allCases)
    func order(_ storage: Storage) async throws {
        try await with(storage) { (auth: AuthFixture, _: AuthFixture) async throws in
            let day: TimeInterval = 86_400
            let outcomes = try await withThrowingTaskGroup(of: SigningKeyRotation.Outcome.self) { group in
                for _ in 0..<2 { group.addTask { try await auth.rotation.rotate(lead: 60) } }
                return try await group.reduce(into: [SigningKeyRotation.Outcome]()) { $0.append($1) }
            }
            #expect(outcomes.count { if case .rotated = $0 { true } else { false } } == 1)
            #expect(outcomes.count { if case .underWay = $0 { true } else { false } } == 1)
            guard case .underWay(let waiting) = try await auth.rotation.rotate(lead: 0) else {
                Issue.record("two keys wait at once")
                return
            }
            auth.clock.advance(89 * day)
            #expect(try await auth.rotation.rotate(ifOlderThan: 90 * day) == .notDue(auth.rotation.keys()[0]))
            auth.clock.advance(1 * day)
            guard case .rotated(let key) = try await auth.rotation.rotate(ifOlderThan: 90 * day) else {
                Issue.record("a key of 90 days was left")
                return
            }
            #expect(key.kid != waiting.kid && key.signsFrom == auth.clock.now.addingTimeInterval(SigningKeyRotation.standardLead))
        }
    }

    @Test("where clocks are apart and no key has begun to sign, the first one does")
    func clocksApart() async throws {
        let auth = try await AuthFixture()
        let key = try await auth.rotation.revokeAll()
        auth.clock.advance(-5)
        #expect(try await published(auth) == [key.kid])
        #expect(try await Token(auth.tokens().accessToken).keyID == key.kid)
    }
}
