import APISupport
import HTTPTypes
import Logging
import Testing

@Suite struct ClientTests {
    /// Answers with the request's line, some fields and the body.
    private static let mirror = APIRouter(routes: [
        APIRoute(method: .post, path: "/base/things/{id}", operationID: "mirror") { request, _ in
            do {
                let body = try await request.body.collect(upTo: 1_000)
                let fields = request.head.headerFields
                let text = [
                    request.head.path ?? "", fields[.authorization] ?? "-", fields[.accept] ?? "-", fields[.contentType] ?? "-",
                    fields[.cookie] ?? "-",
                    String(decoding: body, as: UTF8.self),
                ].joined(separator: "|")
                return .text(200, "text/plain", text)
            } catch {
                return .empty(400)
            }
        }
    ])

    private struct Credentials: CredentialProvider {
        let values: [String: String]

        func credential(scheme: String) async throws -> String? { values[scheme] }
    }

    private func core(_ url: String = "http://h:1/base/", _ credentials: [String: String] = [:]) -> ClientCore {
        ClientCore(serverURL: url, transport: InProcessTransport(router: Self.mirror), credentials: Credentials(values: credentials))
    }

    @Test func callsAreBuiltFromTheirParts() async throws {
        var call = ClientCall(operationID: "mirror", method: .post, path: "/things/{id}")
        call.parameter("id", in: .path, "a/b ä")
        call.parameter("q", in: .query, "x y&")
        call.parameter("none", in: .query, String?.none)
        call.parameters("list", in: .query, [Int64(1), 2])
        call.parameter("c", in: .cookie, "v")
        call.accept(["text/plain", "application/json"])
        call.json("application/json") { $0.write("body") }
        let reply = try await core("http://h:1/base/", ["key": "secret", "bearer": "tok"]).send(
            call, security: [[.bearer(scheme: "absent")], [.bearer(scheme: "bearer"), .apiKey(scheme: "key", in: .query, name: "k")]])
        #expect(reply.status == 200)
        #expect(
            try await reply.text()
                == "/base/things/a%2Fb%20%C3%A4?q=x%20y%26&list=1&list=2&k=secret|Bearer tok|text/plain, application/json|application/json|c=v|\"body\""
        )
    }

    @Test func withoutCredentialsTheCallIsSentWithout() async throws {
        var call = ClientCall(operationID: "mirror", method: .post, path: "/things/{id}")
        call.parameter("id", in: .path, "1")
        let reply = try await core().send(call, security: [[.basic(scheme: "absent")]])
        #expect(try await reply.text() == "/base/things/1|-|-|-|-|")
        let basic = try await core("http://h:1/base", ["b": "user:pass"]).send(call, security: [[.basic(scheme: "b")]])
        #expect(try await basic.text().contains("|Basic dXNlcjpwYXNz|"))
    }

    @Test(arguments: ["", "h:1", "ftp://h", "http://", "http://u:p@h", "http://h/?q=1", "http://h /x"])
    func whatIsNoServerIsSaid(_ url: String) async {
        let error = await #expect(throws: ClientError.self) {
            try await core(url).send(ClientCall(operationID: "mirror", method: .get, path: "/"), security: [])
        }
        #expect(error?.code == .invalidServerURL)
    }

    // MARK: Replies

    private func reply(_ response: ServerResponse) async throws -> ClientReply {
        let router = APIRouter(routes: [APIRoute(method: .get, path: "/", operationID: "op") { _, _ in response }])
        let core = ClientCore(serverURL: "http://h", transport: InProcessTransport(router: router), credentials: nil)
        return try await core.send(ClientCall(operationID: "op", method: .get, path: "/"), security: [])
    }

    @Test func undeclaredAnswersAreErrors() async throws {
        let problem = Problem(type: "urn:x", title: "t", status: 418)
        let error = try await reply(.problem(problem)).undeclared()
        #expect(error.code == .undeclaredStatus && error.status == 418)
        #expect(error.problem?.type == "urn:x")
        let other = try await reply(.text(200, "text/html", "<p>"))
        let contentError = #expect(throws: ClientError.self) { try other.content(["application/json"]) }
        #expect(contentError?.code == .undeclaredContentType)
        #expect(try other.content(["text/plain", "text/*"]) == 1)
    }

    @Test func badBodiesAreErrors() async throws {
        let readInteger: @Sendable (inout JSONReader) throws(JSONSyntaxError) -> Int64? = { json throws(JSONSyntaxError) in
            try json.readInt64()
        }
        let malformed = try await reply(.bytes(200, "application/json", [0x7B]))
        let syntax = await #expect(throws: ClientError.self) { try await malformed.json(readInteger) }
        #expect(syntax?.code == .malformedBody)
        let wrong = try await reply(.bytes(200, "application/json", [UInt8]("\"x\"".utf8)))
        let schema = await #expect(throws: ClientError.self) { try await wrong.json(readInteger) }
        #expect(schema?.code == .invalidBody)
        #expect(schema?.violations.map(\.rule) == ["type"])
        #expect(schema.map { !"\($0)".contains("\"x\"") } == true)
    }

    @Test func formsTravelBack() async throws {
        let reply = try await self.reply(.form(200) { Pair(first: "a b", second: 2).write(to: &$0) })
        #expect(try reply.content(["application/x-www-form-urlencoded"]) == 0)
        #expect(try await reply.form(Pair.schema, Pair.read(from:)) == Pair(first: "a b", second: 2))
        let wrong = try await self.reply(.bytes(200, "application/x-www-form-urlencoded", [UInt8]("first=x&second=y".utf8)))
        let error = await #expect(throws: ClientError.self) { try await wrong.form(Pair.schema, Pair.read(from:)) }
        #expect(error?.violations.map(\.pointer) == ["/second"])
    }

    @Test func headerFieldsAreTyped() async throws {
        var response = ServerResponse.empty(200)
        response.setHeader("X-Number", Int64(7))
        response.setHeader("X-List", values: ["a", "b"])
        response.setHeader("X-None", String?.none)
        response.setHeader("X-Text", "evil\r\nX-Injected: 1")
        let reply = try await self.reply(response)
        let number: Int64 = try reply.header("X-Number")
        let list: [String] = try reply.headerValues("X-List")
        let none: String? = try reply.optionalHeader("X-None")
        let injected: String? = try reply.optionalHeader("X-Injected")
        let text: String = try reply.header("X-Text")
        #expect(number == 7 && none == nil && injected == nil)
        #expect(list == ["a", "b"])
        #expect(!text.contains("\n"))
        let missing = #expect(throws: ClientError.self) { let _: Int64 = try reply.header("X-None") }
        #expect(missing?.code == .invalidHeader)
        #expect(throws: ClientError.self) { let _: Int64 = try reply.header("X-List") }
    }

    @Test func cancelledCallsAreNotSent() async {
        let task = Task { try await core().send(ClientCall(operationID: "mirror", method: .post, path: "/things/1"), security: []) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

private struct Pair: JSONReadable, JSONWritable, Equatable {
    var first: String
    var second: Int64

    static let schema = TextSchema.object([("first", .string), ("second", .number)])

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Pair? {
        guard try json.beginObject() else { return nil }
        var first: String?
        var second: Int64?
        while let key = try json.nextKey() {
            switch key {
            case "first": first = try json.readString()
            case "second": second = try json.readInt64()
            default: try json.skipValue()
            }
        }
        guard let first, let second else { return nil }
        return Pair(first: first, second: second)
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("first")
        json.write(first)
        json.key("second")
        json.write(second)
        json.endObject()
    }
}
