import APISupport
import AuthAPI
import FoundationEssentials
import Testing

@testable import AuthHandlers

@Suite("Client credentials and the password grant")
struct ClientGrantTests {
    private func request(
        _ grantType: Schemas.GrantType = .clientCredentials, clientID: String? = nil, secret: String? = nil, scope: String? = nil,
        username: String? = nil, password: String? = nil
    ) -> Operations.Token.Input {
        .init(
            body: Schemas.TokenRequest(
                grantType: grantType, clientID: clientID, clientSecret: secret, scope: scope, username: username, password: password
            )
        )
    }

    @Test("a service gets a token for itself, by form or by HTTP Basic")
    func clientCredentials() async throws {
        let auth = try await AuthFixture()
        let secret = AuthFixture.internalSecret
        let byForm = try await auth.client.token(request(clientID: "codelab-internal", secret: secret, scope: "runtime llm")).ok.body
        #expect(byForm.scope == "runtime llm")
        #expect(byForm.refreshToken == nil)
        let claims = try Token(byForm.accessToken).claims
        #expect(claims["sub"] == .string("codelab-internal"))
        #expect(claims["client_id"] == .string("codelab-internal"))

        // RFC 6749 section 2.3.1: both halves are form-urlencoded first.
        let encoded = "codelab%2Dinternal:" + secret.replacing(" ", with: "+").replacing(",", with: "%2C")
        let byBasic = try await auth.client(basic: encoded).token(request()).ok.body
        #expect(byBasic.scope == "api:read api:write runtime llm", "administration is to be asked for")
    }

    @Test("a wrong secret, a missing one and an unknown client are refused alike")
    func wrongSecret() async throws {
        let auth = try await AuthFixture()
        let outputs = [
            try await auth.client.token(request(clientID: "codelab-internal", secret: "wrong")),
            try await auth.client.token(request(clientID: "codelab-internal")),
            try await auth.client.token(request(clientID: "nobody", secret: "wrong")),
            try await auth.client.token(request()),
            try await auth.client(basic: "codelab-internal:wrong").token(request()),
            try await auth.client(basic: "%zz:%").token(request()),
        ]
        for output in outputs {
            guard case .unauthorized(let answer) = output else {
                Issue.record("answered with \(output)")
                continue
            }
            #expect(answer.body.error == .invalidClient)
            #expect(answer.wwwAuthenticate?.hasPrefix("Basic ") == true)
        }
    }

    @Test("a client authenticates in one way a request")
    func twoWays() async throws {
        let auth = try await AuthFixture()
        let client = auth.client(basic: "codelab-internal:" + AuthFixture.internalSecret.replacing(" ", with: "+"))
        #expect(try await client.token(request(secret: AuthFixture.internalSecret)).error == "invalid_request")
        #expect(try await client.token(request(clientID: "codelab-cli")).error == "invalid_request")
        #expect(try await client.token(request(clientID: "codelab-internal")).error == nil)
    }

    @Test("guessing a secret is slowed down, and does not stop the service that knows it")
    func rateLimit() async throws {
        let auth = try await AuthFixture()
        for _ in 0..<5 {
            #expect(try await auth.client.token(request(clientID: "codelab-internal", secret: "wrong")).error == "invalid_client")
        }
        let output = try await auth.client.token(request(clientID: "codelab-internal", secret: "wrong"))
        guard case .tooManyRequests(let answer) = output else {
            Issue.record("answered with \(output)")
            return
        }
        #expect(answer.retryAfter == 60)
        guard case .tooManyRequests = try await auth.client(basic: "codelab-internal:wrong").token(request()) else {
            Issue.record("HTTP Basic is counted by itself")
            return
        }
        _ = try await auth.client.token(request(clientID: "codelab-internal", secret: AuthFixture.internalSecret)).ok
    }

    @Test("while a secret is replaced, both are accepted")
    func twoSecrets() async throws {
        let auth = try await AuthFixture {
            $0.clients = RegisteredClient.codeLab(internalSecrets: ["the new secret of services", "the old secret of services"])
        }
        for (secret, isRight) in [("the new secret of services", true), ("the old secret of services", true), ("another secret", false)] {
            let answer = try await auth.client.token(request(clientID: "codelab-internal", secret: secret))
            #expect((answer.error == nil) == isRight)
        }
        let read = try AuthConfiguration(environment: ["CODELAB_AUTH_INTERNAL_SECRET": "a secret of some length\nand another one of it\n"])
        let client = try #require(read.clients.last)
        #expect(client.accepts(secret: "a secret of some length") && client.accepts(secret: "and another one of it"))
        #expect(!client.accepts(secret: "a secret of some length\nand another one of it"))
    }

    @Test("a client uses its own grants and scopes only")
    func grantsOfClients() async throws {
        let auth = try await AuthFixture()
        let secret = AuthFixture.internalSecret
        #expect(try await auth.client.token(request(clientID: "codelab-cli")).error == "unauthorized_client")
        #expect(
            try await auth.client.token(request(.authorizationCode, clientID: "codelab-internal", secret: secret)).error
                == "unauthorized_client"
        )
        #expect(
            try await auth.client.token(request(clientID: "codelab-internal", secret: secret, scope: "openid")).error == "invalid_scope")
        #expect(
            try await auth.client.token(request(.unknown("urn:ietf:params:oauth:grant-type:device_code"), clientID: "codelab-cli")).error
                == "unsupported_grant_type"
        )
    }

    @Test("the password grant is off by default")
    func passwordGrantOff() async throws {
        let auth = try await AuthFixture()
        let input = request(
            .password, clientID: "codelab-flutter-app", username: "admin", password: AuthFixture.administratorPassword
        )
        #expect(try await auth.client.token(input).error == "unauthorized_client")
    }

    @Test("the password grant works for a client that the configuration names, and for no other")
    func passwordGrantOn() async throws {
        let auth = try await AuthFixture {
            $0.clients = RegisteredClient.codeLab(internalSecrets: [], passwordGrantClients: ["codelab-flutter-app"])
        }
        func attempt(_ clientID: String, _ password: String) async throws -> Operations.Token.Output {
            try await auth.client.token(request(.password, clientID: clientID, username: "admin", password: password))
        }
        let tokens = try await attempt("codelab-flutter-app", AuthFixture.administratorPassword).ok.body
        #expect(tokens.scope == "api:read api:write")
        #expect(try await auth.refresh(try #require(tokens.refreshToken), clientID: "codelab-flutter-app").error == nil)
        #expect(try await attempt("codelab-cli", AuthFixture.administratorPassword).error == "unauthorized_client")
        #expect(try await attempt("codelab-flutter-app", "wrong").error == "invalid_grant")
        for _ in 0..<4 { #expect(try await attempt("codelab-flutter-app", "wrong").error == "invalid_grant") }
        #expect(try await attempt("codelab-flutter-app", "wrong").error == "temporarily_unavailable")
    }
}
