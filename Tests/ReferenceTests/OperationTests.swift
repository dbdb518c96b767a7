import APISupport
import HTTPTypes
import ReferenceAPI
import Testing

/// The generated server and client against each other, in one process.
@Suite("Operations")
struct OperationTests {
    let client = Reference.client(["bearerAuth": "good"])

    func input(_ form: Schemas.GetThingForm = .json, limit: Int32 = 20) -> Operations.GetThing.Input {
        .init(
            id: "a1", in: "b/c d", limit: limit, level: [.high, .lowLevel], tag: ["x&y", "ü"],
            since: Timestamp(secondsSinceEpoch: 0), form: form, xRatio: 0.5, theme: .withSpace
        )
    }

    // MARK: Bodies

    @Test("a JSON body goes there and back")
    func echoes() async throws {
        let value = try JSONTests.full()
        #expect(try await client.echo(.init(body: value)).ok == value)
    }

    @Test("parameters of all kinds and headers arrive")
    func sendsParameters() async throws {
        let ok = try await client.getThing(input()).ok
        #expect(ok.eTag == "\"bearer\"" && ok.xLevels == [.high, .lowLevel] && ok.xCount == 20)
        guard case .json(let thing) = ok.body else { throw UnexpectedOutput(operationID: "get-thing", expected: "json", output: ok) }
        #expect(thing.name == "a1 b/c d" && thing.children?.map(\.name) == ["x&y", "ü"])
        #expect(thing.additionalProperties == ["none": nil, "one": 1])
    }

    @Test("text arrives as text")
    func readsText() async throws {
        let ok = try await client.getThing(input(.html)).ok
        guard case .html(let html) = ok.body else { throw UnexpectedOutput(operationID: "get-thing", expected: "html", output: ok) }
        #expect(html == "<p>with space 0.5 1970-01-01T00:00:00Z</p>")
    }

    @Test("events arrive typed, and end at the terminator")
    func readsEvents() async throws {
        let ok = try await client.getThing(input(.events)).ok
        guard case .eventStream(let stream) = ok.body else {
            throw UnexpectedOutput(operationID: "get-thing", expected: "eventStream", output: ok)
        }
        var steps: [Schemas.Step] = []
        for try await event in stream { steps.append(event.data) }
        #expect(steps == [.start(.init(text: "x&y")), .start(.init(text: "ü")), .end(.init(reason: "all\nsaid"))])
        let raw = try await Reference.send(.get, "/v1/things/a1/b?tag=x&form=events", [.authorization: "Bearer good"])
        #expect(raw.fields[.contentType] == "text/event-stream")
        #expect(String(decoding: raw.body, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
    }

    @Test("each kind of request body is read as what it is")
    func uploads() async throws {
        #expect(try await client.upload(.init(body: .binary([0, 1, 255]))).ok == [0, 1, 255])
        #expect(try await client.upload(.init(body: .text("ä"))).accepted == "text ä")
        #expect(try await client.upload(.init(body: .json([.init(name: "n")]))).accepted == "json [\"n\"]")
        #expect(try await client.upload(.init(body: .json(nil))).accepted == nil)
        #expect(try await client.upload(.init(body: .form(.init(clientID: "c")))).accepted == "form c")
        try await client.upload().noContent
    }

    @Test("a form goes there, with its defaults, lists and constant")
    func sendsForms() async throws {
        let form = Schemas.TokenRequest(clientID: "a b&c", level: .lowLevel, scope: ["r w", "x="])
        let basic = Reference.client(["clientBasic": "client:secret"])
        let token = try await basic.token(.init(body: form)).ok
        #expect(token.accessToken == "a b&c 60 low-level r w+x=" && token.client == "client")
        #expect(try await Reference.client().token(.init(body: form)).ok.client == nil)
    }

    @Test("a range of statuses carries the one there was")
    func readsRanges() async throws {
        guard case .successful(299, let success) = try await client.default(.init(selfValue: "a/b")) else {
            throw UnexpectedOutput(operationID: "default", expected: "299", output: "")
        }
        #expect(success.default == "a/b")
        guard case .clientError(418, let problem) = try await client.getThing(input(.other)) else {
            throw UnexpectedOutput(operationID: "get-thing", expected: "418", output: "")
        }
        #expect(problem.title == "Teapot")
    }

    @Test("an output's accessor throws for another answer")
    func refusesOtherOutputs() async throws {
        let output = try await client.getThing(input(.nothing))
        let error = #expect(throws: UnexpectedOutput.self) { try output.ok }
        #expect(error?.operationID == "get-thing" && error?.expected == "ok")
    }

    // MARK: Input that is wrong

    @Test("violations of parameters are all told")
    func refusesParameters() async throws {
        let path = "/v1/things/Z/b?limit=0&level=high&level=none&level=high&tag=toolong&since=now&form=else"
        let answer = try await Reference.send(.get, path, [.authorization: "Bearer good", .init("X-Ratio")!: "1"])
        let problem = try JSONReader.decode(Problem.self, from: answer.body)
        #expect(answer.status == 400 && answer.fields[.contentType] == "application/problem+json")
        #expect(
            problem.errors?.map { "\($0.pointer) \($0.rule)" }.sorted() == [
                "header:X-Ratio exclusiveMaximum", "path:id pattern", "query:form enum", "query:level enum", "query:limit minimum",
                "query:since type", "query:tag maxLength",
            ]
        )
    }

    @Test("a wrong form is answered in the operation's own form, with all that is wrong")
    func refusesForms() async throws {
        let fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let body = "grant_type=code&client_id=abcdef&max_age=x&level=none&scope=a&scope=bb&scope=cc&more=1&client_id=2"
        let answer = try await Reference.send(.post, "/v1/token", fields, body: body)
        let error = try JSONReader.decode(Schemas.TokenError.self, from: answer.body)
        #expect(answer.status == 400 && answer.fields[.cacheControl] == "no-store" && error.error == "invalid-request")
        let pointers = Set(error.errorDescription?.split(separator: " ") ?? [])
        #expect(pointers.isSuperset(of: ["/grant_type", "/client_id", "/max_age", "/level", "/scope", "/more"]))
    }

    @Test(
        "a body that cannot be read has its status",
        arguments: [
            ("application/json", "{", 400), ("text/plain", "{}", 415), ("application/json", "", 400), ("application/json", "{}", 400),
        ]
    )
    func refusesBodies(mediaType: String, body: String, status: Int) async throws {
        let answer = try await Reference.send(.post, "/v1/echo", [.contentType: mediaType], body: body)
        #expect(answer.status == status)
        #expect(try JSONReader.decode(Problem.self, from: answer.body).status == status)
    }

    @Test("a body over its limit is refused")
    func limitsBodies() async throws {
        let fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let body = "grant_type=password&client_id=" + String(repeating: "a", count: 600)
        #expect(try await Reference.send(.post, "/v1/token", fields, body: body).status == 413)
    }

    // MARK: Who calls

    @Test(
        "alternatives of security",
        arguments: [
            (["bearerAuth": "good"], 200), (["bearerAuth": "poor"], 403), (["bearerAuth": "bad"], 401), ([:], 401),
            (["apiKey": "key"], 401), (["apiKey": "key", "clientBasic": "client:secret"], 200),
            (["apiKey": "key", "clientBasic": "client:wrong"], 401),
        ]
    )
    func authenticates(credentials: [String: String], status: Int) async throws {
        let output = try await Reference.client(credentials).getThing(input())
        switch output {
        case .ok: #expect(status == 200)
        case .unauthorized(let problem): #expect(status == 401 && problem.status == 401)
        case .forbidden(let problem): #expect(status == 403 && problem.status == 403)
        default: Issue.record("\(output)")
        }
    }

    @Test("who gives no credential is told how to")
    func challenges() async throws {
        let answer = try await Reference.send(.get, "/v1/things/a1/b?tag=x")
        #expect(answer.status == 401)
        let challenge = answer.fields[values: .wwwAuthenticate].joined(separator: ", ")
        #expect(challenge.contains("Bearer") && challenge.contains("Basic realm=\"ReferenceAPI\""))
    }

    @Test("with optional security, a wrong credential is still refused")
    func refusesWrongOptionalCredentials() async throws {
        let wrong = Reference.client(["clientBasic": "client:wrong"])
        guard case .default(401, let error) = try await wrong.token(.init(body: .init(clientID: "c"))) else {
            throw UnexpectedOutput(operationID: "token", expected: "401", output: "")
        }
        #expect(error.error == "unauthenticated")
    }

    // MARK: Failures

    @Test("what a handler throws becomes a declared answer")
    func answersFailures() async throws {
        func echo(_ id: String) async throws -> (status: Int, problem: Problem, fields: HTTPFields) {
            var value = try decode(Schemas.Everything.self, JSONTests.minimal)
            value.id = id
            let answer = try await Reference.send(.post, "/v1/echo", [.contentType: "application/json"], body: text(value))
            return (answer.status, try JSONReader.decode(Problem.self, from: answer.body), answer.fields)
        }
        let large = try await echo("e413")
        #expect(large.status == 413 && large.problem.title == "Large" && large.fields[.retryAfter] == "7")
        let unexpected = try await echo("e500")
        #expect(unexpected.status == 500 && unexpected.problem.detail == nil && unexpected.problem.requestID != nil)
        // 409 is not declared.
        #expect([400, 500].contains(try await echo("e400").status))
    }

    @Test("an operation without declared errors still answers with one, and its client says so")
    func answersUndeclaredFailures() async throws {
        let error = await #expect(throws: ClientError.self) { try await client.failing() }
        #expect(error?.code == .undeclaredStatus && error?.status == 500)
    }

    @Test("a failure in the operation's own form has the status of the failure")
    func answersOwnFailures() async throws {
        guard case .default(500, let error) = try await client.token(.init(body: .init(clientID: "bad"))) else {
            throw UnexpectedOutput(operationID: "token", expected: "500", output: "")
        }
        #expect(error.error == "internal-error")
    }

    @Test("a status outside of the declared range is not sent")
    func refusesUndeclaredStatuses() async throws {
        let answer = try await Reference.send(.get, "/v1/things/a1/b?tag=x&form=nothing&limit=1", [.authorization: "Bearer good"])
        #expect(answer.status == 500)
    }

    // MARK: Servers that do not keep to the document

    @Test(
        "a client refuses what the document does not declare",
        arguments: [
            (201, "application/json", "{}", ClientError.Code.undeclaredStatus),
            (200, "text/html", "<p>", .undeclaredContentType),
            (200, "application/json", "{", .malformedBody),
            (200, "application/json", #"{"id":1}"#, .invalidBody),
        ]
    )
    func refusesUndeclaredAnswers(status: Int, mediaType: String, body: String, code: ClientError.Code) async throws {
        let client = Client(serverURL: "http://localhost", transport: FixedTransport(status: status, mediaType: mediaType, body: body))
        let value = try decode(Schemas.Everything.self, JSONTests.minimal)
        let error = await #expect(throws: ClientError.self) { try await client.echo(.init(body: value)) }
        #expect(error?.code == code && error?.status == status && error?.operationID == "echo")
        if code == .invalidBody { #expect(error?.violations.contains { $0.pointer == "/id" && $0.rule == "type" } == true) }
    }
}

/// Answers every request alike.
struct FixedTransport: ClientTransport {
    var status: Int
    var mediaType: String
    var body: String

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        let head = HTTPResponse(status: .init(code: status), headerFields: [.contentType: mediaType])
        return ClientResponse(head: head, body: ByteStream([UInt8](body.utf8)))
    }
}
