import CodegenDocuments
import CodegenModel
import Foundation
import Testing

/// `UPDATE_GOLDENS=1 swift test --filter NegativeCorpusTests` writes what is said now; review the difference.
@Suite("Wrong documents are told what is wrong, to the column")
struct NegativeCorpusTests {
    @Test("A case's diagnostics are its diagnostics.txt", arguments: try CaseFolder.all)
    func diagnostics(folder: CaseFolder) throws {
        let found = try folder.rendered()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(found.text.utf8).write(to: URL(filePath: folder.path + "/diagnostics.txt"))
        }
        #expect(found.text == (try folder.expected))
        #expect(!found.diagnostics.isEmpty)
    }

    @Test("Every rule has a case, but for those that no text file can break")
    func everyRuleHasACase() throws {
        let broken = try Set(CaseFolder.all.flatMap { try $0.rendered().diagnostics.map(\.rule) })
        #expect(Set(Rule.all.map(\.id)).subtracting(broken) == ["not-utf-8", "document-too-large", "component-renamed"])
        #expect(broken.isSubset(of: Set(Rule.all.map(\.id))))
    }
}
