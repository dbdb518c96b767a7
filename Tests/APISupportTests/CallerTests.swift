import APISupport
import HTTPTypes
import Testing

/// Who calls, where to, and with what.
@Suite struct CallerTests {
    /// Answers with the method, the URL and two fields.
    private struct Mirror: ClientTransport {
        func send(_ request: ClientRequest) async throws -> ClientResponse {
            let fields = request.head.headerFields
            let text = "\(request.head.method) \(request.url) \(fields[.authorization] ?? "-") \(fields[.cookie] ?? "-")"
            return ClientResponse(
                head: HTTPResponse(status: .ok, headerFields: [.contentType: "text/plain"]), body: ByteStream(Array(text.utf8)))
        }
    }

    private struct Credentials: CredentialProvider {
        let values: [String: String]

        func credential(scheme: String) async throws -> String? { values[scheme] }
    }

    private static let credentials = Credentials(values: ["digest": "username=\"a\"", "session": "c"])

    private func sent(_ security: [[CredentialUse]]) async throws -> String {
        let core = ClientCore(serverURL: "http://h", transport: Mirror(), credentials: Self.credentials)
        return try await core.send(ClientCall(operationID: "o", method: .get, path: "/p"), security: security).text()
    }

    // MARK: Credentials

    @Test func everyKindOfCredentialTravelsInItsPlace() async throws {
        #expect(try await sent([[.http(scheme: "digest", method: "Digest")]]) == "GET http://h/p Digest username=\"a\" -")
        #expect(try await sent([[.apiKey(scheme: "session", in: .cookie, name: "sid")]]) == "GET http://h/p - sid=c")
        // The certificate is the transport's: nothing is asked for, and what stands beside it is sent.
        #expect(
            try await sent([[.bearer(scheme: "none")], [.mutualTLS, .apiKey(scheme: "session", in: .query, name: "k")]])
                == "GET http://h/p?k=c - -")
    }

    @Test func otherSchemesAreFoundByTheirNames() {
        func credentials(_ value: String) -> String? {
            let head = HTTPRequest(method: .get, scheme: "http", authority: "h", path: "/", headerFields: [.authorization: value])
            return ServerCall.http("Digest", in: ServerRequest(head: head))
        }
        #expect(credentials("digest  username=\"a\", qop=auth") == "username=\"a\", qop=auth")
        #expect(credentials("Bearer a") == nil)
        #expect(credentials("Digest ") == nil)
    }

    // MARK: Challenges

    private func challenges(_ failure: RequestFailure?, _ challenges: [String]) async -> [String]? {
        let alternative: @Sendable () async throws -> Principal? = { if let failure { throw failure } else { nil } }
        let thrown = await #expect(throws: RequestFailure.self) {
            try await ServerCall.authenticate([alternative], challenges: challenges)
        }
        return thrown?.headerFields[values: .wwwAuthenticate]
    }

    @Test func aRejectionIsChallenged() async {
        let bearer = "Bearer realm=\"r\", scope=\"a\""
        let bad = RequestFailure(.unauthenticated, detail: "bad")
        #expect(await challenges(nil, [bearer]) == [bearer])
        #expect(await challenges(bad, [bearer]) == [bearer + ", error=\"invalid_token\""])
        // Which of the two was wrong is not known.
        #expect(await challenges(bad, [bearer, "Basic realm=\"r\""]) == [bearer, "Basic realm=\"r\""])
        #expect(
            await challenges(RequestFailure(.unauthenticated, detail: "", headerFields: [.wwwAuthenticate: "Digest nonce=\"1\""]), [bearer])
                == ["Digest nonce=\"1\""])
        #expect(await challenges(RequestFailure(.forbidden, detail: "scopes"), [bearer]) == [])
    }

    // MARK: Where to

    @Test func aServerLocationFillsItsVariablesIn() {
        #expect(ServerLocation("https://{a}.x/{b}/{a}", variables: ["a": "1", "b": "2"]).url == "https://1.x/2/1")
        #expect(ServerLocation("/v1", variables: [:], origin: "https://x/").url == "https://x/v1")
        #expect(ServerLocation("../v1", variables: [:], origin: "https://x").url == "https://x/v1")
        #expect(ServerLocation("v1", variables: [:], origin: "https://x").url == "https://x/v1")
        #expect(ServerLocation("https://{unclosed", variables: [:]).url == "https://{unclosed")
    }

    @Test(arguments: [
        ("https://x/v2", "/v1", "/v1/things", "https://x/v2/things"), ("https://x", "/v1", "/v1/things", "https://x/things"),
        ("https://x/v2", "", "/things", "https://x/v2/things"), ("https://x/v2", "/v1", "/v10/things", "https://x/v10/things"),
        ("https://x/v2", "/v1", "/v1", "https://x/v2"), ("https://x/v2/", "/v1", "/v1/things/", "https://x/v2/things/"),
    ])
    func aServersPathStandsInPlaceOfTheDocuments(server: String, replaced: String, template: String, url: String) async throws {
        for (known, path) in [("/v1", "/v1"), ("", "")] as [(String, StaticString)] where known == replaced {
            let core = ClientCore(server: ServerLocation(url: server), replacing: path, transport: Mirror(), credentials: nil)
            let templates: [String: StaticString] = [
                "/v1/things": "/v1/things", "/things": "/things", "/v10/things": "/v10/things", "/v1": "/v1", "/v1/things/": "/v1/things/",
            ]
            let call = ClientCall(operationID: "o", method: .get, path: try #require(templates[template]))
            #expect(try await core.send(call, security: []).text() == "GET \(url) - -")
        }
    }

    @Test(arguments: [
        ("https://x/hook", "https://x/hook?q=1"), ("https://x/hook/?t=2#part", "https://x/hook/?t=2&q=1"), ("http://x", "http://x/?q=1"),
        ("ftp://x/hook", nil), ("x", nil), ("https://user@x/", nil), ("", nil),
    ])
    func receiversAreCalledAtTheirURLs(url: String, sent: String?) async throws {
        let core = ClientCore(serverURL: "", transport: Mirror(), credentials: nil)
        var call = ClientCall(operationID: "o", method: .post, path: "")
        call.parameter("q", in: .query, Int64(1))
        if let sent {
            #expect(try await core.send(call, security: [], to: url).text() == "POST \(sent) - -")
        } else {
            let error = await #expect(throws: ClientError.self) { try await core.send(call, security: [], to: url) }
            #expect(error?.code == .invalidServerURL)
        }
    }
}
