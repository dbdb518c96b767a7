import CodegenDocuments
import CodegenModel
import Testing

@Suite("Wrong documents are told what is wrong, to the column")
struct NegativeCorpusTests {
    @Test("A case's diagnostics are its diagnostics.txt", arguments: try CaseFolder.all)
    func diagnostics(folder: CaseFolder) throws {
        let found = try folder.rendered()
        #expect(found.text == (try folder.expected))
        #expect(!found.diagnostics.isEmpty)
    }

    @Test("Every rule has a case, but for those that no text file can break")
    func everyRuleHasACase() throws {
        let broken = try Set(CaseFolder.all.flatMap { try $0.rendered().diagnostics.map(\.rule) })
        #expect(Set(Rule.all.map(\.id)).subtracting(broken) == ["not-utf-8", "document-too-large"])
        #expect(broken.isSubset(of: Set(Rule.all.map(\.id))))
    }
}
