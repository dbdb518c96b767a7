import Foundation
import Testing

@Suite("The tool's commands, by what they print and how they end")
struct ToolTests {
    static let pets = """
        openapi: 3.1.0
        info: {title: Pets, version: '1'}
        paths:
          /pets:
            get:
              operationId: listPets
              parameters: [{name: limit, in: query, schema: {type: integer, format: int32}}]
              responses: {'200': {description: All, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
        components:
          schemas:
            Pet: {type: object, required: [name], properties: {name: {type: string}}}

        """
    static let wrong = "openapi: 3.1.0\ninfo: {title: Pets}\npaths: {}\nsurplus: 1\n"

    // MARK: generate

    @Test("generate writes its files once; --check tells when they are missing, same or different, and writes nothing")
    func check() throws {
        let folder = try ScratchFolder(["openapi.yaml": Self.pets])
        let generate = ["generate", "--output", "Out", "openapi.yaml"]
        let missing = try ToolRun(generate + ["--check"], in: folder)
        #expect(missing.status == 1)
        #expect(missing.output.contains("missing   Out/Types.swift\n"))
        #expect(missing.errors.hasSuffix("Update them with\n  codelab-codegen generate --output Out openapi.yaml\n"))
        #expect(!folder.exists("Out"))

        let written = try ToolRun(generate, in: folder)
        #expect(written.status == 0)
        #expect(written.output.isEmpty && written.errors.isEmpty)
        let same = try ToolRun(generate + ["--check"], in: folder)
        #expect(same.status == 0)
        #expect(same.output.isEmpty && same.errors.isEmpty)

        let text = try folder.read("Out/Types.swift")
        try folder.write(text + "// edited\n", to: "Out/Types.swift")
        let different = try ToolRun(generate + ["--check"], in: folder)
        #expect(different.status == 1)
        #expect(different.output == "differs   Out/Types.swift\n")
        #expect(try folder.read("Out/Types.swift").hasSuffix("// edited\n"))
    }

    @Test("--mode leaves the files of other parts without code")
    func mode() throws {
        let folder = try ScratchFolder(["openapi.yaml": Self.pets])
        let run = try ToolRun(["generate", "--output", "Out", "--mode", "types,client", "openapi.yaml"], in: folder)
        #expect(run.status == 0)
        #expect(try folder.read("Out/Client.swift").contains("struct"))
        #expect(try !folder.read("Out/Server.swift").contains("func "))
        #expect(try ToolRun(["generate", "--output", "Out", "--mode", "everything", "openapi.yaml"], in: folder).status == 64)
    }

    @Test("A document with errors generates nothing")
    func errors() throws {
        let folder = try ScratchFolder(["openapi.yaml": Self.wrong])
        let run = try ToolRun(["generate", "--output", "Out", "openapi.yaml"], in: folder)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("openapi.yaml:2:7: error: an Info Object needs `version` [field-missing]"))
        #expect(!folder.exists("Out"))
        let json = try ToolRun(["generate", "--output", "Out", "--diagnostics", "json", "openapi.yaml"], in: folder)
        #expect(json.status == 1)
        let found = try JSONDecoder().decode([Finding].self, from: Data(json.errors.utf8))
        #expect(found.map(\.rule) == ["field-missing", "field-undefined"])
        #expect(found.first?.line == 2 && found.first?.column == 7 && found.first?.severity == "error")
    }

    private struct Finding: Decodable {
        var file: String
        var line: Int
        var column: Int
        var severity: String
        var rule: String
        var message: String
        var help: String?
    }

    // MARK: validate

    @Test("validate: 0 without errors, 1 with, 64 for a wrong command line; color is for terminals only")
    func validate() throws {
        let folder = try ScratchFolder(["right.yaml": Self.pets, "wrong.yaml": Self.wrong])
        let right = try ToolRun(["validate", "right.yaml"], in: folder)
        #expect(right.status == 0 && right.output.isEmpty && right.errors.isEmpty)
        let both = try ToolRun(["validate", "wrong.yaml", "right.yaml"], in: folder, environment: ["TERM": "xterm"])
        #expect(both.status == 1)
        #expect(both.output.contains("\ninfo: {title: Pets}\n      ^\nhelp: add `version:`\n"))
        #expect(!both.output.contains("\u{1B}"))
        #expect(try ToolRun(["validate"], in: folder).status == 64)
        #expect(try ToolRun(["validate", "--nothing", "right.yaml"], in: folder).status == 64)
        #expect(try ToolRun(["validate", "absent.yaml"], in: folder).status == 1)
    }

    @Test("validate reads a document from standard input")
    func standardInput() throws {
        let folder = try ScratchFolder()
        #expect(try ToolRun(["validate", "-"], in: folder, input: Self.pets).status == 0)
        let run = try ToolRun(["validate", "-"], in: folder, input: Self.wrong)
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("-:2:7: error: "))
    }

    @Test("--quiet tells errors only")
    func quiet() throws {
        let text = Self.pets.replacing("type: string", with: "type: string, nullable: true")
        let folder = try ScratchFolder(["openapi.yaml": text])
        #expect(try ToolRun(["validate", "openapi.yaml"], in: folder).output.contains("[version-feature]"))
        #expect(try ToolRun(["validate", "--quiet", "openapi.yaml"], in: folder).output.isEmpty)
    }

    // MARK: bundle

    @Test("bundle writes YAML or JSON by the output's name")
    func bundle() throws {
        let main = Self.pets.replacing("#/components/schemas/Pet'", with: "pet.yaml#/Pet'")
        let folder = try ScratchFolder(["openapi.yaml": main, "pet.yaml": "Pet: {type: object, properties: {age: {type: integer}}}\n"])
        #expect(try ToolRun(["bundle", "openapi.yaml", "--output", "all.json"], in: folder).status == 0)
        #expect(try folder.read("all.json").contains("\"$ref\": \"#/components/schemas/Pet2\""))
        let run = try ToolRun(["bundle", "openapi.yaml"], in: folder)
        #expect(run.status == 0)
        #expect(run.output.contains("    Pet2:\n      type: object\n"))
        #expect(run.errors.contains("[component-renamed]"))
        #expect(try ToolRun(["bundle", "openapi.yaml", "--output", "all.txt"], in: folder).status == 64)
        #expect(try ToolRun(["bundle", "absent.yaml"], in: folder).status == 1)
    }

    // MARK: diff

    @Test("diff: 0, 1 and 2, by --fail-on and --side")
    func diff() throws {
        let stricter = Self.pets.replacing("name: limit, in: query,", with: "name: limit, in: query, required: true,")
        let folder = try ScratchFolder(["old.yaml": Self.pets, "new.yaml": stricter, "wrong.yaml": Self.wrong])
        let none = try ToolRun(["diff", "old.yaml", "old.yaml"], in: folder)
        #expect(none.status == 0 && none.output == "no change\n")
        let run = try ToolRun(["diff", "old.yaml", "new.yaml"], in: folder)
        #expect(run.status == 1)
        #expect(
            run.output == """
                old.yaml:7:20 -> new.yaml:7:45: breaking for clients: the parameter `limit` (query) of GET /pets became required \
                [parameter-required]
                1 breaking, 0 unclassified, 0 compatible

                """)
        #expect(try ToolRun(["diff", "new.yaml", "old.yaml"], in: folder).status == 0)
        #expect(try ToolRun(["diff", "--side", "both", "new.yaml", "old.yaml"], in: folder).status == 1)
        #expect(try ToolRun(["diff", "--fail-on", "any", "new.yaml", "old.yaml"], in: folder).status == 1)
        #expect(try ToolRun(["diff", "--fail-on", "none", "old.yaml", "new.yaml"], in: folder).status == 0)
        #expect(try ToolRun(["diff", "old.yaml", "wrong.yaml"], in: folder).status == 2)
        #expect(try ToolRun(["diff", "old.yaml"], in: folder).status == 64)
        let json = try ToolRun(["diff", "--format", "json", "old.yaml", "new.yaml"], in: folder)
        #expect(json.output.contains(#"{"rule": "parameter-required", "#))
        #expect(json.output.contains(#""old": {"file": "old.yaml", "line": 7, "column": 20}"#))
    }

    // MARK: explain

    @Test("explain knows rules and changes, and names the nearest to a misspelt one")
    func explain() throws {
        let folder = try ScratchFolder()
        let rule = try ToolRun(["explain", "fields-exclusive"], in: folder)
        #expect(rule.status == 0)
        #expect(rule.output.contains("\nWrong:\n") && rule.output.contains("\nRight:\n"))
        #expect(try ToolRun(["explain", "enum-value-removed"], in: folder).status == 0)
        let list = try ToolRun(["explain"], in: folder)
        #expect(list.status == 0 && list.output.contains("\nunsupported: "))
        let near = try ToolRun(["explain", "field-mising"], in: folder)
        #expect(near.status == 64)
        #expect(near.errors.contains("Did you mean field-missing"))
    }

    @Test("Every command's help has examples and its exit status", arguments: ["generate", "validate", "bundle", "diff", "explain"])
    func help(command: String) throws {
        let run = try ToolRun([command, "--help"], in: try ScratchFolder())
        #expect(run.status == 0)
        #expect(run.output.contains("Examples:"))
        #expect(run.output.contains("Exit status:"))
    }
}
