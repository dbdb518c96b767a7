import CodegenDocuments
import CodegenModel
import Foundation
import Testing

@Suite("docs/guides/configuration.md")
struct ConfigurationGuideTests {
    private static let guide = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/guides/configuration.md")

    /// The keys in headings, each with the example below it.
    private static func examples() throws -> [(key: String, text: String)] {
        let text = try String(contentsOf: guide, encoding: .utf8)
        return text.components(separatedBy: "\n### ").dropFirst().map { section in
            let lines = section.split(separator: "\n", omittingEmptySubsequences: false)
            let example = lines.dropFirst().filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
            return (lines[0].trimmingCharacters(in: ["`"]), example)
        }
    }

    @Test("names every key that the reader knows, and no other")
    func keys() throws {
        #expect(try Self.examples().map(\.key).sorted() == Configuration.fields)
    }

    @Test("shows each key in an example that is read without a finding")
    func examplesAreRead() throws {
        for (key, text) in try Self.examples() {
            let first = key.prefix { $0 != "." }
            #expect(text.contains("\(first):"), "\(key)")
            let whole = first == "documents" ? text : "documents: [openapi.yaml]\n" + text
            let result = Configuration.read("/codegen.yaml", access: .memory(["/codegen.yaml": whole + "\n"]))
            #expect(result.diagnostics.map(\.message) == [], "\(key)")
            #expect(result.configuration != nil, "\(key)")
        }
    }
}
