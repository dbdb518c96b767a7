import APISupport
import BareAPI
import HTTPTypes
import Testing

struct BareHandler: BareAPI.APIHandler {
    func toy(_ input: Operations.Toy.Input, context: CallContext) async throws -> Operations.Toy.Output {
        .default(statusCode: input.id == "rex" && input.toyName == "a b" ? 299 : 404)
    }

    func putToy(
        _ input: Operations.PutToy.Input, principal: String, context: CallContext
    ) async throws -> Operations.PutToy.Output {
        .default(statusCode: input.id == 7 && input.toyName == "ball" && principal == "good" ? 204 : 500)
    }

    func order(_ input: Operations.Order.Input, principal: String, context: CallContext) async throws -> Operations.Order.Output {
        // The document has no such answer, and the handler must not make one.
        if input.body.item == "gone" { throw RequestFailure(.notFound, detail: "secret") }
        return .ok(input.body)
    }

    func receipt(_ input: Operations.Receipt.Input, context: CallContext) async throws -> Operations.Receipt.Output {
        if input.body.item == "gone" { throw RequestFailure(.notFound, detail: "secret") }
        if input.body.item == "full" { throw RequestFailure(.conflict, detail: "secret") }
        return .ok
    }

    func failure(_ failure: RequestFailure, in operation: Operations.Receipt.Type) throws -> Operations.Receipt.Output {
        guard failure.code == .notFound else { throw failure }
        return .notFound(.init(code: failure.code.name))
    }

    func fast(_ input: Operations.Fast.Input, context: CallContext) async throws -> Operations.Fast.Output { .ok }

    func spring(_ input: Operations.Spring.Input, context: CallContext) async throws -> Operations.Spring.Output {
        .ok([input.body, input.body])
    }

    func springCount(_ input: Operations.SpringCount.Input, context: CallContext) async throws -> Operations.SpringCount.Output {
        .ok(1 << 40)
    }

    func springText(_ input: Operations.SpringText.Input, context: CallContext) async throws -> Operations.SpringText.Output {
        .ok(input.body)
    }

    func account(_ input: Operations.Account.Input, context: CallContext) async throws -> Operations.Account.Output {
        guard input.body.password != nil else { throw RequestFailure(.internalError) }
        var account = input.body
        account.name += account.id == nil && account.level == 1 && account.owner?.verified == nil ? " (new)" : " (forged)"
        if account.name != "nobody (new)" { account.id = 7 }
        account.owner?.verified = true
        return .ok([account])
    }

    func application(_ input: Operations.Application.Input, context: CallContext) async throws -> Operations.Application.Output {
        .ok(input.body)
    }
}

struct BareSecurity: BareAPI.SecurityHandler {
    func petstoreAuth(_ token: String, scopes: [String], context: CallContext) async throws -> String {
        if token == "weak" { throw RequestFailure(.forbidden, detail: "Not for you.") }
        guard token == "good", scopes == ["a:b"] else { throw RequestFailure(.unauthenticated, detail: "Unknown token.") }
        return token
    }
}

@Suite("Operations that say little: no responses, placeholders without parameters, a security scheme that is not declared")
struct BareOperationTests {
    private func client(token: String?) -> BareAPI.Client {
        let router = APIRouter(routes: BareAPI.Server(handler: BareHandler(), security: BareSecurity()).routes)
        return BareAPI.Client(
            serverURL: "http://localhost", transport: InProcessTransport(router: router),
            credentials: Credentials(values: token.map { ["petstore_auth": $0] } ?? [:]))
    }

    private static func status(_ output: Operations.Toy.Output) -> Int {
        switch output {
        case .default(let statusCode): statusCode
        }
    }

    private static func status(_ output: Operations.PutToy.Output) -> Int {
        switch output {
        case .default(let statusCode): statusCode
        }
    }

    @Test("A placeholder without a parameter is a string, and any status is an answer")
    func placeholders() async throws {
        let status = try await Self.status(client(token: nil).toy(.init(id: "rex", toyName: "a b")))
        #expect(status == 299)
    }

    @Test("What is asked for but not declared is a bearer token, and nobody comes in without")
    func undeclaredScheme() async throws {
        let accepted = try await Self.status(client(token: "good").putToy(.init(toyName: "ball", id: 7)))
        #expect(accepted == 204)
        let refused = try await Self.status(client(token: "bad").putToy(.init(toyName: "ball", id: 7)))
        #expect(refused == 401)
    }

    // MARK: Failures that the document does not list

    private let router = APIRouter(routes: BareAPI.Server(handler: BareHandler(), security: BareSecurity()).routes)

    private struct Answer {
        var status: Int
        var fields: HTTPFields
        var body: String

        var problem: Problem? { try? JSONReader.decode(Problem.self, from: [UInt8](body.utf8)) }
        var errors: [String] { (problem?.errors ?? []).map { "\($0.pointer) \($0.rule)" } }
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", type: String? = "application/json", token: String? = "good",
        accept: String? = nil
    ) async -> Answer {
        var fields = HTTPFields()
        fields[.contentType] = type
        fields[.authorization] = token.map { "Bearer \($0)" }
        fields[.accept] = accept
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let response = await router.respond(to: ServerRequest(head: head, body: RequestBody([UInt8](body.utf8))))
        guard case .bytes(let bytes) = response.body else {
            return Answer(status: response.head.status.code, fields: response.head.headerFields, body: "")
        }
        return Answer(status: response.head.status.code, fields: response.head.headerFields, body: String(decoding: bytes, as: UTF8.self))
    }

    private static let order = #"{"item":"tea"}"#

    @Test("A credential that is refused is 401 or 403 with its challenge, whether or not the document lists it")
    func refusedCredentials() async {
        let none = await send(.post, "/orders/1", Self.order, token: nil)
        #expect(none.status == 401 && none.problem?.type == "urn:codelab:problem:unauthenticated")
        #expect(none.fields[.wwwAuthenticate] == #"Bearer realm="BareAPI", scope="a:b""#)
        #expect(none.fields[.contentType] == "application/problem+json")
        let bad = await send(.post, "/orders/1", Self.order, token: "bad")
        #expect(bad.status == 401 && bad.fields[.wwwAuthenticate] == #"Bearer realm="BareAPI", scope="a:b", error="invalid_token""#)
        #expect(bad.problem?.detail == "Unknown token.")
        #expect(await send(.post, "/orders/1", Self.order, token: "weak").status == 403)
        #expect(await send(.post, "/orders/1", Self.order).body == Self.order)
    }

    @Test("What is wrong with a request is answered as a problem, whether or not the document lists it")
    func refusedRequests() async {
        let invalid = await send(.post, "/orders/x", #"{"item":"t","count":0}"#)
        #expect(invalid.status == 400 && invalid.errors == ["path:number type", "/item minLength", "/count minimum"])
        #expect(invalid.fields[.contentType] == "application/problem+json")
        let malformed = await send(.post, "/orders/1", "{")
        #expect(malformed.status == 400 && malformed.problem?.type == "urn:codelab:problem:malformed-body")
        let large = await send(.post, "/orders/1", String(repeating: " ", count: 1 << 20) + Self.order)
        #expect(large.status == 413)
        let unknown = await send(.post, "/nowhere", Self.order)
        #expect(unknown.status == 404 && unknown.problem?.status == 404)
        let method = await send(.delete, "/orders/1")
        #expect(method.status == 405 && method.fields[.allow] == "OPTIONS, POST")
        let type = await send(.post, "/orders/1", Self.order, type: "text/html")
        #expect(type.status == 415 && type.fields[.accept] == "application/json" && type.problem?.status == 415)
        let accept = await send(.post, "/orders/1", Self.order, accept: "text/html")
        #expect(accept.status == 406 && accept.problem?.status == 406)
    }

    @Test("A declared 422 takes what is invalid; a handler that maps failures may leave one to generated code")
    func mappedFailures() async {
        let fast = await send(.post, "/fast", #"{"item":"t"}"#)
        #expect(fast.status == 422 && fast.problem?.status == 422 && fast.errors == ["/item minLength"])
        let receipt = await send(.post, "/receipts", #"{"item":"t"}"#)
        #expect(receipt.status == 400 && receipt.errors == ["/item minLength"])
        #expect(await send(.post, "/receipts", #"{"item":"gone"}"#).body == #"{"code":"not-found"}"#)
    }

    @Test("A handler's own failure is only what the document declares")
    func handlersFailures() async {
        for answer in [await send(.post, "/orders/1", #"{"item":"gone"}"#), await send(.post, "/receipts", #"{"item":"full"}"#)] {
            #expect(answer.status == 500 && !answer.body.contains("secret"))
        }
    }

    // MARK: Read-only and write-only

    private static let account = #"{"id":1,"name":"ann","password":"12345678","level":5,"owner":{"mail":"m","verified":true}}"#

    @Test("What only the service says is not taken from a request, what only the caller says is not in a response")
    func serverDirections() async {
        let answer = await send(.post, "/accounts", Self.account)
        #expect(answer.body == #"[{"id":7,"name":"ann (new)","level":1,"owner":{"mail":"m","verified":true}}]"#)
        // Whatever is passed over may be of any type, and there more than once.
        let odd = await send(
            .post, "/accounts", #"{"id":"x","id":{},"name":"ann","password":"12345678","owner":{"mail":"m","verified":7}}"#)
        #expect(odd.body == answer.body)
        let missing = await send(.post, "/accounts", #"{"id":1,"owner":{}}"#)
        #expect(missing.status == 400 && missing.errors == ["/owner/mail required", "/name required", "/password required"])
    }

    @Test("A client does not send what is read-only, nor take what is write-only; what must be there is asked for")
    func clientDirections() async throws {
        func client(_ answer: String, sent: String) -> BareAPI.Client {
            let route = APIRoute(method: .post, path: "/accounts", operationID: "x") { request, _ in
                let body = (try? await request.body.collect(upTo: 1_000)) ?? []
                return .bytes(body == [UInt8](sent.utf8) ? 200 : 418, "application/json", [UInt8](answer.utf8))
            }
            return BareAPI.Client(serverURL: "http://localhost", transport: InProcessTransport(router: APIRouter(routes: [route])))
        }
        let account = Schemas.Account(id: 1, name: "ann", password: "12345678", level: 5, owner: .init(mail: "m", verified: false))
        let sent = #"{"name":"ann","password":"12345678","owner":{"mail":"m"}}"#
        let answer = try await client("[\(Self.account)]", sent: sent).account(.init(body: account)).ok
        #expect(answer == [.init(id: 1, name: "ann", password: nil, level: 5, owner: .init(mail: "m", verified: true))])
        let error = await #expect(throws: ClientError.self) {
            try await client(#"[{"name":"x"}]"#, sent: sent).account(.init(body: account))
        }
        #expect(error?.code == .invalidBody && error?.violations.map(\.pointer) == ["/0/id"])
    }

    private struct Hooks: WebhookHandler {
        func accountMade(_ input: Operations.AccountMade.Input, context: CallContext) async throws -> Operations.AccountMade.Output {
            var account = input.body
            account.name = "\(account.id ?? 0) \(account.level) \(account.password ?? "-")"
            account.password = "87654321"
            return .ok(account)
        }
    }

    @Test("A webhook is what the service says: its request has what is read-only")
    func webhookDirections() async throws {
        let routes = WebhookServer(handler: Hooks(), paths: WebhookPaths(accountMade: "/hook")).routes
        let client = WebhookClient(transport: InProcessTransport(router: APIRouter(routes: routes)))
        let account = Schemas.Account(id: 3, name: "ann", password: "12345678", level: 5)
        let answer = try await client.accountMade(.init(body: account), to: "http://localhost/hook").ok
        #expect(answer == .init(id: nil, name: "3 5 -", password: "87654321", level: 1))
    }

    // MARK: Any media type

    @Test("An object or a list of any media type is JSON")
    func jsonOfAnyMediaType() async throws {
        let client = client(token: nil)
        let order = Schemas.Order(item: "tea", count: 2)
        #expect(try await client.spring(.init(body: order)).ok == [order, order])
        #expect(try await client.application(.init(body: order)).ok == order)
        #expect(try await client.springCount().ok == 1 << 40)
        for type in ["application/json; charset=utf-8", "application/vnd.spring+json", "text/json", nil] {
            let answer = await send(.post, "/spring", Self.order, type: type)
            #expect(answer.status == 200 && answer.body == "[\(Self.order),\(Self.order)]")
            #expect(answer.fields[.contentType] == "application/json")
        }
        let form = await send(.post, "/spring", "item=tea", type: "application/x-www-form-urlencoded")
        #expect(form.status == 415 && form.fields[.accept] == "application/json")
        #expect(await send(.post, "/application", Self.order, type: "application/problem+json").body == Self.order)
        #expect(await send(.post, "/application", Self.order, type: "text/json").status == 415)
        #expect(await send(.post, "/application", Self.order, type: nil).status == 415)
    }

    @Test("A client takes JSON of any media type where the document leaves it open, and asks for it")
    func anyMediaTypeAnswers() async throws {
        func client(_ mediaType: String?) -> BareAPI.Client {
            let routes = [HTTPRequest.Method.get, .post].map { method in
                APIRoute(method: method, path: method == .get ? "/spring/count" : "/application", operationID: "x") { request, _ in
                    var response = ServerResponse.json(200, "x/y") { json in
                        if method == .get { json.write(Int64(7)) } else { Schemas.Order(item: "tea").write(to: &json) }
                    }
                    response.head.headerFields[.contentType] = mediaType
                    let range = method == .get ? "*/*" : "application/*"
                    return request.head.headerFields[.accept] == "application/json, \(range);q=0.8" ? response : .empty(406)
                }
            }
            return BareAPI.Client(serverURL: "http://localhost", transport: InProcessTransport(router: APIRouter(routes: routes)))
        }
        for type in ["application/json", "application/hal+json; charset=utf-8", nil] {
            #expect(try await client(type).springCount().ok == 7)
        }
        #expect(try await client("application/hal+json").application(.init(body: .init(item: "tea"))).ok.item == "tea")
        await #expect(throws: ClientError.self) { try await client("text/html").springCount() }
        await #expect(throws: ClientError.self) { try await client(nil).application(.init(body: .init(item: "tea"))) }
    }

    @Test("A string, or nothing said, of any media type is bytes with their media type")
    func bytesOfAnyMediaType() async throws {
        let body = MediaBody([UInt8]("x".utf8), mediaType: "text/x-thing")
        #expect(try await client(token: nil).springText(.init(body: body)).ok == body)
        let untyped = await send(.put, "/spring/count", "x", type: nil)
        #expect(untyped.body == "x" && untyped.fields[.contentType] == "application/octet-stream")
    }
}
