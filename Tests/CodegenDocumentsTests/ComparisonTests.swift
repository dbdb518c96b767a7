import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Changes between documents, and whom they break")
struct ComparisonTests {
    /// A change of one place of the document below: what stands there before and after, and what is to be said, there and back.
    struct Case: CustomTestStringConvertible, Sendable {
        var old: String
        var new: String
        var forth: String
        var back: String
        var testDescription: String { "\(old) -> \(new)" }

        init(_ old: String, _ new: String, _ forth: String, _ back: String) {
            (self.old, self.new, self.forth, self.back) = (old, new, forth, back)
        }
    }

    static let document = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        security: [{token: []}]
        paths:
          /in/{id}:
            post:
              operationId: send
              parameters:
                - {name: id, in: path, required: true, schema: {type: string}}
                - {name: limit, in: query, schema: {type: integer, format: int32, maximum: 10}}
              requestBody:
                required: true
                content: {application/json: {schema: {$ref: '#/components/schemas/Input'}}}
              responses: {'204': {description: Done}}
          /out:
            get:
              operationId: receive
              responses:
                '200': {description: Fine, headers: {ETag: {required: true, schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Output'}}}}
                '404': {description: Nothing}
        components:
          securitySchemes: {token: {type: http, scheme: bearer}, basic: {type: http, scheme: basic}}
          schemas:
            Input: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, kind: {type: string, enum: [in1, in2, in3]}, note: {type: string}}}
            Output: {type: object, required: [name], properties: {name: {type: string, pattern: '^a'}, kind: {type: string, enum: [out1, out2, out3]}, note: {type: string}}}
        """

    static let cases: [Case] = [
        Case(
            "  /out:\n    get:", "  /out:\n    put:", "operation-removed B/-, operation-added -/B",
            "operation-removed B/-, operation-added -/B"),
        Case("operationId: send", "operationId: sendIt", "operation-renamed ?/?", "operation-renamed ?/?"),
        Case("operationId: receive", "operationId: receive\n      deprecated: true", "operation-deprecated -/-", ""),
        Case("{name: limit, in: query,", "{name: limit, required: true, in: query,", "parameter-required B/-", "parameter-optional -/B"),
        Case("name: limit", "name: size", "parameter-removed ?/-, parameter-added -/?", "parameter-removed ?/-, parameter-added -/?"),
        Case("maximum: 10", "maximum: 5", "constraint-tightened B/-", "constraint-loosened -/B"),
        Case("type: integer, format: int32", "type: integer, format: int64", "type-changed -/B", "type-changed B/-"),
        Case("requestBody:\n        required: true", "requestBody:\n        required: false", "body-optional -/B", "body-required B/-"),
        Case(
            "        required: true\n        content: {application/json: {",
            "        required: true\n        content: {application/json: {}, text/plain: {", "media-type-added -/B, type-changed -/B",
            "media-type-removed B/-, type-changed B/-"),
        Case(
            "      responses: {'204': {description: Done}}", "      responses: {'204': {description: Done}, '200': {description: Fine}}",
            "response-added B/-", "response-removed B/?"),
        Case("        '404': {description: Nothing}\n", "", "response-removed -/?", "response-added ?/-"),
        Case("headers: {ETag: {required: true, schema: {type: string}}}, ", "", "header-removed B/-", "header-added -/B"),
        Case(
            "security: [{token: []}]", "security: [{token: []}, {}]", "security-loosened -/B, security-loosened -/B",
            "security-tightened B/-, security-tightened B/-"),
        Case(
            "security: [{token: []}]", "security: [{token: [], basic: []}]", "security-tightened B/-, security-tightened B/-",
            "security-loosened -/B, security-loosened -/B"),
        Case("minLength: 1", "minLength: 2", "constraint-tightened B/-", "constraint-loosened -/B"),
        Case("pattern: '^a'", "pattern: '^b'", "constraint-changed B/B", "constraint-changed B/B"),
        Case(", pattern: '^a'", "", "constraint-loosened B/-", "constraint-tightened -/B"),
        Case("[in1, in2, in3]", "[in1, in2]", "enum-value-removed B/-", "enum-value-added -/B"),
        Case("[out1, out2, out3]", "[out1, out2]", "enum-value-removed -/B", "enum-value-added B/-"),
        Case(
            "Input: {type: object, required: [name]", "Input: {type: object, required: [name, note]", "property-required B/-",
            "property-optional -/B"),
        Case(
            "Output: {type: object, required: [name]", "Output: {type: object, required: [name, note]", "property-required -/B",
            "property-optional B/-"),
        Case(
            "{name: {type: string, minLength: 1}", "{name: {type: [string, 'null'], minLength: 1}", "null-allowed -/B", "null-refused B/-"),
        Case(
            "Input: {type: object,", "Input: {type: object, additionalProperties: false,", "additional-properties-refused B/-",
            "additional-properties-allowed -/B"),
    ]

    private func service(_ text: String) throws -> Service {
        let result = ServiceReader.read(["/a.yaml"], access: .memory(["/a.yaml": text]))
        return try #require(result.service, "\(DiagnosticRenderer(texts: result.texts).render(result.diagnostics))")
    }

    private func words(_ changes: [Change]) -> String {
        func letter(_ impact: Change.Impact) -> String { impact == .breaking ? "B" : impact == .unclassified ? "?" : "-" }
        return changes.map { "\($0.kind.rawValue) \(letter($0.clients))/\(letter($0.servers))" }.joined(separator: ", ")
    }

    @Test("A change is classed for clients and servers, in both directions", arguments: cases)
    func change(example: Case) throws {
        #expect(Self.document.contains(example.old))
        let old = try service(Self.document)
        let new = try service(Self.document.replacing(example.old, with: example.new, maxReplacements: 1))
        #expect(words(ServiceComparison.changes(from: old, to: new)) == example.forth)
        #expect(words(ServiceComparison.changes(from: new, to: old)) == example.back)
    }

    @Test("A document has no changes to itself, nor to one that only says it in other words")
    func same() throws {
        let old = try service(Self.document)
        #expect(ServiceComparison.changes(from: old, to: old).isEmpty)
        let renamed = Self.document.replacing("/in/{id}", with: "/in/{key}").replacing("{name: id, in", with: "{name: key, in")
        #expect(ServiceComparison.changes(from: old, to: try service(renamed)).isEmpty)
    }

    @Test("Both places are named")
    func places() throws {
        let old = try service(Self.document)
        let new = try service(
            Self.document.replacing("security:", with: "tags: []\nsecurity:").replacing("minLength: 1", with: "minLength: 2"))
        let change = try #require(ServiceComparison.changes(from: old, to: new).first)
        #expect(change.old?.line == 24 && change.new?.line == 25)
        #expect(change.message == "`minLength` of `name` of Input is 2, not 1, in requests")
    }

    @Test("Every kind of change has a sentence")
    func sentences() {
        for kind in ChangeKind.allCases { #expect(kind.summary.hasSuffix(".")) }
    }

    @Test("Channels and messages")
    func channels() throws {
        let text = """
            asyncapi: 3.0.0
            info: {title: T, version: '1'}
            channels:
              chat:
                address: /chat
                messages:
                  said: {payload: {type: object, required: [type], properties: {type: {const: said}, text: {type: string}}}}
                  left: {payload: {type: object, required: [type], properties: {type: {const: left}}}}
                  heard: {payload: {type: object, required: [type], properties: {type: {const: heard}}}}
            operations:
              say: {action: receive, channel: {$ref: '#/channels/chat'}, messages: [{$ref: '#/channels/chat/messages/said'}, {$ref: '#/channels/chat/messages/left'}]}
              hear: {action: send, channel: {$ref: '#/channels/chat'}, messages: [{$ref: '#/channels/chat/messages/heard'}]}
            """
        let old = try service(text)
        let fewer = try service(text.replacing(", {$ref: '#/channels/chat/messages/left'}", with: ""))
        #expect(words(ServiceComparison.changes(from: old, to: fewer)) == "message-removed B/-")
        #expect(words(ServiceComparison.changes(from: fewer, to: old)) == "message-added -/B")
        let moved = try service(text.replacing("address: /chat", with: "address: /talk"))
        #expect(words(ServiceComparison.changes(from: old, to: moved)) == "channel-moved B/B")
        let typed = try service(text.replacing("text: {type: string}", with: "text: {type: string, maxLength: 9}"))
        #expect(words(ServiceComparison.changes(from: old, to: typed)) == "constraint-tightened B/-")
    }
}
