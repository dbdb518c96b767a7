import APISupport
import AuthAPI
import FoundationEssentials
import HTTPTypes
import Testing

/// Whatever comes over the wire gets the declared error, and the service stays up.
@Suite("Malformed requests to the auth service")
struct MalformedRequestTests {
    @Test(
        "the token endpoint answers OAuth errors",
        arguments: [
            ("", "application/x-www-form-urlencoded", 400, "invalid_request"),
            ("grant_type=", "application/x-www-form-urlencoded", 400, "invalid_request"),
            ("grant_type=%ZZ&client_id=codelab-cli", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"),
            ("grant_type=%FF&client_id=codelab-cli", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"),
            ("&&&===&", "application/x-www-form-urlencoded", 400, "invalid_request"),
            ("client_id=codelab-cli", "application/x-www-form-urlencoded", 400, "invalid_request"),
            (
                "grant_type=refresh_token&grant_type=refresh_token&client_id=codelab-cli", "application/x-www-form-urlencoded", 400,
                "invalid_request"
            ),
            ("grant_type=refresh_token&client_id=codelab-cli", "application/x-www-form-urlencoded", 400, "invalid_request"),
            ("grant_type=magic&client_id=codelab-cli", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"),
            ("grant_type=refresh_token", "application/x-www-form-urlencoded", 401, "invalid_client"),
            (#"{"grant_type":"refresh_token"}"#, "application/json", 415, "invalid_request"),
            ("grant_type=refresh_token", "not a media type", 415, "invalid_request"),
        ])
    func token(_ body: String, _ contentType: String, _ status: Int, _ error: String) async throws {
        let auth = try await AuthFixture()
        let answer = try await auth.send(.post, "/oauth/token", body: body, contentType: contentType)
        #expect(answer.status == status)
        #expect(answer.contentType?.hasPrefix("application/json") == true)
        #expect(answer.head.headerFields[.cacheControl] == "no-store")
        #expect(try answer.json(Schemas.OAuthError.self).error.rawValue == error)
    }

    @Test("values that are too long, and a body that is too large, are refused")
    func sizes() async throws {
        let auth = try await AuthFixture()
        let long = String(repeating: "x", count: 1000)
        let tooLong = try await auth.send(.post, "/oauth/token", body: "grant_type=refresh_token&client_id=\(long)&refresh_token=x")
        #expect(tooLong.status == 400)
        #expect(try tooLong.json(Schemas.OAuthError.self).errorDescription?.contains("client_id") == true)
        let huge = try await auth.send(.post, "/oauth/token", body: "grant_type=" + String(repeating: "x", count: 100_000))
        #expect(huge.status == 413)
        #expect(try huge.json(Schemas.OAuthError.self).error == .invalidRequest)
        let page = try await auth.send(.get, "/oauth/authorize?client_id=codelab-cli&redirect_uri=\(String(repeating: "x", count: 3000))")
        #expect(page.status == 400)
        #expect(page.contentType?.hasPrefix("text/html") == true)
        _ = try await auth.tokens()
    }

    @Test("a sign-in form with something missing is answered with a page")
    func incompleteForm() async throws {
        let auth = try await AuthFixture()
        for body in ["", "username=admin&password=x", "username=admin&username=admin", "\u{0}\u{1}"] {
            let answer = try await auth.send(.post, "/oauth/authorize", body: body)
            #expect(answer.status == 400)
            #expect(answer.contentType?.hasPrefix("text/html") == true)
            #expect(answer.head.headerFields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
        }
        let json = try await auth.send(.post, "/oauth/authorize", body: "{}", contentType: "application/json")
        #expect(json.status == 415)
        #expect(json.contentType?.hasPrefix("text/html") == true)
    }

    @Test("a wrong method and an unknown path are problems")
    func routing() async throws {
        let auth = try await AuthFixture()
        let wrongMethod = try await auth.send(.get, "/oauth/token")
        #expect(wrongMethod.status == 405)
        #expect(wrongMethod.head.headerFields[.allow]?.contains("POST") == true)
        #expect(try wrongMethod.json(Problem.self).status == 405)
        #expect(try await auth.send(.delete, "/oauth/authorize").status == 405)
        #expect(try await auth.send(.get, "/oauth/nothing").status == 404)
        #expect(try await auth.send(.get, "/../oauth/token").status == 404)
    }

    @Test("malformed JSON, and credentials that are none, are problems")
    func json() async throws {
        let auth = try await AuthFixture()
        let token = try await auth.tokens(scope: "api:admin").accessToken
        let broken = try await auth.send(
            .post, "/users", body: #"{"username":"#, contentType: "application/json", headers: [.authorization: "Bearer \(token)"]
        )
        #expect(broken.status == 400)
        #expect(try broken.json(Problem.self).type == "urn:codelab:problem:malformed-body")
        for authorization in ["", "Bearer", "Bearer ", "Bearer \(token) \(token)", "Basic \(token)", "Bearer \(token.dropLast())"] {
            let answer = try await auth.send(.get, "/users/me", headers: [.authorization: authorization])
            #expect(answer.status == 401)
            #expect(answer.head.headerFields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        }
    }

    @Test("health tells whether the storage works")
    func health() async throws {
        let auth = try await AuthFixture()
        #expect(try await auth.send(.get, "/health").body == #"{"status":"ok","service":"auth"}"#)
        let broken = try await AuthFixture(repositories: .failing())
        let answer = try await broken.send(.get, "/health")
        #expect(answer.status == 503)
        #expect(!answer.body.contains("the disk is full"))
    }

    @Test("a storage that fails is an internal error in each endpoint's own form, and tells nothing")
    func failingStorage() async throws {
        let auth = try await AuthFixture(repositories: .failing())
        let token = try await auth.send(.post, "/oauth/token", body: "grant_type=refresh_token&client_id=codelab-cli&refresh_token=x")
        #expect(token.status == 500)
        #expect(try token.json(Schemas.OAuthError.self).error == .serverError)
        let form = try await auth.fillIn(AuthFixture.authorization())
        let page = try await auth.post(form, forwardedFor: "127.0.0.1")
        #expect(page.status == 500)
        #expect(page.contentType?.hasPrefix("text/html") == true)
        for answer in [token, page] { #expect(!answer.body.contains("the disk is full")) }
    }
}

extension HTTPField.Name {
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!
}
