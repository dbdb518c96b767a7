import CodegenDocuments
import CodegenModel
import FoundationEssentials
import Testing

@Suite("References")
struct ReferenceTests {
    @Test("A pointer's escapes: ~1, ~0 and percent signs")
    func escapes() throws {
        let text = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths: {}
            components:
              schemas:
                Holder: {type: object, properties: {x: {$ref: '#/x-parts/a~1b~0c%20d'}}}
            x-parts:
              a/b~c d: {type: integer}
            """
        let service = try service(["/openapi.yaml": text])
        let holder = try #require(service.types.first { $0.name == "Holder" })
        #expect(
            holder.kind
                == .object(
                    ObjectType(properties: [
                        Property(name: "x", swiftName: "x", type: TypeUse(.integer(.int64)), isRequired: false)
                    ])))
    }

    @Test("A schema of another file is named by its key, and read once")
    func otherFiles() throws {
        let root = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths: {}
            components:
              schemas:
                A: {type: object, properties: {b: {$ref: 'parts/b.yaml#/Shared'}, c: {$ref: './parts/../parts/b.yaml#/Shared'}}}
            """
        let part = "Shared: {type: object, properties: {back: {type: array, items: {$ref: '../openapi.yaml#/components/schemas/A'}}}}\n"
        let service = try service(["/openapi.yaml": root, "/parts/b.yaml": part])
        #expect(service.types.map(\.name) == ["A", "Shared"])
    }

    @Test("Through a link, a reference starts from the file that the link leads to")
    func links() throws {
        let folder = FileManager.default.temporaryDirectory.appending(component: "codegen-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["specs/auth", "specs/shared", "target"] {
            try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        let document = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths: {}
            components: {schemas: {A: {type: array, items: {$ref: '../shared/part.yaml#/Part'}}}}
            """
        try Data(document.utf8).write(to: folder.appending(path: "specs/auth/openapi.yaml"))
        try Data("Part: {type: string, enum: [x]}\n".utf8).write(to: folder.appending(path: "specs/shared/part.yaml"))
        let link = folder.appending(path: "target/openapi.yaml").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../specs/auth/openapi.yaml")
        let result = ServiceReader.read([link])
        #expect(result.diagnostics.isEmpty)
        #expect(result.service?.types.map(\.name) == ["A", "Part"])
    }

    @Test("A schema that two documents write alike is one type")
    func sharedSchemas() throws {
        let schemas =
            "components: {schemas: {B: {type: object, properties: {id: {type: string, description: D}}}, A: {type: array, items: {$ref: '#/components/schemas/B'}}}}\n"
        let openAPI = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n" + schemas
        let asyncAPI = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n" + schemas.replacing("description: D", with: "description: E")
        let service = try service(["/openapi.yaml": openAPI, "/asyncapi.yaml": asyncAPI], roots: ["/openapi.yaml", "/asyncapi.yaml"])
        #expect(service.types.map(\.name) == ["A", "B"])
    }
}
