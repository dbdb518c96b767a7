import APISupport
import HTTPTypes
import InterfacesAPI
import Testing

/// Who a handler of the interfaces document is told is calling: a type of the service's own, not `Principal`.
struct Customer: Sendable, Equatable {
    var name: String
    var scopes: [String] = []
}

struct Partner: Sendable, Equatable { var key: String }

struct InterfacesHandler {
    private static let order = Schemas.Order(id: 7, article: "tea", owner: Schemas.Person(name: "Ada", friends: [.init(name: "Bob")]))
}

extension InterfacesHandler: InterfacesAPI.OrdersAPI {
    func listOrders(
        _ input: Operations.ListOrders.Input, principal: Customer, context: CallContext
    ) async throws -> Operations.ListOrders.Output {
        .ok([Schemas.Order(id: input.limit, article: principal.name)])
    }

    func createOrder(
        _ input: Operations.CreateOrder.Input, principal: Operations.CreateOrder.Caller<Customer, Partner>, context: CallContext
    ) async throws -> Operations.CreateOrder.Output {
        let caller =
            switch principal {
            case .bearerAuth(let customer): customer.name
            case .partnerKey(let partner): partner.key
            }
        return .created(.init(location: "/orders/7", body: Schemas.Order(id: 7, article: "\(input.body.article) for \(caller)")))
    }

    func searchOrders(
        _ input: Operations.SearchOrders.Input, principal: Customer, context: CallContext
    ) async throws -> Operations.SearchOrders.Output {
        .ok([Schemas.Order(id: 1, article: input.body.text ?? "all")])
    }

    func getOrder(
        _ input: Operations.GetOrder.Input, principal: Customer, context: CallContext
    ) async throws -> Operations.GetOrder.Output {
        input.id == "7" ? .ok(Self.order) : .notFound
    }

    func abandonOrder(
        _ input: Operations.AbandonOrder.Input, principal: Customer, context: CallContext
    ) async throws -> Operations.AbandonOrder.Output { .noContent }

    func getLatestOrder(
        _ input: Operations.GetLatestOrder.Input, principal: String?, context: CallContext
    ) async throws -> Operations.GetLatestOrder.Output { .ok(principal ?? "nobody") }
}

extension InterfacesHandler: InterfacesAPI.ArchiveAPI {
    func emptySegment(
        _ input: Operations.EmptySegment.Input, principal: Operations.EmptySegment.Caller<Principal, Customer>, context: CallContext
    ) async throws -> Operations.EmptySegment.Output { .ok("\(principal.cookieKey.subject) \(principal.bearerAuth.name)") }
}

extension InterfacesHandler: InterfacesAPI.DefaultAPI {
    func linkOrders(_ input: Operations.LinkOrders.Input, context: CallContext) async throws -> Operations.LinkOrders.Output { .noContent }

    func uploadFile(
        _ input: Operations.UploadFile.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.UploadFile.Output { .ok(principal.subject) }

    func remind(_ input: Operations.Remind.Input, context: CallContext) async throws -> Operations.Remind.Output { .noContent }
}

struct InterfacesSecurity: InterfacesAPI.SecurityHandler {
    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Customer {
        guard token == "good" else { throw RequestFailure(.unauthenticated, detail: "Unknown token.") }
        return Customer(name: "ada", scopes: scopes)
    }

    func partnerKey(_ key: String, scopes: [String], context: CallContext) async throws -> Partner {
        guard key == "partner" else { throw RequestFailure(.unauthenticated, detail: "Unknown key.") }
        return Partner(key: key)
    }

    func cookieKey(_ key: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: key) }

    func digestAuth(_ credentials: String, scopes: [String], context: CallContext) async throws -> String { credentials }

    func clientCertificate(_ request: ServerRequest, scopes: [String], context: CallContext) async throws -> Principal? {
        request.remoteAddress.map { Principal(subject: $0) }
    }

    func hookSignature(_ key: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: key) }
}

/// What a receiver of the document's webhooks and callbacks got.
actor Deliveries {
    private(set) var all: [String] = []

    func add(_ delivery: String) { all.append(delivery) }
}

struct HookReceiver: WebhookHandler, CallbackHandler {
    let deliveries = Deliveries()

    func orderCreated(
        _ input: Operations.OrderCreated.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.OrderCreated.Output {
        await deliveries.add("\(input.xDelivery) \(principal.subject) \(input.body.id)")
        return .noContent
    }

    func orderShipped(_ input: Operations.OrderShipped.Input, context: CallContext) async throws -> Operations.OrderShipped.Output {
        await deliveries.add("shipped \(input.body.id)")
        return .noContent
    }

    func orderPaid(_ input: Operations.OrderPaid.Input, context: CallContext) async throws -> Operations.OrderPaid.Output {
        await deliveries.add("paid \(input.body.amount) \(context.request.query ?? "")")
        return .noContent
    }
}

/// Hands requests on and remembers where they went.
struct RecordingTransport: ClientTransport {
    let next: InProcessTransport
    let requests = Deliveries()

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        await requests.add("\(request.head.method) \(request.url)")
        return try await next.send(request)
    }
}

@Suite("What surrounds operations: servers, security, webhooks, callbacks, links")
struct InterfaceTests {
    private static let router = APIRouter(
        routes: InterfacesAPI.Server(handler: InterfacesHandler(), security: InterfacesSecurity()).routes)
    private let transport = RecordingTransport(next: InProcessTransport(router: Self.router))

    private func client(_ credentials: [String: String] = ["bearerAuth": "good"]) -> InterfacesAPI.Client {
        InterfacesAPI.Client(serverURL: "http://localhost", transport: transport, credentials: Credentials(values: credentials))
    }

    private func status(_ path: String, _ fields: HTTPFields = [:], method: HTTPRequest.Method = .get) async -> ServerResponse {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        return await Self.router.respond(to: ServerRequest(head: head))
    }

    // MARK: Security

    @Test("a handler receives what the scheme's method gave, in its own type")
    func principals() async throws {
        #expect(try await client().listOrders().ok.map(\.article) == ["ada"])
    }

    @Test("of alternatives, the handler learns which one held")
    func alternatives() async throws {
        let input = Operations.CreateOrder.Input(body: .init(article: "tea"))
        #expect(try await client().createOrder(input).created.body.article == "tea for ada")
        #expect(try await client(["partnerKey": "partner"]).createOrder(input).created.body.article == "tea for partner")
        #expect(await transport.requests.all.last == "POST http://localhost/v1/orders?key=partner")
        await #expect(throws: ClientError.self) { try await client(["partnerKey": "wrong"]).createOrder(input) }
    }

    @Test("schemes that must hold together give all their principals, or none is let in")
    func combination() async throws {
        let both = try await client(["bearerAuth": "good", "cookieKey": "cookie"]).emptySegment()
        #expect(try both.ok == "cookie ada")
        #expect(await status("/v1/orders/", [.authorization: "Bearer good"]).head.status == .unauthorized)
    }

    @Test("another HTTP scheme hands over what follows its name; without any, the caller is nobody")
    func otherSchemes() async throws {
        #expect(try await client(["digestAuth": "username=\"ada\""]).getLatestOrder().ok == "username=\"ada\"")
        #expect(try await client([:]).getLatestOrder().ok == "nobody")
    }

    @Test("mutual TLS: the handler of security looks at the connection")
    func certificates() async throws {
        let head = HTTPRequest(method: .post, scheme: "https", authority: "files", path: "/storage/files")
        let request = ServerRequest(head: head, remoteAddress: "peer")
        #expect(await Self.router.respond(to: request).head.status == .ok)
        #expect(await status("/storage/files", method: .post).head.status == .unauthorized)
    }

    @Test("a 401 says how to come back (RFC 9110 §11.6.1, RFC 6750 §3)")
    func challenges() async {
        let none = await status("/v1/orders")
        #expect(none.head.headerFields[values: .wwwAuthenticate] == [#"Bearer realm="InterfacesAPI", scope="orders:read""#])
        let bad = await status("/v1/orders", [.authorization: "Bearer bad"])
        #expect(
            bad.head.headerFields[values: .wwwAuthenticate]
                == [#"Bearer realm="InterfacesAPI", scope="orders:read", error="invalid_token""#])
    }

    // MARK: Paths and servers

    @Test("methods of OpenAPI 3.2, a slash at the end, and a literal before a template")
    func paths() async throws {
        #expect(try await client().searchOrders(.init(body: .init(text: "x"))).ok.map(\.article) == ["x"])
        _ = try await client().linkOrders().noContent
        #expect(await transport.requests.all == ["QUERY http://localhost/v1/orders", "LINK http://localhost/v1/orders"])
        #expect(await status("/v1/orders/latest").head.status == .ok)
        #expect(await status("/v1/orders/latest/").head.status == .notFound)
        #expect(try await client().getOrder(.init(id: "7")).ok.owner?.friends?.map(\.name) == ["Bob"])
    }

    @Test("servers are functions, their variables arguments; an operation's own server is its default")
    func servers() async throws {
        #expect(Servers.production().url == "https://eu.example.com:443/v1")
        #expect(Servers.production(region: .usEast, port: "8443").url == "https://us-east.example.com:8443/v1")
        #expect(Servers.besideTheDocument(at: "https://example.org").url == "https://example.org/v1")
        let local = InterfacesAPI.Client(
            server: Servers.local(), transport: transport, credentials: Credentials(values: ["bearerAuth": "good"]))
        await #expect(throws: ClientError.self) { try await local.listOrders() }
        _ = try? await client().uploadFile()
        _ = try? await client().uploadFile(server: "http://localhost")
        #expect(
            await transport.requests.all == [
                "GET http://localhost:8080/orders?limit=10", "POST https://files.example.com/storage/files",
                "POST http://localhost/storage/files",
            ])
    }

    // MARK: Webhooks and callbacks

    @Test("a webhook goes from the sender's client to the receiver's server, wherever that is mounted")
    func webhooks() async throws {
        let receiver = HookReceiver()
        let server = WebhookServer(handler: receiver, security: InterfacesSecurity(), paths: WebhookPaths(orderCreated: "/my/hook/"))
        let sender = WebhookClient(
            transport: InProcessTransport(router: APIRouter(routes: server.routes)),
            credentials: Credentials(values: ["hookSignature": "s"]))
        let input = Operations.OrderCreated.Input(xDelivery: "d1", body: Schemas.Order(id: 3, article: "tea"))
        _ = try await sender.orderCreated(input, to: "https://receiver.example/my/hook/?tenant=1").noContent
        #expect(await receiver.deliveries.all == ["d1 s 3"])
        await #expect(throws: ClientError.self) { try await sender.orderCreated(input, to: "ftp://receiver.example/") }
    }

    @Test("a callback goes to where the request said")
    func callbacks() async throws {
        let receiver = HookReceiver()
        let server = CallbackServer(handler: receiver, paths: CallbackPaths(orderShipped: "/shipped", orderPaid: "/paid"))
        let sender = CallbackClient(transport: InProcessTransport(router: APIRouter(routes: server.routes)))
        var input = Operations.CreateOrder.Input(body: .init(article: "tea"))
        #expect(Operations.CreateOrder.orderShippedURL(of: input) == nil)
        #expect(Operations.CreateOrder.orderPaidURL(of: input) == nil)
        input.notify = "https://me.example"
        input.body.reference = 12
        input.body.callback = .init(url: "https://me.example/shipped")
        let shipped = try #require(Operations.CreateOrder.orderShippedURL(of: input))
        let paid = try #require(Operations.CreateOrder.orderPaidURL(of: input))
        #expect(paid == "https://me.example/paid?id=12")
        _ = try await sender.orderShipped(.init(body: Schemas.Order(id: 3, article: "tea")), to: shipped).noContent
        _ = try await sender.orderPaid(.init(body: .init(amount: 1.5)), to: paid).noContent
        #expect(await receiver.deliveries.all == ["shipped 3", "paid 1.5 id=12"])
    }

    // MARK: Links

    @Test("a link gives the next operation's input, as far as the response says it")
    func links() async throws {
        let output = try await client().createOrder(.init(body: .init(article: "tea")))
        let next = try #require(output.getOrderInput())
        #expect(try await client().getOrder(next).ok.id == 7)
        let cancel = try #require(output.cancelOrderInput(priority: 2))
        #expect(cancel.id == "7")
        #expect(cancel.reason == "mistake")
        #expect(output.remindInput(body: .init(text: "soon"))?.order == "7")
    }
}
