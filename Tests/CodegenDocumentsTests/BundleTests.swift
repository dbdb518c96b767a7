import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Bundles say what their files say")
struct BundleTests {
    static let files: [String: String] = [
        "/api/openapi.yaml": """
        openapi: 3.1.0
        info: {title: Pets, version: '1.0', description: "Two\\nlines: # and more\\n"}
        paths:
          /pets:
            $ref: paths/pets.yaml
          /tree:
            get:
              operationId: tree
              parameters:
                - $ref: 'common.json#/components/parameters/Limit'
              responses:
                '200': {description: A tree, content: {application/json: {schema: {$ref: 'schemas/node.yaml'}}}}
                default: {$ref: 'common.json#/components/responses/Problem'}
        components:
          schemas:
            Owner: {type: object, properties: {name: {type: string, default: 'yes'}, pets: {type: array, items: {$ref: 'schemas/pet.yaml#/Pet'}}}}
            Kind: {type: string, enum: ['on', '1', "it's", a b]}
        """,
        "/api/paths/pets.yaml": """
        post:
          operationId: addPet
          requestBody: {required: true, content: {application/json: {schema: {$ref: '../schemas/pet.yaml#/Animal'}}}}
          responses:
            '201':
              description: Added
              content: {application/json: {schema: {$ref: '../schemas/pet.yaml#/Pet'}, example: {$ref: not a reference}}}
        """,
        "/api/schemas/pet.yaml": """
        Animal:
          oneOf: [{$ref: '#/Pet'}, {$ref: '#/Fish'}]
          discriminator: {propertyName: type, mapping: {pet: '#/Pet', fish: '#/Fish'}}
        Pet:
          type: object
          required: [type]
          properties:
            type: {type: string}
            owner: {$ref: '../openapi.yaml#/components/schemas/Owner'}
            kind: {$ref: '../openapi.yaml#/components/schemas/Kind'}
            weight: {type: number, minimum: 0.50, maximum: 1e3}
        Fish: {type: object, required: [type], properties: {type: {type: string}, fins: {type: integer, format: int32}}}
        """,
        "/api/schemas/node.yaml": """
        type: object
        properties:
          value: {type: string}
          children: {type: array, items: {$ref: node.yaml}}
        """,
        "/api/common.json": """
        {"components": {
          "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "format": "int32"}}},
          "responses": {"Problem": {"description": "A problem", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}},
          "schemas": {"Problem": {"type": "object", "properties": {"title": {"type": "string"}}}}
        }}
        """,
    ]

    @Test("The model of a bundle, as YAML and as JSON, is that of its files", arguments: ["yaml", "json"])
    func sameModel(format: String) throws {
        let bundle = Bundler.bundle("/api/openapi.yaml", access: .memory(Self.files))
        #expect(bundle.diagnostics.isEmpty)
        let text = try #require(format == "yaml" ? bundle.yaml : bundle.json)
        let original = ServiceReader.read(["/api/openapi.yaml"], access: .memory(Self.files))
        let bundled = ServiceReader.read(["/b.\(format)"], access: .memory(["/b.\(format)": text]))
        #expect(bundled.diagnostics.isEmpty, "\(text)")
        let (old, new) = (try #require(original.service), try #require(bundled.service))
        #expect(old.types.map(\.name) == new.types.map(\.name))
        #expect(old.types.map(\.kind) == new.types.map(\.kind))
        #expect(old.operations.map(Self.withoutPosition) == new.operations.map(Self.withoutPosition))
        #expect(old.description == new.description)
        #expect(ServiceComparison.changes(from: old, to: new).isEmpty)
    }

    private static func withoutPosition(_ operation: CodegenModel.Operation) -> CodegenModel.Operation {
        var operation = operation
        operation.position = SourcePosition(file: "", line: 1, column: 1)
        return operation
    }

    @Test("References lead into the bundle, cycles stay references, and examples are left alone")
    func references() throws {
        let json = try #require(Bundler.bundle("/api/openapi.yaml", access: .memory(Self.files)).json)
        #expect(!json.contains(".yaml"))
        #expect(json.contains(##""$ref": "#/components/schemas/node""##))
        #expect(json.contains(##""$ref": "not a reference""##))
        #expect(json.contains(##""pet": "#/components/schemas/Pet""##))
    }

    @Test("Bundling a bundle changes nothing")
    func idempotent() throws {
        let once = try #require(Bundler.bundle("/api/openapi.yaml", access: .memory(Self.files)).yaml)
        let twice = Bundler.bundle("/b.yaml", access: .memory(["/b.yaml": once])).yaml
        #expect(once == twice)
    }

    @Test("Two things of one name are told, and both are kept")
    func collision() throws {
        let files = [
            "/a.yaml": """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            components: {schemas: {Pet: {$ref: 'b.yaml#/Pet'}, Cat: {$ref: 'c.yaml#/Pet'}}}
            """,
            "/b.yaml": "Pet: {type: string}\n", "/c.yaml": "Pet: {type: integer}\n",
        ]
        let result = Bundler.bundle("/a.yaml", access: .memory(files))
        #expect(result.diagnostics.map(\.rule) == ["component-renamed", "component-renamed"])
        #expect(try #require(result.yaml).contains("    Pet3:\n      type: integer\n"))
    }

    @Test("Messages of AsyncAPI move too")
    func asyncAPI() throws {
        let files = [
            "/a.yaml": """
            asyncapi: 3.0.0
            info: {title: T, version: '1'}
            channels:
              chat:
                address: /chat
                messages: {said: {$ref: 'm.yaml#/said'}}
            operations:
              say: {action: receive, channel: {$ref: '#/channels/chat'}}
            """,
            "/m.yaml": "said: {payload: {$ref: '#/text'}}\ntext: {type: object, properties: {text: {type: string}}}\n",
        ]
        let yaml = try #require(Bundler.bundle("/a.yaml", access: .memory(files)).yaml)
        #expect(yaml.contains("$ref: '#/components/messages/said'"))
        #expect(yaml.contains("$ref: '#/components/schemas/text'"))
    }

    @Test("A missing file is told where it is asked for")
    func missing() {
        let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents: {schemas: {A: {$ref: nowhere.yaml}}}\n"
        let result = Bundler.bundle("/a.yaml", access: .memory(["/a.yaml": text]))
        #expect(result.yaml == nil)
        #expect(result.diagnostics.map(\.rule) == ["file-unreadable"])
        #expect(result.diagnostics.first?.position == SourcePosition(file: "/a.yaml", line: 3, column: 34))
    }

    @Test("What names a file without taking it in leads from the bundle's folder to where it led")
    func locations() throws {
        let files = [
            "/api/openapi.yaml": """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /pets: {$ref: parts/pets.yaml}
              /all: {get: {operationId: all, responses: {'204': {description: Done}}}}
            """,
            "/api/parts/pets.yaml": """
            get:
              operationId: pets
              responses:
                '200':
                  description: Fine
                  links:
                    all: {operationRef: '../openapi.yaml#/paths/~1all/get'}
                    other: {operationRef: 'other.yaml#/paths/~1other/get'}
                    host: {operationRef: 'https://example.com/a.yaml#/paths/~1a/get'}
                  content:
                    text/plain:
                      examples: {one: {externalValue: one.txt}, two: {externalValue: 'https://example.com/two.txt'}}
            """,
        ]
        func bundle(into folder: String) throws -> String {
            try #require(Bundler.bundle("/api/openapi.yaml", into: folder, access: .memory(files)).yaml)
        }
        let near = try bundle(into: "/api")
        #expect(near.contains("operationRef: '#/paths/~1all/get'"))
        #expect(near.contains("operationRef: parts/other.yaml#/paths/~1other/get"))
        #expect(near.contains("externalValue: parts/one.txt") && near.contains("https://example.com/two.txt"))
        #expect(near.contains("https://example.com/a.yaml#/paths/~1a/get"))
        let far = try bundle(into: "/dist/v1")
        #expect(far.contains("operationRef: '../../api/parts/other.yaml#/paths/~1other/get'"))
        #expect(far.contains("externalValue: '../../api/parts/one.txt'"))
        #expect(Path.relative("a/b.yaml", to: "") == "a/b.yaml" && Path.relative("a/b.yaml", to: "a/c") == "../b.yaml")
    }
}
