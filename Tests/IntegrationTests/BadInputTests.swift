import APISupport
import FoundationEssentials
import HTTPTypes
import Testing

@testable import codelab

/// One request that is wrong in one way, and the declared answer.
struct BadRequest: Sendable, CustomTestStringConvertible {
    var service: ServiceName
    var what: String
    var method: HTTPRequest.Method
    var path: String
    var headers: [String: String] = ["Content-Type": "application/json"]
    var body: String?
    var isSigned = true
    var status: Int
    /// A pointer and a rule that the answer's violations hold.
    var violation: (pointer: String, rule: String)?

    var testDescription: String { "\(service.rawValue): \(what)" }

    /// The same twelve faults for each service, on an operation of its own that takes JSON.
    static func ofJSON(
        _ service: ServiceName, _ path: String, valid: String, wrongType: (String, String), missing: (String, String),
        outOfRange: (String, String, String),
        getOnly: String
    ) -> [BadRequest] {
        [
            BadRequest(service: service, what: "malformed JSON", method: .post, path: path, body: "{\"a\":", status: 400),
            BadRequest(
                service: service, what: "no JSON object", method: .post, path: path, body: "[1]", status: 400, violation: ("", "type")),
            BadRequest(service: service, what: "no body", method: .post, path: path, status: 400),
            BadRequest(
                service: service, what: "wrong type", method: .post, path: path, body: wrongType.0, status: 400,
                violation: (wrongType.1, "type")),
            BadRequest(
                service: service, what: "missing member", method: .post, path: path, body: missing.0, status: 400,
                violation: (missing.1, "required")),
            BadRequest(
                service: service, what: "out of range", method: .post, path: path, body: outOfRange.0, status: 400,
                violation: (outOfRange.1, outOfRange.2)),
            BadRequest(
                service: service, what: "wrong content type", method: .post, path: path, headers: ["Content-Type": "text/plain"],
                body: valid, status: 415),
            BadRequest(service: service, what: "no token", method: .post, path: path, body: valid, isSigned: false, status: 401),
            BadRequest(
                service: service, what: "a bad token", method: .post, path: path,
                headers: ["Content-Type": "application/json", "Authorization": "Bearer e30.e30.e30"], body: valid, isSigned: false,
                status: 401),
            BadRequest(service: service, what: "unknown path", method: .get, path: "/nothing/here", status: 404),
            BadRequest(service: service, what: "wrong method", method: .delete, path: getOnly, status: 405),
            BadRequest(
                service: service, what: "deep nesting", method: .post, path: path, body: String(repeating: "[", count: 10_000),
                status: 400),
        ]
    }

    static let all: [BadRequest] =
        ofJSON(
            .auth, "/users", valid: #"{"username":"x","password":"long enough, really"}"#,
            wrongType: (#"{"username":1,"password":"long enough, really"}"#, "/username"),
            missing: (#"{"username":"x"}"#, "/password"), outOfRange: (#"{"username":"x","password":"short"}"#, "/password", "minLength"),
            getOnly: "/health")
        + ofJSON(
            .llmProxy, "/v1/chat/completions", valid: #"{"model":"scripted","messages":[{"role":"user","content":"x"}]}"#,
            wrongType: (#"{"model":1,"messages":[{"role":"user","content":"x"}]}"#, "/model"),
            missing: (#"{"model":"scripted"}"#, "/messages"),
            outOfRange: (#"{"model":"scripted","messages":[{"role":"user","content":"x"}],"temperature":99}"#, "/temperature", "maximum"),
            getOnly: "/health")
        + [
            BadRequest(
                service: .auth, what: "a grant that there is not", method: .post, path: "/oauth/token",
                headers: ["Content-Type": "application/x-www-form-urlencoded"], body: "grant_type=wish&client_id=codelab-cli",
                isSigned: false, status: 400),
            BadRequest(
                service: .auth, what: "a form as JSON", method: .post, path: "/oauth/token", body: "{}", isSigned: false, status: 415),
            BadRequest(
                service: .auth, what: "an unknown client is not redirected", method: .get,
                path: "/oauth/authorize?client_id=nobody&redirect_uri=http://127.0.0.1/callback&response_type=code", isSigned: false,
                status: 400),
            BadRequest(
                service: .gateway, what: "out of range", method: .get, path: "/api/v1/sessions?limit=101", status: 400,
                violation: ("query:limit", "maximum")),
            BadRequest(
                service: .gateway, what: "wrong type", method: .get, path: "/api/v1/sessions?limit=many", status: 400,
                violation: ("query:limit", "type")),
            BadRequest(service: .gateway, what: "malformed JSON", method: .post, path: "/api/v1/sessions", body: "{", status: 400),
            BadRequest(
                service: .gateway, what: "wrong type in JSON", method: .post, path: "/api/v1/sessions", body: #"{"title":7}"#, status: 400,
                violation: ("/title", "type")),
            BadRequest(
                service: .gateway, what: "wrong content type", method: .post, path: "/api/v1/sessions",
                headers: ["Content-Type": "text/plain"], body: "x",
                status: 415),
            BadRequest(
                service: .gateway, what: "missing member", method: .patch, path: "/api/v1/sessions/x", body: "{}", status: 400,
                violation: ("/title", "required")),
            BadRequest(service: .gateway, what: "no token", method: .get, path: "/api/v1/sessions", isSigned: false, status: 401),
            BadRequest(service: .gateway, what: "unknown session", method: .get, path: "/api/v1/sessions/sess_unknown", status: 404),
            BadRequest(service: .gateway, what: "unknown path", method: .get, path: "/api/v2/sessions", status: 404),
            BadRequest(service: .gateway, what: "wrong method", method: .put, path: "/api/v1/sessions", status: 405),
            BadRequest(
                service: .runtime, what: "no user", method: .get, path: "/sessions", status: 400,
                violation: ("header:CodeLab-User", "required")),
            BadRequest(
                service: .runtime, what: "malformed JSON", method: .post, path: "/sessions/x/messages", headers: user, body: "{",
                status: 400),
            BadRequest(
                service: .runtime, what: "unknown message", method: .post, path: "/sessions/x/messages", headers: user,
                body: #"{"type":"wish"}"#,
                status: 400, violation: ("/type", "discriminator")),
            BadRequest(
                service: .runtime, what: "missing member", method: .post, path: "/sessions/x/messages", headers: user,
                body: #"{"type":"user_message"}"#,
                status: 400, violation: ("/content", "required")),
            BadRequest(
                service: .runtime, what: "wrong content type", method: .post, path: "/sessions/x/messages",
                headers: ["Content-Type": "text/plain", "CodeLab-User": "u"], body: "x", status: 415),
            BadRequest(
                service: .runtime, what: "unknown session", method: .post, path: "/sessions/x/messages", headers: user,
                body: #"{"type":"user_message","content":"x"}"#, status: 404),
            BadRequest(
                service: .runtime, what: "wrong type", method: .post, path: "/sessions/x/messages", headers: user,
                body: #"{"type":"user_message","content":7}"#, status: 400, violation: ("/content", "type")),
            BadRequest(
                service: .runtime, what: "out of range", method: .get, path: "/sessions?limit=101", headers: user, status: 400,
                violation: ("query:limit", "maximum")),
            BadRequest(
                service: .runtime, what: "someone else's session", method: .get, path: "/sessions/x", headers: user, status: 404),
            BadRequest(service: .runtime, what: "no token", method: .get, path: "/sessions", headers: user, isSigned: false, status: 401),
            BadRequest(service: .runtime, what: "unknown path", method: .get, path: "/nothing", status: 404),
            BadRequest(service: .runtime, what: "wrong method", method: .delete, path: "/agents", status: 405),
        ]

    private static let user = ["Content-Type": "application/json", "CodeLab-User": "u"]
}

@Suite("Bad input over real sockets", .serialized, .runningPlatform)
struct BadInputTests {
    let platform: RunningPlatform

    init() throws { platform = try #require(RunningPlatform.current) }

    @Test("Bad input gets the declared error, and the services stay up", .timeLimit(.minutes(5)))
    func badInput() async throws {
        let administrator = try await platform.signIn(
            as: "admin", password: RunningPlatform.administratorPassword, scope: "api:read api:write api:admin")
        let user = try #require(try await administrator.credential(scheme: "bearerAuth"))
        let service = try await serviceToken()
        for request in BadRequest.all {
            var headers = request.headers
            if request.isSigned { headers["Authorization"] = "Bearer " + ([.auth, .gateway].contains(request.service) ? user : service) }
            let answer = try await platform.send(request.service, request.method, request.path, headers: headers, body: request.body)
            let context = "\(request.testDescription): \(answer.status) \(answer.body.prefix(400))"
            #expect(answer.status == request.status, "\(context)")
            guard request.service != .llmProxy || answer.status == 404 || answer.status == 405 else {
                #expect(answer.body.contains("\"error\""), "\(context)")
                continue
            }
            guard !request.path.hasPrefix("/oauth") else { continue }
            #expect(answer.contentType == "application/problem+json", "\(context)")
            let problem = try JSONReader.decode(Problem.self, from: Array(answer.body.utf8))
            #expect(problem.status == request.status, "\(context)")
            if let violation = request.violation {
                #expect(
                    problem.errors?.contains { $0.pointer == violation.pointer && $0.rule == violation.rule } == true, "\(context)")
            }
        }
        for (name, path) in [(ServiceName.auth, "/health"), (.gateway, "/api/v1/health"), (.runtime, "/health"), (.llmProxy, "/health")] {
            #expect(try await platform.send(name, .get, path).status == 200)
        }
    }

    @Test("Another user's session is answered as one that does not exist", .timeLimit(.minutes(2)))
    func ownership() async throws {
        let owner = try #require(try await platform.newUser("first").tokens.credential(scheme: "bearerAuth"))
        let stranger = try #require(try await platform.newUser("second").tokens.credential(scheme: "bearerAuth"))
        let json = ["Content-Type": "application/json"]
        let created = try await platform.send(
            .gateway, .post, "/api/v1/sessions", headers: json.merging(["Authorization": "Bearer \(owner)"]) { $1 },
            body: #"{"title":"mine"}"#)
        #expect(created.status == 201)
        let session = try JSONReader.decode(JSONObject.self, from: Array(created.body.utf8))
        let id = try #require(session["id"]?.stringValue)
        let path = "/api/v1/sessions/\(id)"
        let attempts: [(HTTPRequest.Method, String, String?)] = [
            (.get, path, nil), (.get, path + "/history", nil), (.get, path + "/pending-approvals", nil),
            (.get, "/api/v1/agents/\(id)/current", nil),
            (.patch, path, #"{"title":"yours"}"#), (.delete, path, nil),
        ]
        for (method, path, body) in attempts {
            let headers = json.merging(["Authorization": "Bearer \(stranger)"]) { $1 }
            #expect(try await platform.send(.gateway, method, path, headers: headers, body: body).status == 404, "\(method) \(path)")
        }
        let own = try await platform.send(.gateway, .get, path, headers: ["Authorization": "Bearer \(owner)"])
        #expect(own.status == 200)
        #expect(own.body.contains("mine"))
    }

    @Test("A user's token is no service's token: the runtime and the LLM proxy refuse it", .timeLimit(.minutes(2)))
    func scopes() async throws {
        let token = try #require(try await platform.newUser("person").tokens.credential(scheme: "bearerAuth"))
        let headers = ["Authorization": "Bearer \(token)", "CodeLab-User": "admin"]
        #expect(try await platform.send(.runtime, .get, "/sessions", headers: headers).status == 403)
        #expect(try await platform.send(.llmProxy, .get, "/v1/models", headers: headers).status == 403)
        #expect(
            try await platform.send(
                .auth, .post, "/users", headers: headers.merging(["Content-Type": "application/json"]) { $1 },
                body: #"{"username":"x","password":"long enough, really"}"#
            ).status == 403)
    }

    /// The services' own token, as each of them gets it.
    private func serviceToken() async throws -> String {
        let secret = try String(contentsOfFile: platform.folder.path + "/data/internal-secret", encoding: .utf8).trimmed
        let form =
            "grant_type=client_credentials&client_id=codelab-internal&client_secret=\(PercentEncoding.encode(secret))&scope=runtime%20llm"
        let answer = try await platform.send(
            .auth, .post, "/oauth/token", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: form)
        let token = try JSONReader.decode(JSONObject.self, from: Array(answer.body.utf8))
        return try #require(token["access_token"]?.stringValue, "\(answer.body)")
    }
}
