import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Diagnostics and configuration")
struct ReportTests {
    @Test("The caret stands below its character, tabs and all")
    func caret() {
        let diagnostic = Diagnostic(.error, rule: "r", "wrong", at: SourcePosition(file: "a", line: 2, column: 4), help: "mend it")
        let text = DiagnosticRenderer(texts: ["a": "x\n\té: y\n"]).render(diagnostic)
        #expect(text == "a:2:4: error: wrong [r]\n\té: y\n\t  ^\nhelp: mend it\n")
    }

    @Test("A long line is shown around the column")
    func longLine() {
        let diagnostic = Diagnostic(.warning, rule: "r", "wrong", at: SourcePosition(file: "a", line: 1, column: 5_000))
        let lines = DiagnosticRenderer(texts: ["a": String(repeating: "x", count: 10_000)]).render(diagnostic).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].count == 200)
        #expect(lines[2].count == 100)
    }

    @Test("A place without text is told without a listing")
    func noListing() {
        let diagnostic = Diagnostic(.error, rule: "r", "wrong", at: SourcePosition(file: "b", line: 1, column: 1))
        #expect(DiagnosticRenderer(texts: [:]).render(diagnostic) == "b:1:1: error: wrong [r]\n")
    }

    @Test("JSON escapes what it must")
    func json() {
        let diagnostic = Diagnostic(.error, rule: "r", "a \"b\"\n\u{1}", at: SourcePosition(file: "c\\d", line: 3, column: 7))
        #expect(
            DiagnosticReport.json([diagnostic])
                == #"[\#n{"file": "c\\d", "line": 3, "column": 7, "severity": "error", "rule": "r", "message": "a \"b\"\n\u0001"}\#n]\#n"#
        )
        #expect(DiagnosticReport.json([]) == "[]\n")
    }

    @Test("A configuration's paths are relative to its folder")
    func configuration() throws {
        let text = "documents: [openapi.yaml, ../b.yaml]\nstrict: true\ntypes: {Problem: APISupport.Problem}\naccess: package\n"
        let result = Configuration.read("/x/codegen.yaml", access: .memory(["/x/codegen.yaml": text]))
        let configuration = try #require(result.configuration)
        #expect(configuration.documents == ["/x/openapi.yaml", "/x/../b.yaml"])
        #expect(configuration.isStrict)
        #expect(configuration.types == ["Problem": "APISupport.Problem"])
        #expect(configuration.access == "package")
    }

    @Test("Rules are explained, each under its own name")
    func rules() {
        #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
        for rule in Rule.all {
            #expect(rule.summary.hasSuffix("."))
            #expect(!rule.explanation.isEmpty)
            #expect(Rule.named(rule.id)?.summary == rule.summary)
        }
        #expect(Set(RuleExamples.all.keys).isSubset(of: Set(Rule.all.map(\.id))))
        // Both, or neither.
        #expect(Rule.all.allSatisfy { ($0.wrong == nil) == ($0.right == nil) })
    }
}
