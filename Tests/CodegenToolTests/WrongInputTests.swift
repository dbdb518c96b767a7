import Foundation
import Testing

@Suite("Whatever the tool is given, it ends soon and says what is wrong")
struct WrongInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let said: String
        let text: @Sendable () -> String
        var testDescription: String { name }

        init(_ name: String, says said: String, _ text: @escaping @Sendable () -> String) {
            (self.name, self.said, self.text) = (name, said, text)
        }
    }

    static let cases = [
        Case("an empty document", says: "it.yaml:1:1: error: the document is empty [yaml-syntax]") { "" },
        Case("a byte order mark", says: "error: an Info Object needs `version` [field-missing]") {
            "\u{FEFF}{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"T\"}, \"paths\": {}}"
        },
        Case("lines that end in CR and LF", says: "it.yaml:3:3: error: an Info Object needs `version` [field-missing]") {
            "openapi: 3.1.0\r\ninfo:\r\n  title: T\r\npaths: {}\r\n"
        },
        Case("50 MB", says: "it.yaml:1:1: error: the document is larger than 8388608 bytes [document-too-large]") {
            "openapi: 3.1.0\n# " + String(repeating: "x", count: 50_000_000)
        },
        Case("100,000 levels of YAML", says: "error: ") {
            "openapi: 3.1.0\na: " + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        },
        Case("100,000 levels of JSON", says: "error: ") {
            "{\"a\": " + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        },
        Case("aliases that multiply", says: "values once its aliases are followed [document-too-large]") {
            "openapi: 3.1.0\na0: &a0 [x]\n"
                + (1..<40).map { "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ",") + "]\n" }.joined()
        },
        Case("something else", says: "it.yaml:1:1: error: the document is neither OpenAPI nor AsyncAPI [version-unsupported]") { "x" },
    ]

    @Test("documents", arguments: cases)
    func documents(example: Case) throws {
        let folder = try ScratchFolder(["it.yaml": example.text()])
        for command in [["validate"], ["generate", "--output", "Out"], ["bundle"]] {
            let start = ContinuousClock.now
            let run = try ToolRun(command + ["it.yaml"], in: folder)
            // What bundling needs is only that there is a document.
            let isChecked = command != ["bundle"] || !example.said.contains("field-missing")
            #expect(run.status == (isChecked ? 1 : 0), "\(command)")
            if isChecked {
                #expect((run.output + run.errors).contains(example.said), "\(command): \((run.output + run.errors).prefix(300))")
            }
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test("folders, missing files, and files that may not be read")
    func unreadable() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(at: folder.url.appending(path: "specs"), withIntermediateDirectories: true)
        let directory = try ToolRun(["validate", "specs"], in: folder)
        #expect(directory.status == 1)
        #expect(directory.output.hasPrefix("specs:1:1: error: specs cannot be read: not a regular file [file-unreadable]\n"))
        let absent = try ToolRun(["generate", "--output", "Out", "absent.yaml"], in: folder)
        #expect(absent.status == 1)
        #expect(absent.errors.hasPrefix("absent.yaml:1:1: error: there is no file at absent.yaml [file-unreadable]\n"))
        #expect(try ToolRun(["generate", "--output", "Out", "--config", "absent.yaml"], in: folder).status == 1)
    }

    @Test("a folder or file that cannot be written is named")
    func unwritable() throws {
        let folder = try ScratchFolder(["openapi.yaml": ToolTests.pets, "taken": ""])
        let taken = try ToolRun(["generate", "--output", "taken", "openapi.yaml"], in: folder)
        #expect(taken.status == 1)
        #expect(taken.errors == "Error: taken cannot be written: there is a file of that name\n")
        let bundle = try ToolRun(["bundle", "openapi.yaml", "--output", "absent/all.yaml"], in: folder)
        #expect(bundle.status == 1)
        #expect(bundle.errors.hasPrefix("Error: absent/all.yaml cannot be written: ") && !bundle.errors.contains("NSCocoaErrorDomain"))
    }

    @Test("an unknown field of codegen.yaml is told with the one that was meant")
    func unknownField() throws {
        let folder = try ScratchFolder(["openapi.yaml": ToolTests.pets, "codegen.yaml": "documents: [openapi.yaml]\nstrikt: true\n"])
        let run = try ToolRun(["generate", "--output", "Out", "--config", "codegen.yaml"], in: folder)
        #expect(run.status == 0)
        #expect(run.errors.contains("codegen.yaml:2:1: warning: a codegen.yaml has no field `strikt` [unknown-field]"))
        #expect(run.errors.contains("help: did you mean `strict`?"))
    }

    // MARK: Bundles

    @Test("The code that a bundle gives is that of its files")
    func bundle() throws {
        let folder = try ScratchFolder([
            "openapi.yaml": """
            openapi: 3.1.0
            info: {title: Pets, version: '1'}
            paths:
              /pets: {$ref: pets.yaml}
              /tree:
                get:
                  operationId: tree
                  parameters: [{$ref: 'common.json#/Limit'}]
                  responses: {'200': {description: A tree, content: {application/json: {schema: {$ref: 'schemas.yaml#/Node'}}}}}
            components:
              schemas:
                Owner: {type: object, properties: {pets: {type: array, items: {$ref: 'schemas.yaml#/Pet'}}}}
                Pet: {$ref: 'schemas.yaml#/Pet'}

            """,
            "pets.yaml": """
            post:
              operationId: addPet
              requestBody: {required: true, content: {application/json: {schema: {$ref: 'schemas.yaml#/Animal'}}}}
              responses: {'201': {description: Added, content: {application/json: {schema: {$ref: 'openapi.yaml#/components/schemas/Owner'}}}}}

            """,
            "schemas.yaml": """
            Animal:
              oneOf: [{$ref: '#/Pet'}, {$ref: '#/Fish'}]
              discriminator: {propertyName: type, mapping: {pet: '#/Pet', fish: '#/Fish'}}
            Pet: {type: object, required: [type], properties: {type: {type: string}, weight: {type: number, minimum: 0.50}}}
            Fish: {type: object, required: [type], properties: {type: {type: string}, fins: {type: integer, default: 2}}}
            Node: {type: object, not: {required: [leaf]}, properties: {children: {type: array, items: {$ref: '#/Node'}}}}

            """,
            "common.json": "{\"Limit\": {\"name\": \"limit\", \"in\": \"query\", \"schema\": {\"type\": \"integer\", \"maximum\": 9}}}",
        ])
        for name in ["all.json", "all.yaml"] {
            let bundle = try ToolRun(["bundle", "openapi.yaml", "--output", name], in: folder)
            #expect(bundle.status == 0, "\(bundle.errors)")
            #expect(try ToolRun(["generate", "--module", "Pets", "--output", "Of-" + name, name], in: folder).status == 0)
        }
        #expect(try ToolRun(["generate", "--module", "Pets", "--output", "Out", "openapi.yaml"], in: folder).status == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "Out").path)
        #expect(files.contains("Types.swift"))
        for file in files {
            let expected = Self.withoutPlaces(try folder.read("Out/" + file))
            #expect(Self.withoutPlaces(try folder.read("Of-all.json/" + file)) == expected, "\(file)")
            #expect(Self.withoutPlaces(try folder.read("Of-all.yaml/" + file)) == expected, "\(file)")
        }
    }

    /// Comments name the place in a file that a check comes from.
    private static func withoutPlaces(_ text: String) -> String {
        text.split(separator: "\n").filter { line in
            !(line.drop { $0 == " " }.hasPrefix("//")
                && ["openapi.yaml", "schemas.yaml", "pets.yaml", "all.json", "all.yaml"].contains { line.contains($0) })
        }.joined(separator: "\n")
    }
}
