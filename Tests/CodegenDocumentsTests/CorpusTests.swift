import CodegenDocuments
import CodegenModel
import FoundationEssentials
import Testing

/// `UPDATE_GOLDENS=1 swift test --filter CorpusTests` writes the lists as things are now; review the difference.
@Suite("Public documents are judged as their lists say", .enabled(if: Corpus.folder != nil, "the corpus is not present, skipped"))
struct CorpusTests {
    static let suites = ["openapi-3.1-tests", "learn"]

    @Test("Every document of a suite is accepted or refused by the rules of its list, and the list names no other", arguments: suites)
    func suite(_ name: String) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try write(name) }
        let list = try ExpectationList(name).entries
        let documents = try Corpus.documents(name)
        #expect(!documents.isEmpty)
        #expect(Set(list.keys).subtracting(documents).isEmpty, "the list names documents that are not there")
        for document in documents {
            let expected = try #require(list[document], "\(document) is not in Tests/Corpora/\(name).txt")
            let result = ServiceReader.read([try #require(Corpus.folder) + "/\(name)/\(document)"])
            let errors = result.diagnostics.filter { $0.severity == .error }
            #expect(errors.isEmpty == expected.isAccepted, "\(document): \(DiagnosticRenderer(texts: result.texts).render(errors))")
            #expect(Set(errors.map(\.rule)).sorted() == expected.rules, "\(document)")
            #expect(expected.isAccepted || !expected.reason.isEmpty, "\(document): a refusal has a reason")
            #expect(errors.allSatisfy { $0.position.line > 0 && $0.position.column > 0 })
        }
    }

    private func write(_ name: String) throws {
        var text = "# path\tpass or refused\trules\treason\n"
        for document in try Corpus.documents(name) {
            let result = ServiceReader.read([try #require(Corpus.folder) + "/\(name)/\(document)"])
            let errors = result.diagnostics.filter { $0.severity == .error }
            let reason = errors.map(\.message).joined(separator: "; ").prefix(160)
            text +=
                "\(document)\t\(errors.isEmpty ? "pass" : "refused")\t\(Set(errors.map(\.rule)).sorted().joined(separator: ","))\t\(reason)\n"
        }
        try text.write(to: Corpus.project.appending(path: "Tests/Corpora/\(name).txt"), atomically: true, encoding: .utf8)
    }

    @Test("What OpenAPI's own tests call wrong is refused, and by no rule that speaks of the generator's limits")
    func wrongDocuments() throws {
        for (path, entry) in try ExpectationList("openapi-3.1-tests").entries where path.contains("/fail/") {
            #expect(!entry.isAccepted, "\(path)")
            #expect(!entry.rules.contains("unsupported"), "\(path)")
        }
    }
}
