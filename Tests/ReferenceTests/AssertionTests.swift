import APISupport
import AssertionsAPI
import HTTPTypes
import Testing

/// Keywords that types do not express, checked by generated code.
@Suite("Assertions")
struct AssertionTests {
    /// `pointer rule` of each violation, sorted.
    private func violations<T: JSONReadable>(_ type: T.Type, _ json: String) -> [String] {
        do throws(RequestFailure) {
            _ = try JSONReader.decode(type, from: Array(json.utf8))
            return []
        } catch {
            return error.violations.map { "\($0.pointer) \($0.rule)" }.sorted()
        }
    }

    @Test("a valid body is read as its type")
    func readsValid() throws {
        let json = """
            {"id": "1", "card": "c", "billing_address": "b", "express": true, "phone": "p", "price": 19.99,
             "items": [{"kind": "main", "note": "n"}, {"kind": "side"}], "labels": {"a": "b"}}
            """
        let order = try JSONReader.decode(Schemas.Order.self, from: Array(json.utf8))
        #expect(order.items.count == 2 && order.labels == ["a": "b"] && order.phone == "p")
    }

    @Test("all that is wrong with a body is told at once, each at its place")
    func reportsAll() {
        let json = """
            {"id": 1, "card": "c", "express": true, "voucher": 5, "price": 19.995,
             "items": [{"kind": "MAIN", "note": "n"}, {"kind": "side"}], "labels": {"a": "b", "B2": "c"}}
            """
        #expect(
            violations(Schemas.Order.self, json) == [
                " not", "/billing_address dependentRequired", "/id type", "/items contains", "/items/0/kind pattern",
                "/labels/B2 propertyNames", "/phone required", "/price multipleOf",
            ])
    }

    @Test("a limit of matching items holds")
    func limitsMatches() {
        let main = #"{"kind": "main"}"#
        #expect(violations(Schemas.Order.self, #"{"id": "1", "items": [\#(main), \#(main), \#(main)]}"#) == ["/items maxContains"])
        #expect(violations(Schemas.Order.self, #"{"id": "1", "items": [\#(main), \#(main)]}"#) == [])
    }

    @Test("what no part of a schema speaks of is not allowed; what a branch taken speaks of is")
    func closesWhatIsUnevaluated() {
        #expect(violations(Schemas.Closed.self, #"{"name": "n", "size": 1, "unit": "cm"}"#) == [])
        #expect(violations(Schemas.Closed.self, #"{"name": "n", "unit": "cm"}"#) == ["/unit unevaluatedProperties"])
        #expect(violations(Schemas.Closed.self, #"{"size": 1, "other": 2}"#) == ["/other unevaluatedProperties", "/unit required"])
    }

    @Test("alternatives that only demand are checked")
    func checksAlternatives() throws {
        #expect(try Schemas.Validators.tree(Array(#"{"value": 1, "children": [{"value": 2, "children": []}]}"#.utf8)) == [])
        let found = try Schemas.Validators.tree(Array(#"{"value": 1, "children": [{"value": "2"}, {}]}"#.utf8))
        #expect(found.map { "\($0.pointer) \($0.rule)" } == ["/children/0/value type", "/children/1/value required"])
    }

    @Test("a validator says what JSON Schema says: numbers by value, names by pattern, any JSON text")
    func validatesLoosely() throws {
        func found(_ json: String) throws -> [String] {
            try Schemas.Validators.loose(Array(json.utf8)).map { "\($0.pointer) \($0.rule)" }
        }
        #expect(try found("[1]") == [])
        #expect(try found(#"{"big": 9007199254740993.0}"#) == [])
        #expect(try found(#"{"big": 9007199254740992}"#) == ["/big const"])
        #expect(try found(#"{"list": [1, {"a": 1, "b": [2]}, {"b": [2.0], "a": 1}]}"#) == ["/list uniqueItems"])
        #expect(try found(#"{"pair": ["a", 1]}"#) == [])
        #expect(try found(#"{"pair": [1, 1, 1]}"#) == ["/pair/0 type", "/pair/2 items"])
        #expect(try found(#"{"never": null}"#) == ["/never false"])
        #expect(try found(#"{"x-a": "s", "x-b": 1, "other": 1, "another": "s"}"#) == ["/x-b type", "/another type"])
        #expect(throws: RequestFailure.self) { try Schemas.Validators.loose(Array("{".utf8)) }
    }

    @Test("the server answers with every violation of body and parameters")
    func answers() async throws {
        let server = Server(handler: OrderHandler())
        let transport = InProcessTransport(router: APIRouter(routes: server.routes))
        let client = Client(serverURL: "http://test", transport: transport)
        let order = Schemas.Order(id: "1", items: [.init(kind: "main")])
        #expect(try await client.placeOrder(.init(code: "some", body: order)).ok == order)
        let bad = Schemas.Order(id: "1", express: true, items: [.init(kind: "side")])
        guard case .badRequest(let problem) = try await client.placeOrder(.init(code: "none", body: bad)) else {
            Issue.record("an invalid order was accepted")
            return
        }
        #expect(problem.errors?.map { "\($0.pointer) \($0.rule)" }.sorted() == ["/items contains", "/phone required", "query:code not"])
    }

    @Test("forms and parameters are checked by what they are in JSON")
    func checksForms() async throws {
        let transport = InProcessTransport(router: APIRouter(routes: Server(handler: OrderHandler()).routes))
        let client = Client(serverURL: "http://test", transport: transport)
        let good = Operations.Subscribe.Input(tags: ["news"], body: .init(email: "e", phone: "p", language: "de"))
        guard case .noContent = try await client.subscribe(good) else {
            Issue.record("a valid form was refused")
            return
        }
        let bad = Operations.Subscribe.Input(tags: ["none"], body: .init(phone: "p", language: "xx"))
        guard case .badRequest(let problem) = try await client.subscribe(bad) else {
            Issue.record("an invalid form was accepted")
            return
        }
        let found = problem.errors?.map { "\($0.pointer) \($0.rule)" }.sorted()
        #expect(found == ["/email dependentRequired", "/language not", "query:tags contains", "query:tags not"])
    }
}

private struct OrderHandler: APIHandler {
    func placeOrder(_ input: Operations.PlaceOrder.Input, context: CallContext) async throws -> Operations.PlaceOrder.Output {
        .ok(input.body)
    }

    func subscribe(_ input: Operations.Subscribe.Input, context: CallContext) async throws -> Operations.Subscribe.Output { .noContent }
}
