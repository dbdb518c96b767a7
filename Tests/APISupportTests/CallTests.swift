import HTTPTypes
import Logging
import Testing

@testable import APISupport

@Suite struct CallTests {
    private func request(_ path: String = "/", _ fields: HTTPFields = [:], body: RequestBody = .none) -> ServerRequest {
        ServerRequest(head: HTTPRequest(method: .post, scheme: "http", authority: "h", path: path, headerFields: fields), body: body)
    }

    private var context: CallContext {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return CallContext(requestID: "r1", operationID: "op", logger: logger, request: request())
    }

    private func problem(_ response: ServerResponse) throws -> Problem {
        guard case .bytes(let bytes) = response.body else { throw RequestFailure(.notFound) }
        return try JSONReader.decode(Problem.self, from: bytes)
    }

    // MARK: Input

    @Test func parametersAreReadFromTheirPlaces() {
        var request = self.request(
            "/x?limit=5&tag=a&tag=b%20c&flag=true", [HTTPField.Name("X-List")!: "1, 2 ,3", .cookie: "a=1; session=\"s 1\"; b=2"])
        request.pathParameters = ["id": "p"]
        var input = InputReader(request)
        let limit: Int64? = input.parameter("limit", in: .query, required: true) { $1.check($0, maximum: 10) }
        let tags: [String]? = input.parameters("tag", in: .query, required: false)
        let flag: Bool? = input.parameter("flag", in: .query, required: true)
        let id: String? = input.parameter("id", in: .path, required: true)
        let list: [Int64]? = input.parameters("X-List", in: .header, required: true)
        let session: String? = input.parameter("session", in: .cookie, required: true)
        let absent: String? = input.parameter("absent", in: .query, required: false)
        #expect(input.isValid)
        #expect(limit == 5 && flag == true && id == "p" && session == "s 1" && absent == nil)
        #expect(tags == ["a", "b c"])
        #expect(list == [1, 2, 3])
    }

    @Test func allViolationsAreInOneAnswer() async throws {
        let request = self.request(
            "/x?limit=99&n=x&twice=1&twice=2", [.contentType: "application/json"], body: RequestBody([UInt8](#"[1,"x"]"#.utf8)))
        var input = InputReader(request)
        let _: Int64? = input.parameter("limit", in: .query, required: true) { $1.check($0, maximum: 10) }
        let _: Int64? = input.parameter("n", in: .query, required: true)
        let _: Int64? = input.parameter("twice", in: .query, required: true)
        let _: String? = input.parameter("X-Missing", in: .header, required: true)
        #expect(try input.content(["application/json"], required: true) == 0)
        let _: [Int64]? = try await input.json(limit: 100) { json throws(JSONSyntaxError) in try [Int64].read(from: &json) }
        #expect(!input.isValid)
        #expect(input.failure.code == .invalid)
        #expect(
            input.failure.violations.map { "\($0.pointer) \($0.rule)" } == [
                "query:limit maximum", "query:n type", "query:twice duplicate", "header:X-Missing required", "/1 type",
            ])
    }

    @Test func contentIsNegotiated() throws {
        let json = RequestBody([1])
        var charset = InputReader(request("/", [.contentType: "Application/JSON; charset=utf-8"], body: json))
        #expect(try charset.content(["text/plain", "application/json"], required: true) == 1)
        var range = InputReader(request("/", [.contentType: "image/png"], body: json))
        #expect(try range.content(["image/*"], required: true) == 0)
        var other = InputReader(request("/", [.contentType: "text/xml"], body: json))
        let failure = #expect(throws: RequestFailure.self) { try other.content(["text/plain", "application/json"], required: true) }
        #expect(failure?.code == .unsupportedMediaType)
        #expect(failure?.headerFields[.accept] == "text/plain, application/json")
        var unnamed = InputReader(request("/", body: json))
        #expect(throws: RequestFailure.self) { try unnamed.content(["text/plain"], required: true) }
        var absent = InputReader(request())
        #expect(try absent.content(["text/plain"], required: false) == nil)
        #expect(absent.isValid)
        #expect(try absent.content(["text/plain"], required: true) == nil)
        #expect(absent.failure.violations.map(\.rule) == ["required"])
    }

    @Test func bodiesAreBounded() async throws {
        let chunks = AsyncStream<[UInt8]> { continuation in
            for _ in 0..<10 { continuation.yield([UInt8](repeating: 1, count: 10)) }
            continuation.finish()
        }
        let streamed = RequestBody(stream: ByteStream(chunks), contentLength: nil)
        await #expect(throws: RequestFailure.self) { try await streamed.collect(upTo: 50) }
        let declared = RequestBody(stream: ByteStream([]), contentLength: 1_000)
        let failure = await #expect(throws: RequestFailure.self) { try await declared.collect(upTo: 999) }
        #expect(failure?.code == .contentTooLarge)
        #expect(try await RequestBody([1, 2]).collect(upTo: 2) == [1, 2])
    }

    // MARK: Credentials

    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("Basic abc", nil), ("Bearer", nil), ("Bearer ", nil), ("abc", nil),
    ])
    func bearerTokens(_ field: String, _ expected: String?) {
        #expect(ServerCall.bearer(in: request("/", [.authorization: field])) == expected)
    }

    @Test func basicCredentials() {
        let found = ServerCall.basic(in: request("/", [.authorization: "Basic dXNlcjpwYTpzcw=="]))
        #expect(found?.username == "user" && found?.password == "pa:ss")
        #expect(ServerCall.basic(in: request("/", [.authorization: "Basic !!"])) == nil)
        #expect(ServerCall.basic(in: request("/", [.authorization: "Basic dXNlcg=="])) == nil)
        var twice = self.request("/", [.authorization: "Bearer a"])
        twice.head.headerFields.append(HTTPField(name: .authorization, value: "Bearer b"))
        #expect(ServerCall.bearer(in: twice) == nil)
        #expect(ServerCall.apiKey("key", in: .query, of: request("/?key=k")) == "k")
        #expect(ServerCall.apiKey("key", in: .query, of: request("/?key=k&key=l")) == nil)
    }

    @Test func theFirstGoodAlternativeWins() async throws {
        let absent: @Sendable () async throws -> Principal? = { nil }
        let bad: @Sendable () async throws -> Principal? = { throw RequestFailure(.unauthenticated, detail: "bad") }
        let good: @Sendable () async throws -> Principal? = { Principal(subject: "s", scopes: ["a"]) }
        #expect(try await ServerCall.authenticate([absent, bad, good], challenges: []).subject == "s")
        let failure = await #expect(throws: RequestFailure.self) { try await ServerCall.authenticate([absent, bad], challenges: []) }
        #expect(failure?.detail == "bad")
        let none = await #expect(throws: RequestFailure.self) {
            try await ServerCall.authenticate([absent], challenges: ["Bearer", "Basic"])
        }
        #expect(none?.headerFields[values: .wwwAuthenticate] == ["Bearer", "Basic"])
        #expect(try await ServerCall.authenticateOptionally([absent]) == nil)
        await #expect(throws: RequestFailure.self) { try await ServerCall.authenticateOptionally([absent, bad]) }
        let lacking = #expect(throws: RequestFailure.self) { try Principal(subject: "s", scopes: ["a"]).requireScopes(["a", "b"]) }
        #expect(lacking?.code == .forbidden)
        #expect(!"\(Principal(subject: "s", token: "secret"))".contains("secret"))
        var dumped = ""
        dump(Principal(subject: "s", token: "secret"), to: &dumped)
        dump(BearerCredentialProvider(token: "secret"), to: &dumped)
        #expect(!dumped.contains("secret"))
    }

    // MARK: Failures

    @Test func failuresBecomeDeclaredResponses() throws {
        let declared = DeclaredFailures(problems: [400, 404], empty: [409])
        var notFound = RequestFailure(.notFound, detail: "no such thing")
        notFound.headerFields[.retryAfter] = "1"
        let response = ServerCall.response(to: notFound, declared: declared, context: context)
        #expect(response.head.status.code == 404)
        #expect(response.head.headerFields[.retryAfter] == "1")
        #expect(try problem(response).detail == "no such thing")
        #expect(try problem(response).requestID == "r1")

        let conflict = ServerCall.response(to: RequestFailure(.conflict), declared: declared, context: context)
        #expect(conflict.head.status.code == 409)
        guard case .none = conflict.body else {
            Issue.record("declared without a body")
            return
        }
        let tooLarge = ServerCall.response(to: RequestFailure(.contentTooLarge), declared: declared, context: context)
        #expect(try problem(tooLarge).type == "urn:codelab:problem:content-too-large")
        #expect(tooLarge.head.status.code == 400)
        #expect(ServerCall.response(to: RequestFailure(.unavailable), declared: declared, context: context).head.status.code == 500)
        // A handler's 401 may become the declared 400; that of generated code stays what it is.
        #expect(ServerCall.response(to: RequestFailure(.unauthenticated), declared: declared, context: context).head.status.code == 400)
        let refused = ServerCall.response(to: RequestFailure(.unauthenticated).ofRequest, declared: declared, context: context)
        #expect(refused.head.status.code == 401)
        let whole = DeclaredFailures(hasDefault: true)
        #expect(ServerCall.response(to: RequestFailure(.unavailable), declared: whole, context: context).head.status.code == 503)
        #expect(
            ServerCall.response(to: RequestFailure(.conflict), declared: DeclaredFailures(ranges: [4]), context: context).head.status.code
                == 409)
    }

    @Test func unexpectedErrorsTellNothing() throws {
        struct Secret: Error { let password = "hunter2" }
        let response = ServerCall.response(to: Secret(), declared: DeclaredFailures(problems: [500]), context: context)
        let problem = try self.problem(response)
        #expect(problem.status == 500)
        #expect(problem.detail == nil)
        let undeclared = ProblemError(Problem(type: "urn:x", title: "Secret", status: 418, detail: "hunter2"))
        let hidden = ServerCall.response(to: undeclared, declared: DeclaredFailures(problems: [500]), context: context)
        #expect(try self.problem(hidden).title == "Internal error")
    }

    @Test(arguments: [-1, 0, 200, 399, 600, 100_000])
    func statusesThatAreNoErrorsBecome500(_ status: Int) {
        let error = ProblemError(Problem(type: "urn:x", title: "x", status: status))
        let declared = DeclaredFailures(hasDefault: true)
        #expect(ServerCall.response(to: error, declared: declared, context: context).head.status.code == 500)
        let failure = RequestFailure(.init(status: status, name: "x", title: "x"))
        #expect(ServerCall.response(to: failure, declared: declared, context: context).head.status.code == 500)
    }

    @Test func failuresInAFormOfTheirOwn() {
        var failure = RequestFailure(.unauthenticated)
        failure.headerFields[.wwwAuthenticate] = "Basic"
        let response = ServerCall.response(to: failure, context: context) { failure in
            .text(failure.code.status, "text/plain", failure.code.name)
        }
        #expect(response.head.status.code == 401)
        #expect(response.head.headerFields[.wwwAuthenticate] == "Basic")
        let broken = ServerCall.response(to: failure, context: context) { _ in throw CancellationError() }
        #expect(broken.head.status.code == 500)
        let found = ServerCall.response(to: failure.ofRequest, context: context) { _ in throw CancellationError() }
        #expect(found.head.status.code == 401 && found.head.headerFields[.wwwAuthenticate] == "Basic")
    }

    @Test func problemsReadWhatOthersWrite() throws {
        let foreign = #"{"type":7,"title":"x","status":"400","extra":{},"errors":{"not":"ours"},"detail":"d"}"#
        let problem = try JSONReader.decode(Problem.self, from: [UInt8](foreign.utf8))
        #expect(problem == Problem(type: "about:blank", title: "x", status: 0, detail: "d"))
        let own = Problem(
            type: "urn:a", title: "t", status: 400, detail: "d", instance: "/i",
            errors: [Violation(pointer: "/a", rule: "type", message: "m")],
            requestID: "r")
        #expect(try JSONReader.decode(Problem.self, from: JSONWriter.encode(own)) == own)
    }
}
