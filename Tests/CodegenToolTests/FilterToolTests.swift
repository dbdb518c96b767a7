import Foundation
import Testing

@Suite("Filters on the command line")
struct FilterToolTests {
    private static let document = """
        openapi: 3.1.0
        info: {title: Pets, version: '1'}
        paths:
          /pets:
            get: {operationId: listPets, tags: [pets], responses: {'204': {description: Done}}}
            post: {operationId: createPet, tags: [pets], responses: 5}
          /toys/{id}:
            delete:
              operationId: deleteToy
              tags: [toys]
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              responses: {'204': {description: Done}}

        """

    /// The operations that are generated with the arguments.
    private func operations(_ arguments: [String], configuration: String = "") throws -> [String] {
        let folder = try ScratchFolder(["openapi.yaml": Self.document, "codegen.yaml": "documents: [openapi.yaml]\n" + configuration])
        let run = try ToolRun(["generate", "--output", "Out", "--config", "codegen.yaml"] + arguments, in: folder)
        guard run.status == 0 else { return ["\(run.status)"] }
        let text = try folder.read("Out/Operations.swift")
        return ["ListPets", "CreatePet", "DeleteToy"].filter { text.contains("enum \($0)") }
    }

    @Test("name operations, tags and paths, in addition to the configuration's")
    func filters() throws {
        #expect(try operations([]) == ["1"])
        #expect(try operations(["--filter-exclude-operations", "createPet"]) == ["ListPets", "DeleteToy"])
        #expect(try operations(["--filter-tags", "pets", "--filter-exclude-operations", "createPet"]) == ["ListPets"])
        #expect(try operations(["--filter-paths", "/toys/*"]) == ["DeleteToy"])
        #expect(try operations(["--filter-operations", "listPets", "deleteToy"]) == ["ListPets", "DeleteToy"])
        #expect(try operations(["--filter-exclude-paths", "/pets*"]) == ["DeleteToy"])
        let configuration = "filter: {operations: [listPets]}\n"
        #expect(try operations(["--filter-tags", "toys"], configuration: configuration) == ["ListPets", "DeleteToy"])
        #expect(try operations(["--filter-exclude-tags", "pets"], configuration: "filter: {tags: [pets, toys]}\n") == ["DeleteToy"])
    }

    @Test("validate looks at what is left, and a name that no document has is told")
    func validates() throws {
        let folder = try ScratchFolder(["openapi.yaml": Self.document])
        #expect(try ToolRun(["validate", "openapi.yaml"], in: folder).status == 1)
        let run = try ToolRun(["validate", "openapi.yaml", "--filter-tags", "toys", "toy"], in: folder)
        #expect(run.status == 0)
        #expect((run.output + run.errors).contains("the filter names the tag `toy`, which no document has [filter-unmatched]"))
    }
}
