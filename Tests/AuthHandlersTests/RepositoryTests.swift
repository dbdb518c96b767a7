import AuthHandlers
import FoundationEssentials
import Migrations
import PostgresClient
import PostgresInfrastructure
import TestServers
import Testing

/// What every storage of the auth service must do.
@Suite("Auth repositories", .postgres)
struct RepositoryTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func user(_ name: String, email: String? = nil) -> User {
        User(
            id: "id-of-\(name)", username: name, email: email, name: nil, isAdministrator: false, passwordHash: "hash", createdAt: now
        )
    }

    private func code(_ hash: String, forgottenAfter seconds: TimeInterval = 3600) -> AuthorizationCode {
        AuthorizationCode(
            hash: hash, clientID: "client", redirectURI: "http://127.0.0.1/callback", userID: "id-of-ada",
            scopes: Scopes(["api:read", "api:write"]), codeChallenge: "challenge", nonce: "nonce", family: "family", authenticatedAt: now,
            expiresAt: now.addingTimeInterval(60), forgottenAt: now.addingTimeInterval(seconds)
        )
    }

    private func token(
        _ hash: String, family: String = "family", issuedAfter: TimeInterval = 0, lifetime: TimeInterval = 1000
    ) -> RefreshToken {
        let issuedAt = now.addingTimeInterval(issuedAfter)
        return RefreshToken(
            hash: hash, family: family, userID: "id-of-ada", clientID: "client", scopes: Scopes(["api:read"]), authenticatedAt: now,
            issuedAt: issuedAt, expiresAt: issuedAt.addingTimeInterval(lifetime)
        )
    }

    @Test("an account is found by identifier, name and e-mail address", arguments: Storage.allCases)
    func findsUsers(_ storage: Storage) async throws {
        try await storage.withRepositories { (repositories: AuthRepositories) async throws in
            let ada = user("ada", email: "ada@example.com")
            #expect(try await repositories.users.insert(ada))
            #expect(try await repositories.users.user(id: "id-of-ada") == ada)
            #expect(try await repositories.users.user(signInName: "ada") == ada)
            #expect(try await repositories.users.user(signInName: "ada@example.com") == ada)
            #expect(try await repositories.users.user(signInName: "grace") == nil)
            #expect(try await repositories.users.user(id: "ada") == nil)
        }
    }

    @Test("a name and an e-mail address belong to one account", arguments: Storage.allCases)
    func refusesSecondUser(_ storage: Storage) async throws {
        try await storage.withRepositories { (repositories: AuthRepositories) async throws in
            #expect(try await repositories.users.insert(user("ada", email: "ada@example.com")))
            #expect(try await !repositories.users.insert(user("ada")))
            #expect(try await !repositories.users.insert(user("grace", email: "ada@example.com")))
            #expect(try await repositories.users.insert(user("grace")))
            #expect(try await repositories.users.insert(user("edsger")), "no address is no address twice")
        }
    }

    @Test("a code is consumed once, also when many try at once", arguments: Storage.allCases)
    func consumesCodeOnce(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            try await repositories.authorizationCodes.insert(code("one"))
            let results = try await withThrowingTaskGroup(of: CodeConsumption.self) { group in
                for _ in 0..<16 { group.addTask { try await repositories.authorizationCodes.consume(hash: "one", at: now) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .consumed(code("one")) } == 1)
            #expect(results.count { $0 == .reused(code("one")) } == 15)
            #expect(try await repositories.authorizationCodes.consume(hash: "another", at: now) == .unknown)
        }
    }

    @Test("codes that nobody needs any more are forgotten", arguments: Storage.allCases)
    func forgetsCodes(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            try await repositories.authorizationCodes.insert(code("old", forgottenAfter: 0))
            try await repositories.authorizationCodes.insert(code("new"))
            #expect(try await repositories.authorizationCodes.consume(hash: "old", at: now) == .unknown)
            #expect(try await repositories.authorizationCodes.consume(hash: "new", at: now) == .consumed(code("new")))
        }
    }

    @Test("of many rotations at once one succeeds, and the others revoke the family", arguments: Storage.allCases)
    func rotatesOnce(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            #expect(try await repositories.refreshTokens.insert(token("first")))
            let results = try await withThrowingTaskGroup(of: RefreshRotation.self) { group in
                for index in 0..<8 {
                    group.addTask { try await repositories.refreshTokens.rotate(hash: "first", to: token("next-\(index)"), at: now) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .rotated } == 1)
            #expect(results.count { $0 == .reused } == 1)
            #expect(results.count { $0 == .revoked } == 6)
            let next = try #require(try await (0..<8).asyncFirst { try await repositories.refreshTokens.token(hash: "next-\($0)") != nil })
            #expect(try await repositories.refreshTokens.rotate(hash: "next-\(next)", to: token("last"), at: now) == .revoked)
        }
    }

    @Test("a rotated token leads to the next one, with all that is kept of it", arguments: Storage.allCases)
    func keepsTokens(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            _ = try await repositories.refreshTokens.insert(token("first"))
            #expect(try await repositories.refreshTokens.token(hash: "first") == token("first"))
            #expect(try await repositories.refreshTokens.rotate(hash: "first", to: token("second"), at: now) == .rotated)
            #expect(try await repositories.refreshTokens.token(hash: "second") == token("second"))
            #expect(try await repositories.refreshTokens.rotate(hash: "unheard", to: token("third"), at: now) == .unknown)
            #expect(try await repositories.refreshTokens.token(hash: "third") == nil)
        }
    }

    @Test("an expired token is not rotated and is forgotten", arguments: Storage.allCases)
    func forgetsTokens(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            _ = try await repositories.refreshTokens.insert(token("old", lifetime: 10))
            let later = now.addingTimeInterval(10)
            #expect(try await repositories.refreshTokens.rotate(hash: "old", to: token("next"), at: later) == .unknown)
            _ = try await repositories.refreshTokens.insert(token("new", family: "another", issuedAfter: 10))
            #expect(try await repositories.refreshTokens.token(hash: "old") == nil)
        }
    }

    @Test("a family that was revoked stays so for tokens that come later", arguments: Storage.allCases)
    func revokesFamilies(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            _ = try await repositories.users.insert(user("ada"))
            _ = try await repositories.refreshTokens.insert(token("one"))
            let end = now.addingTimeInterval(1000)
            try await repositories.refreshTokens.revokeFamily("family", at: now, forgottenAt: end)
            try await repositories.refreshTokens.revokeFamily("family", at: now, forgottenAt: now)
            #expect(try await repositories.refreshTokens.rotate(hash: "one", to: token("two"), at: now) == .revoked)
            #expect(try await !repositories.refreshTokens.insert(token("late")))
            #expect(try await repositories.refreshTokens.insert(token("other", family: "another")))
        }
    }

    private func key(_ kid: String, _ age: TimeInterval = 0, signsAfter lead: TimeInterval = 0) -> SigningKey {
        let createdAt = now.addingTimeInterval(age)
        return SigningKey(
            kid: kid, privateKey: [1, 2, 3], createdAt: createdAt, signsFrom: createdAt.addingTimeInterval(lead), retiredAt: nil)
    }

    @Test("there is one first key, and the last in line has one successor, also when many try at once", arguments: Storage.allCases)
    func keepsKeysInLine(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let keys = repositories.signingKeys
            let inserted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<4 { group.addTask { try await keys.insertFirst(key("first-\(index)")) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(inserted == 1)
            let first = try #require(try await keys.signingKeys().first)
            let appended = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<4 {
                    group.addTask { try await keys.append(key("second-\(index)", 100, signsAfter: 50), after: first.kid) }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(appended == 1)
            let kept = try await keys.signingKeys()
            let second = try #require(kept.first)
            #expect(kept == [key(second.kid, 100, signsAfter: 50), first.retired(at: now.addingTimeInterval(150))])
            #expect(try await !keys.append(key("third", 200), after: first.kid), "it is the last no more")
            #expect(try await !keys.append(key("third", 200), after: "unheard"))
            #expect(try await !keys.insertFirst(key("another first")))
            #expect(try await keys.signingKeys() == kept)
        }
    }

    @Test("a key of the release before, which knew no lead, signs from its creation on, and has a successor")
    func keyOfEarlierRelease() async throws {
        let configuration = PostgresConfiguration(try await PostgresServer.current.newDatabase())
        try await PostgresMigrator(configuration).apply(.postgresAuth)
        try await PostgresPool.withPool(configuration) { pool in
            let keys = AuthRepositories.postgres(pool).signingKeys
            let bytes: [UInt8] = [1, 2, 3]
            try await pool.query(
                "INSERT INTO auth_signing_keys (kid, private_key, created_at) VALUES ('old', \(bytes), '2027-01-15T08:00:00Z')")
            #expect(try await keys.signingKeys() == [key("old")])
            #expect(try await keys.append(key("new", 100), after: "old"))
            #expect(try await keys.signingKeys().map(\.kid) == ["new", "old"])
        }
    }

    @Test("keys are forgotten when their time is over, and all at once", arguments: Storage.allCases)
    func forgetsKeys(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let keys = repositories.signingKeys
            #expect(try await keys.insertFirst(key("first")))
            #expect(try await keys.append(key("second", 100), after: "first"))
            try await keys.removeKeys(retiredBefore: now.addingTimeInterval(100))
            #expect(try await keys.signingKeys().map(\.kid) == ["second", "first"])
            try await keys.removeKeys(retiredBefore: now.addingTimeInterval(101))
            #expect(try await keys.signingKeys().map(\.kid) == ["second"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<4 { group.addTask { try await keys.replaceAll(with: key("only-\(index)", 200)) } }
                try await group.waitForAll()
            }
            #expect(try await keys.signingKeys().map(\.retiredAt) == [nil])
            #expect(try await keys.signingKeys().first?.kid.hasPrefix("only") == true)
        }
    }
}

extension Sequence {
    /// The first element for which an asynchronous condition holds.
    func asyncFirst(where condition: (Element) async throws -> Bool) async rethrows -> Element? {
        for element in self where try await condition(element) { return element }
        return nil
    }
}
