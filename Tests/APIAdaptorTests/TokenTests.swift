import APISupport
import APITokens
import HTTPTypes
import JWTKit
import Testing

@Suite(.serialized, .timeLimit(.minutes(2)))
struct TokenTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private func verifier(
        _ server: KeyServer, audience: String? = "api", maximumKeyAge: Duration = .seconds(60), minimumFetchInterval: Duration = .zero
    ) -> JWKSTokenVerifier {
        JWKSTokenVerifier(
            .init(issuer: "https://auth", audience: audience), maximumKeyAge: maximumKeyAge, minimumFetchInterval: minimumFetchInterval,
            now: { Self.now },
            fetchKeySet: { try await server.keySet() })
    }

    private func claims(_ change: (inout Claims) -> Void = { _ in }) -> Claims {
        var claims = Claims(
            iss: "https://auth", sub: "user-1", aud: ["api", "other"], exp: 1_800_000_900, nbf: 1_800_000_000, client_id: "app",
            scope: "api:read api:write", type: "access")
        change(&claims)
        return claims
    }

    @Test func goodTokenGivesItsPrincipal() async throws {
        let server = try KeyServer(["a"])
        let token = try await server.sign(claims(), "a")
        let principal = try await verifier(server).verify(token, scopes: ["api:read"])
        #expect(
            principal
                == Principal(
                    subject: "user-1", clientID: "app", scopes: ["api:read", "api:write"],
                    expiresAt: Timestamp(secondsSinceEpoch: 1_800_000_900), token: token))
    }

    @Test func clocksMayDifferALittle() async throws {
        let server = try KeyServer(["a"])
        let expired = try await server.sign(claims { $0.exp = 1_799_999_971 }, "a")
        let early = try await server.sign(claims { $0.nbf = 1_800_000_030 }, "a")
        #expect(try await verifier(server).verify(expired).subject == "user-1")
        #expect(try await verifier(server).verify(early).subject == "user-1")
    }

    @Test(
        arguments: [
            { $0.iss = "https://other" }, { $0.iss = nil }, { $0.aud = ["other"] }, { $0.aud = nil }, { $0.exp = 1_799_999_970 },
            { $0.exp = nil },
            { $0.nbf = 1_800_000_031 }, { $0.type = "refresh" }, { $0.sub = nil }, { $0.sub = "" },
        ] as [@Sendable (inout Claims) -> Void])
    func wrongClaimsAreRefused(_ change: @Sendable (inout Claims) -> Void) async throws {
        let server = try KeyServer(["a"])
        let token = try await server.sign(claims(change), "a")
        let failure = await #expect(throws: RequestFailure.self) { try await verifier(server).verify(token) }
        #expect(failure?.code == .unauthenticated)
        #expect(failure?.headerFields[.wwwAuthenticate]?.hasPrefix("Bearer error=\"invalid_token\"") == true)
    }

    @Test func missingScopeIsForbidden() async throws {
        let server = try KeyServer(["a"])
        let token = try await server.sign(claims(), "a")
        let failure = await #expect(throws: RequestFailure.self) { try await verifier(server).verify(token, scopes: ["api:admin"]) }
        #expect(failure?.code == .forbidden)
        #expect(failure?.headerFields[.wwwAuthenticate] == "Bearer error=\"insufficient_scope\", scope=\"api:admin\"")
    }

    @Test func forgedTokensAreRefused() async throws {
        let server = try KeyServer(["a"])
        let verifier = verifier(server)
        let token = try await server.sign(claims(), "a")
        let parts = token.split(separator: ".").map(String.init)
        let other = try await KeyServer(["a"], firstKey: 2).sign(claims { $0.sub = "admin" }, "a").split(separator: ".").map(String.init)
        let none = Data64.encode(#"{"alg":"none","kid":"a"}"#)
        // A key of the set used as an HMAC secret: the classic confusion.
        let symmetric = Data64.encode(#"{"alg":"HS256","kid":"a"}"#)
        let critical = Data64.encode(#"{"alg":"RS256","kid":"a","crit":["x"]}"#)
        for forged in [
            "", "a.b", "a.b.c", "...", String(repeating: "x", count: 10_000), parts[0] + "." + other[1] + "." + parts[2],
            other.joined(separator: "."), none + "." + parts[1] + ".", none + "." + parts[1] + "." + parts[2],
            symmetric + "." + parts[1] + "." + parts[2], critical + "." + parts[1] + "." + parts[2], parts[0] + "." + parts[1] + ".AAAA",
            parts[0] + "." + parts[1] + "." + parts[2] + "=",
        ] {
            let failure = await #expect(throws: RequestFailure.self) { try await verifier.verify(forged) }
            #expect(failure?.code == .unauthenticated)
        }
    }

    @Test func newKeyIsFetchedOnceByOneForAll() async throws {
        let server = try KeyServer(["a", "b"], published: ["a"])
        let verifier = verifier(server)
        _ = try await verifier.verify(try await server.sign(claims(), "a"))
        _ = try await verifier.verify(try await server.sign(claims(), "a"))
        #expect(await server.fetches == 1)
        await server.publish(["a", "b"])
        let token = try await server.sign(claims(), "b")
        let subjects = try await withThrowingTaskGroup(of: String.self, returning: [String].self) { group in
            for _ in 0..<20 { group.addTask { try await verifier.verify(token).subject } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(subjects == Array(repeating: "user-1", count: 20))
        #expect(await server.fetches == 2)
    }

    @Test func keyThatWasTakenBackIsRefusedWhenKeysAreFetchedAnew() async throws {
        let server = try KeyServer(["a", "b"])
        let (old, new) = (try await server.sign(claims(), "a"), try await server.sign(claims(), "b"))
        for maximumKeyAge in [Duration.zero, .seconds(60)] {
            await server.publish(["a"])
            let verifier = verifier(server, maximumKeyAge: maximumKeyAge)
            _ = try await verifier.verify(old)
            await server.publish(["b"])
            // By age, or because the new one is met.
            if maximumKeyAge > .zero { _ = try await verifier.verify(new) }
            let failure = await #expect(throws: RequestFailure.self) { try await verifier.verify(old) }
            #expect(failure?.code == .unauthenticated)
        }
    }

    @Test func unknownKeysAreNotFetchedOverAndOver() async throws {
        let server = try KeyServer(["a", "b"], published: ["a"])
        let verifier = verifier(server, minimumFetchInterval: .seconds(3_600))
        let token = try await server.sign(claims(), "b")
        for _ in 0..<5 {
            let failure = await #expect(throws: RequestFailure.self) { try await verifier.verify(token) }
            #expect(failure?.code == .unauthenticated)
        }
        #expect(await server.fetches == 1)
    }

    @Test func withoutKeysTheServiceIsUnavailable() async throws {
        let server = try KeyServer(["a"])
        await server.goAway()
        let token = try await server.sign(claims(), "a")
        let verifier = verifier(server)
        for _ in 0..<3 {
            let failure = await #expect(throws: RequestFailure.self) { try await verifier.verify(token) }
            #expect(failure?.code == .unavailable)
        }
        #expect(await server.fetches == 1)
    }

    // MARK: Client credentials

    @Test func tokenIsFetchedByOneAndKeptUntilItsEnd() async throws {
        let fetches = Counter()
        let clock = Counter()
        let provider = ClientCredentialsProvider(
            refreshBefore: .seconds(30), now: { Timestamp(secondsSinceEpoch: Int64(clock.value)) },
            fetch: {
                let number = fetches.increment()
                await Task.yield()
                return AccessToken(token: "t\(number)", expiresAt: Timestamp(secondsSinceEpoch: Int64(clock.value) + 100))
            })
        let tokens = try await withThrowingTaskGroup(of: String?.self, returning: Set<String?>.self) { group in
            for _ in 0..<20 { group.addTask { try await provider.credential(scheme: "any") } }
            return try await group.reduce(into: []) { $0.insert($1) }
        }
        #expect(tokens == ["t1"])
        clock.set(69)
        #expect(try await provider.credential(scheme: "any") == "t1")
        clock.set(70)
        #expect(try await provider.credential(scheme: "any") == "t2")
    }

    @Test func refusedTokenIsReplacedAndTheCallSentOnceMore() async throws {
        let fetches = Counter()
        let provider = ClientCredentialsProvider {
            AccessToken(token: "t\(fetches.increment())", expiresAt: Timestamp.now().advanced(by: .seconds(100)))
        }
        let calls = Counter()
        let good = Counter()
        good.set(2)
        func status(bodyStream: ByteStream? = nil) async throws -> Int {
            let token = try #require(try await provider.credential(scheme: "any"))
            let head = HTTPRequest(
                method: .get, scheme: "http", authority: "a", path: "/", headerFields: [.authorization: "Bearer \(token)"])
            let request = ClientRequest(head: head, bodyStream: bodyStream, operationID: "test")
            return try await provider.send(request) { request in
                calls.increment()
                let isGood = request.head.headerFields[.authorization] == "Bearer t\(good.value)"
                return ClientResponse(head: HTTPResponse(status: isGood ? .ok : .unauthorized), body: ByteStream([]))
            }.head.status.code
        }
        #expect(try await status() == 200)
        #expect(try await status() == 200)
        #expect(fetches.value == 2 && calls.value == 3, "the new one is kept")
        good.set(9)
        #expect(try await status() == 401)
        #expect(fetches.value == 3 && calls.value == 5, "not over and over")
        #expect(try await status(bodyStream: ByteStream([])) == 401)
        #expect(fetches.value == 3 && calls.value == 6, "a stream is sent once")
    }

    @Test func failedFetchIsTriedAgain() async throws {
        let fetches = Counter()
        let provider = ClientCredentialsProvider(scheme: "internal") {
            guard fetches.increment() > 1 else { throw RequestFailure(.unavailable) }
            return AccessToken(token: "t", expiresAt: Timestamp.now().advanced(by: .seconds(100)))
        }
        await #expect(throws: RequestFailure.self) { try await provider.credential(scheme: "internal") }
        #expect(try await provider.credential(scheme: "internal") == "t")
        #expect(try await provider.credential(scheme: "other") == nil)
    }
}
