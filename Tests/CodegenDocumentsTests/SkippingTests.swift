import CodegenDocuments
import CodegenModel
import Foundation
import Testing

@Suite("What cannot be generated is left out by the configuration that its finding prints")
struct SkippingTests {
    /// A document with one thing that is refused, by a rule.
    struct Case: CustomTestStringConvertible, Sendable {
        let rule: String
        /// Fields of an operation beside its responses.
        var operation = ""
        /// A schema of the component `It`.
        var schema = "{type: string}"
        var testDescription: String { rule + " " + operation + schema }

        var document: String {
            """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /fine: {get: {operationId: fine, responses: {'200': {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/It'}}}}}}}
              /it: {post: {operationId: "do it, {now}: 'yes'", \(operation) responses: {'204': {description: Done}}}}
            components:
              schemas:
                It: \(schema)
                Cat: {type: object, required: [kind], properties: {kind: {const: cat}}}
                Dog: {type: object, required: [kind], properties: {kind: {const: dog}}}
            """
        }
    }

    static let cases: [Case] = [
        Case(rule: "unsupported", operation: "requestBody: {content: {application/json: {itemSchema: {type: string}}}},"),
        Case(
            rule: "parameter-type",
            operation: "parameters: [{name: a, in: query, schema: {type: array, items: {type: array, items: {type: object}}}}],"),
        Case(
            rule: "form-type",
            operation: "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}}},"),
        Case(rule: "default-invalid", operation: "parameters: [{name: a, in: query, schema: {type: integer, default: ten}}],"),
        Case(rule: "pattern-invalid", operation: "parameters: [{name: a, in: query, schema: {type: string, pattern: '[a-z'}}],"),
        Case(rule: "pattern-invalid", schema: "{type: object, properties: {n: {type: string, pattern: '[a-z'}}}"),
        Case(
            rule: "union-ambiguous",
            schema: """
                {oneOf: [{type: object, properties: {name: {type: string}}}, {$ref: '#/components/schemas/Dog'}], \
                discriminator: {propertyName: kind}}
                """),
        Case(
            rule: "discriminator-mismatch",
            schema: """
                {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], \
                discriminator: {propertyName: kind, mapping: {cow: '#/components/schemas/Dog', cat: '#/components/schemas/Cat'}}}
                """),
        Case(
            rule: "all-of-conflict",
            schema: "{allOf: [{type: object, properties: {id: {type: string}}}, {type: object, properties: {id: {type: integer}}}]}"),
        Case(rule: "recursive-type", schema: "{allOf: [{$ref: '#/components/schemas/It'}, {type: object}]}"),
    ]

    @Test("the printed lines, as they are, make the document one that is generated", arguments: cases)
    func skipping(example: Case) throws {
        let files = ["/openapi.yaml": example.document]
        let refused = ServiceReader.read(["/openapi.yaml"], access: .memory(files)).diagnostics.filter { $0.severity == .error }
        #expect(Set(refused.map(\.rule)) == [example.rule])
        let lines = try Set(
            refused.map { try #require($0.help?.components(separatedBy: "write in codegen.yaml: ").dropFirst().last, "\($0)") })
        #expect(lines.count == 1)
        let configured = files.merging(["/codegen.yaml": "documents: [openapi.yaml]\n" + lines.joined(separator: "\n") + "\n"]) { _, new in
            new
        }
        let configuration = try #require(Configuration.read("/codegen.yaml", access: .memory(configured)).configuration)
        let mended = ServiceReader.read(configuration.documents, options: .init(configuration), access: .memory(configured))
        let service = try #require(mended.service, "\(DiagnosticRenderer(texts: mended.texts).render(mended.diagnostics))")
        #expect(mended.diagnostics.isEmpty)
        #expect(service.operations.contains { $0.id == "fine" })
    }
}
