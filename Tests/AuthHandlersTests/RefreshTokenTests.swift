import APISupport
import AuthAPI
import FoundationEssentials
import TestServers
import Testing

@Suite("Refresh tokens", .postgres)
struct RefreshTokenTests {
    @Test("each use gives the next token", arguments: Storage.allCases)
    func rotation(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let auth = try await AuthFixture(repositories: repositories)
            var token = try #require(try await auth.tokens().refreshToken)
            var seen: Set<String> = [token]
            for _ in 0..<3 {
                let tokens = try await auth.refresh(token).ok.body
                #expect(tokens.scope == "api:read api:write")
                token = try #require(tokens.refreshToken)
                #expect(seen.insert(token).inserted)
                _ = try await auth.client(bearer: tokens.accessToken).getCurrentUser(.init()).ok
            }
        }
    }

    @Test("a token used twice ends the session, for the thief and for the user", arguments: Storage.allCases)
    func reuse(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let auth = try await AuthFixture(repositories: repositories)
            let first = try #require(try await auth.tokens().refreshToken)
            let other = try #require(try await auth.tokens().refreshToken)
            let second = try #require(try await auth.refresh(first).ok.body.refreshToken)
            #expect(try await auth.refresh(first).error == "invalid_grant")
            #expect(try await auth.refresh(second).error == "invalid_grant")
            #expect(try await auth.refresh(other).error == nil, "another session goes on")
        }
    }

    @Test("of several uses at once one gets tokens", arguments: Storage.allCases)
    func concurrentUse(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let auth = try await AuthFixture(repositories: repositories)
            let token = try #require(try await auth.tokens().refreshToken)
            let successes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { try await auth.refresh(token).error == nil } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(successes == 1)
        }
    }

    @Test("an exchange may ask for fewer scopes, and the session keeps all")
    func narrowing() async throws {
        let auth = try await AuthFixture()
        let first = try #require(try await auth.tokens().refreshToken)
        let narrowed = try await auth.refresh(first, scope: "api:read").ok.body
        #expect(narrowed.scope == "api:read")
        let second = try #require(narrowed.refreshToken)
        #expect(try await auth.refresh(second, scope: "api:admin").error == "invalid_scope")
        #expect(try await auth.refresh(second).ok.body.scope == "api:read api:write", "a refused scope does not use the token up")
    }

    @Test("a token is for its client, and ends after thirty days without use")
    func limits() async throws {
        let auth = try await AuthFixture()
        let token = try #require(try await auth.tokens().refreshToken)
        #expect(try await auth.refresh(token, clientID: "codelab-flutter-app").error == "invalid_grant")
        auth.clock.advance(30 * 24 * 3600 - 1)
        let next = try #require(try await auth.refresh(token).ok.body.refreshToken)
        auth.clock.advance(30 * 24 * 3600)
        #expect(try await auth.refresh(next).error == "invalid_grant")
        #expect(try await auth.refresh("made up").error == "invalid_grant")
    }

    @Test("revoking a token ends its session; a foreign or unknown one is answered the same")
    func revocation() async throws {
        let auth = try await AuthFixture()
        let tokens = try await auth.tokens()
        let token = try #require(tokens.refreshToken)
        func revoke(_ token: String, _ clientID: String) async throws -> Operations.Revoke.Output {
            try await auth.client.revoke(.init(body: Schemas.RevocationRequest(token: token, clientID: clientID)))
        }
        try await revoke(token, "codelab-flutter-app").ok
        try await revoke("unknown", "codelab-cli").ok
        let next = try #require(try await auth.refresh(token).ok.body.refreshToken)
        try await revoke(next, "codelab-cli").ok
        #expect(try await auth.refresh(next).error == "invalid_grant")
        guard case .badRequest(let answer) = try await revoke(tokens.accessToken, "codelab-cli") else {
            Issue.record("an access token was said to be revoked")
            return
        }
        #expect(answer.body.error == .unsupportedTokenType)
        guard case .unauthorized = try await revoke(next, "nobody") else {
            Issue.record("an unknown client was let in")
            return
        }
    }
}
