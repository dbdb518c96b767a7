import APISupport
import AuthAPI
import AuthHandlers
import Crypto
import FoundationEssentials
import HTTPTypes
import Testing

@Suite("Signing in")
struct SignInTests {
    @Test("a wrong password and an unknown name are answered alike, with the page again")
    func refusals() async throws {
        let auth = try await AuthFixture()
        for (name, password) in [("admin", "wrong"), ("nobody", "wrong"), ("nobody", AuthFixture.administratorPassword)] {
            let form = try await auth.fillIn(AuthFixture.authorization(), username: name, password: password)
            guard case .unauthorized(let page) = try await auth.client.signIn(.init(body: form)) else {
                Issue.record("\(name) was not refused")
                continue
            }
            #expect(page.body.contains("The name or the password is wrong."))
            #expect(page.body.contains("role=\"alert\""))
            #expect(page.body.contains("value=\"\(name)\""))
            #expect(!page.body.contains("value=\"\(password)\""))
        }
    }

    @Test("name and e-mail address are compared without case and surrounding space")
    func normalisation() async throws {
        let auth = try await AuthFixture()
        _ = try await auth.createUser(username: "Ada", email: "Ada@Example.com")
        for name in ["ada", "ADA", " ada ", "ada@example.com", "ADA@EXAMPLE.COM"] {
            #expect(try await auth.signIn(username: name, password: "correct horse battery")["code"] != nil)
        }
    }

    @Test("the page's policy allows its style and nothing else")
    func contentSecurityPolicy() async throws {
        let auth = try await AuthFixture()
        let page = try await auth.client.authorize(AuthFixture.authorization(redirectURI: "http://[::1]:5/callback")).ok
        let style = try #require(page.body.firstMatch(of: /<style>([^<]*)<\/style>/)).1
        let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
        #expect(
            page.contentSecurityPolicy
                == "default-src 'none'; style-src 'sha256-\(hash)'; form-action 'self' http:; frame-ancestors 'none'; base-uri 'none'"
        )
        #expect(!page.body.contains("style="))
        #expect(page.xFrameOptions == "DENY")
        #expect(page.referrerPolicy == "no-referrer")
    }

    @Test("what the client sends cannot become markup in the page")
    func escaping() async throws {
        let auth = try await AuthFixture()
        let nasty = "\"><script>alert('1')</script>&"
        let request = AuthFixture.authorization(state: nasty)
        let page = try await auth.client.authorize(request).ok
        #expect(!page.body.contains("<script"))
        #expect(hiddenFields(of: page.body)["state"] == nasty)
        let form = try await auth.fillIn(request, username: nasty, password: "wrong")
        guard case .unauthorized(let again) = try await auth.client.signIn(.init(body: form)) else {
            Issue.record("it was not refused")
            return
        }
        #expect(!again.body.contains("<script"))
        #expect(try await auth.signIn(request)["state"] == nasty)
    }

    @Test("the form's request cannot be changed, and the page ends after ten minutes")
    func transaction() async throws {
        let auth = try await AuthFixture()
        var changed = try await auth.fillIn(AuthFixture.authorization(scope: "api:read"))
        changed.scope = "api:read api:write"
        guard case .badRequest = try await auth.client.signIn(.init(body: changed)) else {
            Issue.record("a changed request was accepted")
            return
        }
        let form = try await auth.fillIn(AuthFixture.authorization())
        auth.clock.advance(600)
        guard case .badRequest(let page) = try await auth.client.signIn(.init(body: form)) else {
            Issue.record("an old page was accepted")
            return
        }
        #expect(page.body.contains("open for too long"))
    }

    @Test("a form that another site sends is refused")
    func crossSite() async throws {
        let auth = try await AuthFixture()
        let form = try await auth.fillIn(AuthFixture.authorization())
        for site in ["cross-site", "same-site"] {
            guard case .badRequest = try await auth.client.signIn(.init(secFetchSite: site, body: form)) else {
                Issue.record("\(site) was accepted")
                continue
            }
        }
    }

    @Test("guessing is slowed down for an account, under both of its names, and a success forgives")
    func rateLimit() async throws {
        let auth = try await AuthFixture()
        _ = try await auth.createUser(username: "ada", email: "ada@example.com")
        for name in ["ada", "ada@example.com", "ada", "ada@example.com", "ada"] {
            let form = try await auth.fillIn(AuthFixture.authorization(), username: name, password: "wrong")
            guard case .unauthorized = try await auth.client.signIn(.init(body: form)) else {
                Issue.record("an attempt was not refused")
                return
            }
        }
        let right = try await auth.fillIn(AuthFixture.authorization(), username: "ada", password: "correct horse battery")
        guard case .tooManyRequests(let page) = try await auth.client.signIn(.init(body: right)) else {
            Issue.record("guessing was not slowed down")
            return
        }
        #expect(page.retryAfter == 60)
        #expect(page.body.contains("Too many attempts"))
        #expect(try await auth.signIn()["code"] != nil, "another account is not affected")
        auth.clock.advance(60)
        #expect(try await auth.signIn(username: "ada", password: "correct horse battery")["code"] != nil)
        let wrong = try await auth.fillIn(AuthFixture.authorization(), username: "ada", password: "wrong")
        guard case .unauthorized = try await auth.client.signIn(.init(body: wrong)) else {
            Issue.record("the success did not forgive")
            return
        }
    }

    @Test("a stranger who guesses does not lock the owner out")
    func noLockout() async throws {
        let auth = try await AuthFixture { $0.trustedProxies = 1 }
        let wrong = try await auth.fillIn(AuthFixture.authorization(), password: "wrong")
        let right = try await auth.fillIn(AuthFixture.authorization())
        var stranger: [Int] = []
        for _ in 0..<7 { stranger.append(try await auth.post(wrong, forwardedFor: "10.0.0.1, 203.0.113.7").status) }
        #expect(stranger == [401, 401, 401, 401, 401, 429, 429])
        #expect(try await auth.post(right, forwardedFor: "203.0.113.7, 198.51.100.4").status == 303)
        #expect(try await auth.post(wrong, forwardedFor: "1.2.3.4, 203.0.113.7").status == 429, "an invented address does not help")
    }

    @Test("an administrator's scope is for administrators, and only when asked for")
    func administration() async throws {
        let auth = try await AuthFixture()
        _ = try await auth.createUser(username: "ada")
        let password = "correct horse battery"
        #expect(try await auth.tokens().scope == "api:read api:write")
        #expect(try await auth.tokens(scope: "api:read api:admin").scope == "api:read api:admin")
        #expect(try await auth.tokens(scope: "api:read api:admin", username: "ada", password: password).scope == "api:read")
        let answer = try await auth.signIn(AuthFixture.authorization(scope: "api:admin"), username: "ada", password: password)
        #expect(answer["error"] == "access_denied")
    }
}

extension AuthFixture {
    /// Creates an account as an administrator does.
    func createUser(username: String, email: String? = nil) async throws -> Schemas.User {
        let administrator = client(bearer: try await tokens(scope: "api:admin").accessToken)
        let body = Schemas.NewUser(username: username, password: "correct horse battery", email: email)
        return try await administrator.createUser(.init(body: body)).created
    }

    /// Sends the sign-in form through a proxy.
    func post(_ form: Schemas.SignInForm, forwardedFor: String) async throws -> RawAnswer {
        try await send(
            .post, "/oauth/authorize", body: String(decoding: FormWriter.encode(form), as: UTF8.self),
            headers: [.forwardedFor: forwardedFor]
        )
    }
}

extension HTTPField.Name {
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
