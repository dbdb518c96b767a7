import APISupport
import Foundation
import Testing

@testable import Workspace

@Suite("Searching")
struct SearchTests {
    let scratch: ScratchFolder
    let workspace: Workspace

    init() throws {
        scratch = try ScratchFolder()
        workspace = try scratch.workspace()
        try scratch.write("let value = 1\nlet Value = 2\n", to: "a.swift")
        try scratch.write("value in text", to: "docs/b.md")
        try scratch.write("value", to: ".git/config")
        try scratch.write("value", to: "src/.build/x.swift")
        try Data([0x76, 0x61, 0x6C, 0x75, 0x65, 0x00]).write(to: scratch.inside.appending(path: "binary"))
    }

    private func found(_ arguments: JSONObject) async throws -> [String] {
        try await workspace.run(.searchInCode, arguments).objects("matches").map { match in
            "\(match.string("path") ?? ""):\(match.integer("line") ?? 0):\(match.integer("column") ?? 0)"
        }
    }

    @Test func findsTextAndSkipsGitBuildAndBinaries() async throws {
        #expect(try await found(["query": "VALUE"]) == ["a.swift:1:5", "a.swift:2:5", "docs/b.md:1:1"])
        #expect(try await found(["query": "Value", "case_sensitive": .boolean(true)]) == ["a.swift:2:5"])
        #expect(try await found(["query": "value", "file_pattern": "*.md"]) == ["docs/b.md:1:1"])
        #expect(try await found(["query": "value", "path": "docs"]) == ["docs/b.md:1:1"])
        #expect(try await found(["query": "value", "path": "a.swift", "max_results": .integer(1)]) == ["a.swift:1:5"])
        #expect(try await found(["query": "1\nlet"]) == [])
    }

    @Test func aTextIsNoExpression() async throws {
        try scratch.write("a.b(c)\naxb\nСТРАНА\n", to: "t")
        #expect(try await found(["query": "a.b(", "path": "t"]) == ["t:1:1"])
        #expect(try await found(["query": "страна", "path": "t"]) == ["t:3:1"])
    }

    @Test func resultsAreBounded() async throws {
        try scratch.write(String(repeating: "hit\n", count: 1_500), to: "many")
        let result = try await workspace.run(.searchInCode, ["query": "hit", "max_results": .integer(1_000)])
        #expect(result.integer("count") == 1_000)
        #expect(result.flag("truncated") == true)
        #expect(await failure(workspace, .searchInCode, ["query": "hit", "max_results": .integer(1_001)])?.code == .invalidArguments)
        #expect(await failure(workspace, .searchInCode, ["query": ""])?.code == .invalidArguments)
    }

    @Test(
        "Expressions find what they say",
        arguments: [
            (#"let \w+ = \d"#, "let value = 1", 0), ("^ab?c$", "ac", 0), ("^ab?c$", "xac", nil), ("a|bc", "xbc", 1),
            ("(?:ab){2}", "aababx", 1),
            ("[^a-c]", "abcd", 3), (#"\bfoo\b"#, "a foo b", 2), (#"\bfoo\b"#, "afoob", nil), ("x{2,3}y", "xy xxy", 3),
            ("a.c", "a\u{301}c abc", 0),
            (#"[\d\-]+$"#, "v1-2", 1), (#"\u0416"#, "аЖ", 1), ("", "x", 0), ("a**b{", "", nil), ("{", "a{", 1), ("a{,2}", "a{,2}", 0),
            ("(a|b)*c", "ababc", 0), (#"\Sx"#, " ax", 1), (#"[^\W\d]"#, "1 a", 2),
        ] as [(String, String, Int?)])
    func expressions(pattern: String, line: String, column: Int?) throws {
        guard pattern != "a**b{" else {
            #expect(throws: ToolFailure.self) { try RegularExpression(pattern, isCaseSensitive: true) }
            return
        }
        let expression = try RegularExpression(pattern, isCaseSensitive: true)
        #expect(expression.firstMatch(in: Array(line.unicodeScalars)) == column)
    }

    @Test func caseIsFolded() throws {
        #expect(try RegularExpression("ж+[a-f]", isCaseSensitive: false).firstMatch(in: Array("xЖжF".unicodeScalars)) == 1)
        #expect(try RegularExpression("ж", isCaseSensitive: true).firstMatch(in: ["Ж"]) == nil)
    }

    @Test(
        "What an automaton cannot do is refused by name",
        arguments: [
            #"(a)\1"#, "(?=a)", "(?<name>a)", "(", ")", "[", "[b-a]", "*", "a{2,1}", "a{1001}", #"\"#, #"\q"#, "((a{1000}){1000}){1000}",
            String(repeating: "(", count: 40),
        ])
    func refused(pattern: String) async throws {
        let failure = await failure(workspace, .searchInCode, ["query": .string(pattern), "regex": .boolean(true)])
        #expect(failure?.code == .invalidArguments)
    }

    @Test("A pattern made to explode takes linear time", .timeLimit(.minutes(1)))
    func linear() throws {
        let expression = try RegularExpression("^(a+)+$|(a|a)*b|(.*)*c", isCaseSensitive: true)
        let line = Array(String(repeating: "a", count: 4_000).unicodeScalars) + ["!"]
        #expect(expression.firstMatch(in: line) == nil)
    }

    @Test(
        "File patterns",
        arguments: [
            ("*.swift", "a/b.swift", true), ("*.swift", "b.swiftx", false), ("src/*.swift", "src/a.swift", true),
            ("src/*.swift", "src/x/a.swift", false), ("src/**/a.swift", "src/a.swift", true), ("src/**/a.swift", "src/x/y/a.swift", true),
            ("**/a.swift", "xa.swift", false), ("**/a.swift", "x/a.swift", true), ("src/**", "src/x/y", true),
            ("*.{md,txt}", "x.txt", true),
            ("*.{md,txt}", "x.swift", false), ("[a-c]?.md", "bz.md", true), ("[!a-c].md", "a.md", false), ("[", "[", true),
            ("a?b", "a/b", false),
        ])
    func globs(pattern: String, path: String, matches: Bool) throws {
        #expect(try Glob(pattern).matches(path, relativeTo: ".") == matches)
    }

    @Test("A pattern that multiplies is refused; one that would backtrack is quick", .timeLimit(.minutes(1)))
    func globLimits() throws {
        #expect(throws: ToolFailure.self) { try Glob(String(repeating: "{a,b}", count: 20)) }
        #expect(throws: ToolFailure.self) { try Glob("") }
        #expect(try Glob(String(repeating: "*a", count: 100)).matches(String(repeating: "a", count: 4_000) + "b", relativeTo: ".") == false)
    }
}
