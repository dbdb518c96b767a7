import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Changes between documents, and whom they break")
struct ComparisonTests {
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
              parameters:
                - {name: since, in: query, schema: {type: string, default: now}}
              responses:
                '200': {description: Fine, headers: {ETag: {required: true, schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Output'}}}}
                '404': {description: Nothing}
          /upload:
            put:
              operationId: upload
              requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}, note: {type: string}}}}}}
              responses: {'204': {description: Done}}
        webhooks:
          happened: {post: {operationId: happened, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}, responses: {'204': {description: Done}}}}
        components:
          securitySchemes: {token: {type: http, scheme: bearer}, basic: {type: http, scheme: basic}}
          schemas:
            Input: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, kind: {type: string, enum: [in1, in2, in3]}, note: {type: string}, level: {type: integer, default: 1}}}
            Output: {type: object, required: [name], properties: {name: {type: string, pattern: '^a'}, kind: {type: string, enum: [out1, out2, out3]}, note: {type: string}, size: {type: number, enum: [1, 2]}, made: {type: string, readOnly: true}, animal: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Bird'}]}}}
            Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: array, items: {type: integer, minimum: 1}}}}
            Dog: {type: object, required: [kind], properties: {kind: {const: dog}}}
            Bird: {type: object, required: [kind], properties: {kind: {const: bird}}}
            Event: {type: object, dependentRequired: {at: [zone]}, allOf: [{$ref: '#/components/schemas/Stamped'}, {properties: {name: {type: string, maxLength: 9}}}]}
            Stamped: {type: object, additionalProperties: true, properties: {at: {type: string}, zone: {type: string}}}
        """

    static let cases: [ChangeCase] = [
        ChangeCase(
            "  /out:\n    get:", "  /out:\n    put:", "operation-removed B/-, operation-added -/B",
            "operation-removed B/-, operation-added -/B"),
        ChangeCase("operationId: send", "operationId: sendIt", "operation-renamed ?/?", "operation-renamed ?/?"),
        ChangeCase("operationId: receive", "operationId: receive\n      deprecated: true", "operation-deprecated -/-", ""),
        ChangeCase(
            "{name: limit, in: query,", "{name: limit, required: true, in: query,", "parameter-required B/-", "parameter-optional -/B"),
        ChangeCase("name: limit", "name: size", "parameter-removed ?/-, parameter-added -/?", "parameter-removed ?/-, parameter-added -/?"),
        ChangeCase("maximum: 10", "maximum: 5", "constraint-tightened B/-", "constraint-loosened -/B"),
        ChangeCase("type: integer, format: int32", "type: integer, format: int64", "type-changed -/B", "type-changed B/-"),
        ChangeCase(
            "requestBody:\n        required: true", "requestBody:\n        required: false", "body-optional -/B", "body-required B/-"),
        ChangeCase(
            "        required: true\n        content: {application/json: {",
            "        required: true\n        content: {application/json: {}, text/plain: {", "media-type-added -/B, type-changed -/B",
            "media-type-removed B/-, type-changed B/-"),
        ChangeCase(
            "      responses: {'204': {description: Done}}", "      responses: {'204': {description: Done}, '200': {description: Fine}}",
            "response-added B/-", "response-removed B/?"),
        ChangeCase("        '404': {description: Nothing}\n", "", "response-removed -/?", "response-added ?/-"),
        ChangeCase("headers: {ETag: {required: true, schema: {type: string}}}, ", "", "header-removed B/-", "header-added -/B"),
        ChangeCase(
            "security: [{token: []}]", "security: [{token: []}, {}]", "security-loosened -/B, security-loosened -/B, security-loosened -/B",
            "security-tightened B/-, security-tightened B/-, security-tightened B/-"),
        ChangeCase(
            "security: [{token: []}]", "security: [{token: [], basic: []}]",
            "security-tightened B/-, security-tightened B/-, security-tightened B/-",
            "security-loosened -/B, security-loosened -/B, security-loosened -/B"),
        ChangeCase("minLength: 1", "minLength: 2", "constraint-tightened B/-", "constraint-loosened -/B"),
        ChangeCase("pattern: '^a'", "pattern: '^b'", "constraint-changed B/B", "constraint-changed B/B"),
        ChangeCase(", pattern: '^a'", "", "constraint-loosened B/-", "constraint-tightened -/B"),
        ChangeCase("[in1, in2, in3]", "[in1, in2]", "enum-value-removed B/-", "enum-value-added -/B"),
        ChangeCase("[out1, out2, out3]", "[out1, out2]", "enum-value-removed -/B", "enum-value-added B/-"),
        ChangeCase(
            "Input: {type: object, required: [name]", "Input: {type: object, required: [name, note]", "property-required B/-",
            "property-optional -/B"),
        ChangeCase(
            "Output: {type: object, required: [name]", "Output: {type: object, required: [name, note]", "property-required -/B",
            "property-optional B/-"),
        ChangeCase(
            "{name: {type: string, minLength: 1}", "{name: {type: [string, 'null'], minLength: 1}", "null-allowed -/B", "null-refused B/-"),
        ChangeCase(
            "Input: {type: object,", "Input: {type: object, additionalProperties: false,", "additional-properties-refused B/-",
            "additional-properties-allowed -/B"),
        ChangeCase(
            "kind: {type: string, enum: [in1", "kind: {type: string, x-extensible-enum: true, enum: [in0, in1",
            "enum-value-added -/B, constraint-loosened -/B", "enum-value-removed B/-, constraint-tightened B/-"),
        ChangeCase(
            "note: {type: string}, level:", "level:", "property-removed ?/-", "property-added -/-"),
        ChangeCase(
            "note: {type: string}, size:", "size:", "property-removed -/?", "property-added -/-"),
        ChangeCase(
            "Output: {type: object, required: [name],", "Output: {type: object, required: [name, made],", "property-required -/B",
            "property-optional B/-"),
        ChangeCase(
            "made: {type: string, readOnly: true}", "made: {type: integer, readOnly: true}", "type-changed B/B", "type-changed B/B"),
        ChangeCase(
            "default: 1}", "default: 2}", "default-changed ?/?", "default-changed ?/?"),
        ChangeCase(
            "default: now}", "default: then}", "default-changed ?/?", "default-changed ?/?"),
        ChangeCase(
            "enum: [1, 2]", "enum: [1, 3]", "enum-value-removed -/B, enum-value-added B/-", "enum-value-removed -/B, enum-value-added B/-"),
        ChangeCase(
            ", {$ref: '#/components/schemas/Bird'}]", "]", "alternative-removed -/B", "alternative-added B/-"),
        ChangeCase(
            "Dog: {type: object", "Dog: {type: object, additionalProperties: {type: string}", "type-changed -/B", "type-changed B/-"),
        ChangeCase(
            "kind: {const: dog}", "kind: {const: hound}", "alternative-removed -/B, alternative-added B/-",
            "alternative-removed -/B, alternative-added B/-"),
        ChangeCase(
            "items: {type: integer, minimum: 1}", "items: {type: integer, minimum: 2}", "constraint-tightened -/B",
            "constraint-loosened B/-"),
        ChangeCase(
            "schema: {$ref: '#/components/schemas/Event'}", "schema: {$ref: '#/components/schemas/Stamped'}",
            "constraint-loosened B/-, type-renamed ?/?, property-removed -/?",
            "constraint-tightened -/B, type-renamed ?/?, property-added -/-"),
        ChangeCase(
            "in: query, schema: {type: string, default: now",
            "in: query, style: form, explode: false, schema: {type: array, items: {type: string}",
            "encoding-changed B/B, type-changed B/B, default-changed ?/?",
            "encoding-changed B/B, type-changed B/B, default-changed ?/?"),
        ChangeCase(
            "note: {type: string}}}}}}", "note: {type: integer}}}}}}", "type-changed B/B", "type-changed B/B"),
        ChangeCase(
            "      requestBody: {content: {multipart/form-data", "      x-requestBody: {content: {multipart/form-data", "body-removed ?/-",
            "body-added -/?"),
        ChangeCase(
            "zone]}", "place]}", "constraint-changed B/B", "constraint-changed B/B"),
        ChangeCase(
            "dependentRequired: {at: [zone]}, ", "", "constraint-loosened B/-", "constraint-tightened -/B"),
        ChangeCase(
            "maxLength: 9", "maxLength: 8", "constraint-tightened -/B", "constraint-loosened B/-"),
        ChangeCase(
            "  happened: {post", "  came: {post", "operation-removed -/B, operation-added B/-", "operation-removed -/B, operation-added B/-"
        ),
    ]

    @Test("A change is classed for clients and servers, in both directions", arguments: cases)
    func change(example: ChangeCase) throws { try example.check(in: Self.document) }

    @Test("Each change is told with its place in both documents")
    func golden() throws { try ChangeCase.checkGolden("operations", Self.cases, in: Self.document) }

    @Test("A document has no changes to itself, nor to one that only says it in other words")
    func same() throws {
        let old = try ChangeCase.service(Self.document)
        #expect(ServiceComparison.changes(from: old, to: old).isEmpty)
        let renamed = Self.document.replacing("/in/{id}", with: "/in/{key}").replacing("{name: id, in", with: "{name: key, in")
        #expect(ServiceComparison.changes(from: old, to: try ChangeCase.service(renamed)).isEmpty)
    }

    @Test("A change in a file that is referred to has its place there")
    func otherFile() throws {
        let root = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths: {/pets: {$ref: 'parts/pets.yaml'}}
            """
        let pets = """
            post:
              operationId: add
              requestBody: {content: {application/json: {schema: {$ref: '../pet.yaml#/Pet'}}}}
              responses: {'204': {description: Done}}
            """
        let pet = "Pet:\n  type: object\n  properties:\n    name:\n      type: string\n      maxLength: 9\n"
        let (old, new) = (
            ServiceReader.read(["api/./a.yaml"], access: .memory(["api/a.yaml": root, "api/parts/pets.yaml": pets, "api/pet.yaml": pet])),
            ServiceReader.read(
                ["a.yaml"],
                access: .memory(["a.yaml": root, "parts/pets.yaml": pets, "pet.yaml": "# New\n" + pet.replacing("9", with: "8")]))
        )
        let changes = ServiceComparison.changes(
            from: try #require(old.service), to: try #require(new.service), texts: (old.texts, new.texts))
        #expect(changes.map(\.old) == [SourcePosition(file: "api/pet.yaml", line: 6, column: 7)])
        #expect(changes.map(\.new) == [SourcePosition(file: "pet.yaml", line: 7, column: 7)])
    }

    @Test("Every kind of change has a sentence, and a case here")
    func sentences() {
        for kind in ChangeKind.allCases { #expect(kind.summary.hasSuffix(".")) }
        let told = Set(
            (Self.cases + ChannelComparisonTests.cases).flatMap { ($0.forth + " " + $0.back).split(separator: " ").map(String.init) })
        #expect(Set(ChangeKind.allCases.map(\.rawValue)).subtracting(told) == [])
    }
}
