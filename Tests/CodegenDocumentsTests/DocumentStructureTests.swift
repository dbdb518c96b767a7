import CodegenDocuments
import CodegenModel
import Testing

@Suite("What documents are made of")
struct DocumentStructureTests {
    private static let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"

    @Test("a document may have components only, webhooks only, or empty paths")
    func partial() throws {
        let components = try service(
            ["/openapi.yaml": Self.head + "components: {schemas: {A: {type: object, properties: {b: {type: string}}}}}\n"])
        #expect(components.operations.isEmpty)
        #expect(components.types.map(\.name) == ["A"])
        let webhooks = try service([
            "/openapi.yaml": Self.head + "webhooks: {new pet: {post: {responses: {'204': {description: Done}}}}}\n"
        ])
        #expect(webhooks.operations.isEmpty)
        #expect(webhooks.webhooks.map(\.swiftName) == ["newPet"])
        #expect(webhooks.webhooks.map(\.hookName) == ["new pet"])
        #expect(try service(["/openapi.yaml": Self.head + "paths: {}\n"]).allOperations.isEmpty)
    }

    @Test("positions in JSON are exact, on one line or many")
    func json() {
        let text = #"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"responses": {"abc": {}}}}}}"#
        let result = ServiceReader.read(["/a.json"], access: .memory(["/a.json": text]))
        let column = text.distance(from: text.startIndex, to: text.firstRange(of: "\"abc\"")!.lowerBound) + 1
        #expect(
            result.diagnostics.first { $0.rule == "response-status" }?.position == SourcePosition(file: "/a.json", line: 1, column: column))
        let lines = text.replacing("{\"abc\"", with: "{\n  \"abc\"")
        let many = ServiceReader.read(["/a.json"], access: .memory(["/a.json": lines]))
        #expect(many.diagnostics.first { $0.rule == "response-status" }?.position == SourcePosition(file: "/a.json", line: 2, column: 3))
    }

    @Test("a path item's `$ref` and the fields beside it count both")
    func pathItems() throws {
        let text =
            Self.head + """
                paths:
                  /a:
                    $ref: items.yaml#/a~1b
                    parameters: [{name: own, in: query, schema: {type: string}}]
                    delete: {operationId: own, responses: {'204': {description: Done}}}
                """
        let items = """
            a/b:
              parameters: [{name: theirs, in: query, schema: {type: string}}]
              get: {operationId: theirs, responses: {'204': {description: Done}}}
            """
        let service = try service(["/openapi.yaml": text, "/items.yaml": items])
        #expect(service.operations.map(\.id) == ["theirs", "own"])
        #expect(service.operations.map { $0.parameters.map(\.name) } == [["theirs", "own"], ["theirs", "own"]])
    }

    @Test("references lead to whole files, through escapes, by `$self`, and round in circles")
    func references() throws {
        let text = """
            openapi: 3.2.0
            $self: https://example.com/api.yaml
            info: {title: T, version: '1'}
            components:
              schemas:
                Tree: {type: object, properties: {left: {$ref: 'a%20file.yaml'}, again: {$ref: 'https://example.com/api.yaml#/x-parts/a~1b%25c'}}}
            x-parts:
              a/b%c: {type: object, properties: {tree: {$ref: '#/components/schemas/Tree'}}}
            """
        let file = "type: object\nproperties: {back: {$ref: 'openapi.yaml#/components/schemas/Tree'}, own: {$ref: 'a file.yaml'}}\n"
        let service = try service(["/openapi.yaml": text, "/a file.yaml": file])
        #expect(service.types.map(\.name) == ["AFile", "Tree", "XPartsABPercentC"])
        let tree = try #require(service.types.first { $0.name == "AFile" })
        guard case .object(let object) = tree.kind else { return #expect(Bool(false), "no struct") }
        #expect(object.properties.map(\.type) == [TypeUse(.named("Tree")), TypeUse(.named("AFile"))])
    }

    @Test("the nearest servers say where an operation is")
    func servers() throws {
        let text =
            Self.head + """
                servers: [{url: /v1}, {url: 'https://{host}/x/', description: Elsewhere, variables: {host: {default: a.example}}}]
                paths:
                  /a:
                    get: {operationId: a, responses: {'204': {description: Done}}}
                    put: {operationId: b, servers: [{url: 'https://b.example/up/'}], responses: {'204': {description: Done}}}
                  /c:
                    servers: [{url: ./v2}]
                    get: {operationId: c, responses: {'204': {description: Done}}}
                """
        let service = try service(["/openapi.yaml": text])
        #expect(service.operations.map(\.path) == ["/v1/a", "/up/a", "/v2/c"])
        #expect(service.operations.map(\.origin) == [nil, "https://b.example", nil])
        #expect(service.servers.map(\.swiftName) == ["server", "elsewhere"])
        #expect(service.basePath == "/v1")
    }

    @Test("a callback that has itself as a callback, and many that share one, are read once")
    func callbacks() throws {
        let text =
            Self.head + """
                paths:
                  /a:
                    post: {operationId: a, responses: {'204': {description: Done}}, callbacks: {first: {$ref: '#/components/callbacks/Again'}}}
                    put: {operationId: b, responses: {'204': {description: Done}}, callbacks: {second: {$ref: '#/components/callbacks/Again'}}}
                components:
                  callbacks:
                    Again:
                      http://localhost/hook:
                        post:
                          operationId: hook
                          responses: {'204': {description: Done}}
                          callbacks: {once more: {$ref: '#/components/callbacks/Again'}}
                """
        let service = try service(["/openapi.yaml": text])
        #expect(service.callbacks.map(\.id) == ["hook"])
        #expect(service.operations.map { $0.callbacks.map(\.operations) } == [[["Hook"]], [["Hook"]]])
        #expect(service.operations[0].callbacks[0].url == [.text("http://localhost/hook")])
    }
}
