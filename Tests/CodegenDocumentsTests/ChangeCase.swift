import CodegenModel
import FoundationEssentials
import Testing

@testable import CodegenDocuments

/// A change of one place of a document: what stands there before and after, and what is to be said, there and back.
///
/// `B`, `?` and `-` stand for breaking, unclassified and compatible, for clients and for servers.
struct ChangeCase: CustomTestStringConvertible, Sendable {
    let old: String
    let new: String
    let forth: String
    let back: String
    var testDescription: String { "\(old) -> \(new)" }

    init(_ old: String, _ new: String, _ forth: String, _ back: String) {
        (self.old, self.new, self.forth, self.back) = (old, new, forth, back)
    }

    static func read(_ text: String, as path: String) throws -> (service: Service, texts: [String: String]) {
        let result = ServiceReader.read([path], access: .memory([path: text]))
        let words = "\(DiagnosticRenderer(texts: result.texts).render(result.diagnostics))"
        return (try #require(result.service, "\(words)"), result.texts)
    }

    static func service(_ text: String) throws -> Service { try read(text, as: "a.yaml").service }

    static func words(_ changes: [Change]) -> String {
        func letter(_ impact: Change.Impact) -> String { impact == .breaking ? "B" : impact == .unclassified ? "?" : "-" }
        return changes.map { "\($0.kind.rawValue) \(letter($0.clients))/\(letter($0.servers))" }.joined(separator: ", ")
    }

    func changes(in document: String) throws -> (forth: [Change], back: [Change]) {
        #expect(document.contains(old), "\(old)")
        let before = try Self.read(document, as: "old.yaml")
        let after = try Self.read(document.replacing(old, with: new, maxReplacements: 1), as: "new.yaml")
        return (
            ServiceComparison.changes(from: before.service, to: after.service, texts: (before.texts, after.texts)),
            ServiceComparison.changes(from: after.service, to: before.service, texts: (after.texts, before.texts))
        )
    }

    func check(in document: String) throws {
        let changes = try changes(in: document)
        #expect(Self.words(changes.forth) == forth)
        #expect(Self.words(changes.back) == back)
    }

    /// Compares all that is told of the cases, there and back, with `Changes/<name>.txt`; `UPDATE_GOLDENS=1` writes it.
    static func checkGolden(_ name: String, _ cases: [ChangeCase], in document: String) throws {
        var text = document + "\n"
        for example in cases {
            let changes = try example.changes(in: document)
            text += "\n## \(example.old.debugDescription) -> \(example.new.debugDescription)\n"
            text += ChangeReport.text(changes.forth) + "# and back\n" + ChangeReport.text(changes.back)
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Changes/\(name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
}
