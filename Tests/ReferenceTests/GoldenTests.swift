import CodegenDocuments
import CodegenEmitter
import CodegenModel
import Foundation
import Testing

/// Each folder in Cases: its documents through the whole pipeline, against the text in `expected/` (with `.txt` behind the name, so
/// that nothing takes it for source).
///
/// `UPDATE_GOLDENS=1 swift test --filter GoldenTests` writes what is generated now; review the difference.
@Suite("Goldens")
struct GoldenTests {
    private static let cases = URL(filePath: #filePath).deletingLastPathComponent().appending(component: "Cases")

    @Test(
        "what is generated is what was reviewed",
        arguments: [
            ("obstacle-course", "ReferenceAPI"), ("assertions", "AssertionsAPI"), ("interfaces", "InterfacesAPI"),
            ("channels", "ChannelsAPI"), ("wire", "WireAPI"),
        ])
    func generatesExpected(name: String, module: String) throws {
        let folder = Self.cases.appending(component: name)
        let configuration = try #require(Configuration.read(folder.appending(component: "codegen.yaml").path).configuration)
        let options = ServiceReader.Options(configuration)
        let result = ServiceReader.read(configuration.documents, options: options)
        #expect(result.diagnostics.map(\.message) == [])
        let service = try #require(result.service)
        let emitterOptions = EmitterOptions(
            access: configuration.access, moduleName: module, splitsHandlerByTag: configuration.splitsHandlerByTag,
            parts: Set(configuration.parts.compactMap(GeneratedPart.init))
        )
        let files = Emitter.emit(service, options: emitterOptions)
        let expected = folder.appending(component: "expected")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            for file in files { try Data(file.contents.utf8).write(to: expected.appending(component: file.name + ".txt")) }
        }
        for file in files {
            let text = try String(contentsOf: expected.appending(component: file.name + ".txt"), encoding: .utf8)
            #expect(text == file.contents, "\(name)/expected/\(file.name).txt")
        }
        #expect(Emitter.emit(service, options: emitterOptions) == files)
    }
}
