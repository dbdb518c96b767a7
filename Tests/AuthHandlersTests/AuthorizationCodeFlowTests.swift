import APISupport
import AuthAPI
import FoundationEssentials
import TestServers
import Testing

@Suite("Authorization code with PKCE", .postgres)
struct AuthorizationCodeFlowTests {
    @Test("page, form, redirect, code, tokens; on every storage", arguments: Storage.allCases)
    func wholeFlow(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let auth = try await AuthFixture(repositories: repositories)
            let page = try await auth.client.authorize(AuthFixture.authorization()).ok
            #expect(page.body.contains("CodeLab in the terminal"))
            #expect(page.cacheControl == "no-store")
            #expect(page.contentSecurityPolicy.contains("default-src 'none'"))
            #expect(page.contentSecurityPolicy.contains("form-action 'self' http://127.0.0.1:53682;"))

            let answer = try await auth.signIn()
            #expect(answer["state"] == "a state")
            #expect(answer["iss"] == "http://localhost:8003")
            let tokens = try await auth.exchange(code: try #require(answer["code"])).ok
            #expect(tokens.cacheControl == "no-store")
            #expect(tokens.body.tokenType == "Bearer")
            #expect(tokens.body.expiresIn == 900)
            #expect(tokens.body.scope == "api:read api:write")
            #expect(tokens.body.idToken == nil)
            #expect(tokens.body.refreshToken != nil)

            let me = try await auth.client(bearer: tokens.body.accessToken).getCurrentUser(.init()).ok
            #expect(me.username == "admin")
        }
    }

    @Test("a public client's redirect may use any port of the loopback address, and only that may differ")
    func loopbackPorts() async throws {
        let auth = try await AuthFixture()
        for uri in ["http://127.0.0.1:1/callback", "http://127.0.0.1/callback", "http://[::1]:40000/callback"] {
            _ = try await auth.client.authorize(AuthFixture.authorization(redirectURI: uri)).ok
        }
        for uri in [
            "http://127.0.0.1:1/callback/", "http://127.0.0.1:1/other", "http://127.0.0.1:1/callback?more=1", "http://localhost:1/callback",
            "http://127.0.0.1:1@evil.example/callback", "http://127.0.0.2:1/callback", "https://127.0.0.1:1/callback",
            "http://127.0.0.1:99999/callback", "http://127.0.0.1:/callback", "javascript:alert(1)", "http://127.0.0.1:1/callback#x",
            "http://127.0.0.1:1/callback\r\nSet-Cookie: a=b", "", "/callback",
        ] {
            let output = try await auth.client.authorize(AuthFixture.authorization(redirectURI: uri))
            guard case .badRequest(let page) = output else {
                Issue.record("\(uri) was answered with \(output)")
                continue
            }
            #expect(page.body.contains("This sign-in does not work"))
        }
    }

    @Test("an unknown client gets a page and no redirect")
    func unknownClient() async throws {
        let auth = try await AuthFixture()
        for id in ["nobody", nil, "codelab-internal"] as [String?] {
            guard case .badRequest = try await auth.client.authorize(AuthFixture.authorization(clientID: id)) else {
                Issue.record("\(id ?? "none") was let in")
                continue
            }
        }
    }

    @Test(
        "other mistakes reach the client by redirect",
        arguments: [
            (AuthFixture.authorization(responseType: nil), "invalid_request"),
            (AuthFixture.authorization(responseType: "token"), "unsupported_response_type"),
            (AuthFixture.authorization(scope: "api:read llm"), "invalid_scope"),
            (AuthFixture.authorization(scope: "bad\"scope"), "invalid_scope"),
            (AuthFixture.authorization(challenge: nil), "invalid_request"),
            (AuthFixture.authorization(challenge: "short"), "invalid_request"),
            (AuthFixture.authorization(method: "plain"), "invalid_request"),
            (AuthFixture.authorization(method: nil), "invalid_request"),
            (AuthFixture.authorization(prompt: "none"), "login_required"),
        ])
    func errorsByRedirect(_ request: Operations.Authorize.Input, _ error: String) async throws {
        let auth = try await AuthFixture()
        guard case .found(let redirect) = try await auth.client.authorize(request) else {
            Issue.record("there was no redirect")
            return
        }
        #expect(redirect.location.hasPrefix(AuthFixture.redirectURI + "?"))
        let answer = query(of: redirect.location)
        #expect(answer["error"] == error)
        #expect(answer["state"] == "a state")
        #expect(answer["iss"] == "http://localhost:8003")
        #expect(answer["code"] == nil)
    }

    @Test("a wrong verifier is refused, and uses the code up")
    func wrongVerifier() async throws {
        let auth = try await AuthFixture()
        let code = try #require(try await auth.signIn()["code"])
        let wrong = String(repeating: "x", count: 43)
        #expect(try await auth.exchange(code: code, verifier: wrong).error == "invalid_grant")
        #expect(try await auth.exchange(code: code).error == "invalid_grant")
    }

    @Test("a malformed verifier is a mistake in the request, not an attempt")
    func malformedVerifier() async throws {
        let auth = try await AuthFixture()
        let code = try #require(try await auth.signIn()["code"])
        #expect(try await auth.exchange(code: code, verifier: "short").error == "invalid_request")
        #expect(try await auth.exchange(code: code, verifier: nil).error == "invalid_request")
        _ = try await auth.exchange(code: code).ok
    }

    @Test("a code used twice revokes what was issued for it", arguments: Storage.allCases)
    func codeReuse(_ storage: Storage) async throws {
        try await storage.withRepositories { repositories in
            let auth = try await AuthFixture(repositories: repositories)
            let code = try #require(try await auth.signIn()["code"])
            let tokens = try await auth.exchange(code: code).ok.body
            #expect(try await auth.exchange(code: code).error == "invalid_grant")
            #expect(try await auth.refresh(try #require(tokens.refreshToken)).error == "invalid_grant")
        }
    }

    @Test("a code is for one client and one redirect URI, for a minute")
    func bindings() async throws {
        let auth = try await AuthFixture()
        let first = try #require(try await auth.signIn()["code"])
        #expect(try await auth.exchange(code: first, redirectURI: "http://127.0.0.1:1/callback").error == "invalid_grant")
        let second = try #require(try await auth.signIn()["code"])
        #expect(try await auth.exchange(code: second, clientID: "codelab-flutter-app").error == "invalid_grant")
        let third = try #require(try await auth.signIn()["code"])
        auth.clock.advance(60)
        #expect(try await auth.exchange(code: third).error == "invalid_grant")
        let fourth = try #require(try await auth.signIn()["code"])
        auth.clock.advance(59)
        _ = try await auth.exchange(code: fourth).ok
        #expect(try await auth.exchange(code: "made up").error == "invalid_grant")
    }

    @Test("an ID token comes with the scope openid and repeats the nonce")
    func idToken() async throws {
        let auth = try await AuthFixture()
        let tokens = try await auth.tokens(scope: "openid api:read", nonce: "a nonce")
        let claims = try Token(try #require(tokens.idToken)).claims
        #expect(claims["nonce"] == .string("a nonce"))
        #expect(claims["aud"] == .string("codelab-cli"))
        #expect(claims["preferred_username"] == .string("admin"))
        let refused = try await auth.client(bearer: tokens.idToken).getCurrentUser(.init())
        guard case .unauthorized = refused else {
            Issue.record("an ID token passed for an access token: \(refused)")
            return
        }
    }
}

extension Operations.Token.Output {
    /// The OAuth error code; nil for tokens.
    var error: String? {
        switch self {
        case .ok: nil
        case .badRequest(let answer): answer.body.error.rawValue
        case .unauthorized(let answer): answer.body.error.rawValue
        case .tooManyRequests(let answer): answer.body.error.rawValue
        case .serviceUnavailable(let answer): answer.body.error.rawValue
        case .default(_, let answer): answer.body.error.rawValue
        }
    }
}
