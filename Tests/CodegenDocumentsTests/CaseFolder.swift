import CodegenDocuments
import CodegenModel
import FoundationEssentials
import Testing

/// A folder of `Cases`: documents, perhaps a codegen.yaml, and `diagnostics.txt`, what is to be said about them.
struct CaseFolder: CustomTestStringConvertible, Sendable {
    let name: String

    var path: String { Self.root + "/" + name }
    var testDescription: String { name }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(component: "Cases").path

    static var all: [CaseFolder] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: root).sorted().map(CaseFolder.init) }
    }

    var expected: String {
        get throws { try String(contentsOf: URL(filePath: path + "/diagnostics.txt"), encoding: .utf8) }
    }

    /// The findings about the documents, rendered with paths relative to the folder.
    func rendered() throws -> (text: String, diagnostics: [Diagnostic]) {
        let folder = path
        let access = FileAccess(
            realPath: { FileAccess.disk.realPath($0.hasPrefix("/") ? $0 : folder + "/" + $0) },
            contents: { try FileAccess.disk.contents($0, $1) }
        )
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        var configuration = Configuration()
        var texts: [String: String] = [:]
        var diagnostics: [Diagnostic] = []
        var isReadable = true
        if names.contains("codegen.yaml") {
            let result = Configuration.read("codegen.yaml", access: access)
            (diagnostics, texts) = (result.diagnostics, result.texts)
            if let read = result.configuration { configuration = read } else { isReadable = false }
        } else {
            configuration.documents = ["openapi.yaml", "asyncapi.yaml"].filter(names.contains)
        }
        if isReadable {
            let options = ServiceReader.Options(configuration)
            let result = ServiceReader.read(configuration.documents, options: options, access: access)
            diagnostics += result.diagnostics
            texts.merge(result.texts) { _, new in new }
        }
        return (DiagnosticRenderer(texts: texts).render(diagnostics), diagnostics)
    }
}
