import LLMProxyHandlers
import ScenarioFiles
import Testing

@Suite("Scenario files")
struct ScenarioFileTests {
    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("", 1, 1, "empty"),
            ("[]", 1, 1, "mapping"),
            ("models: [a]", 1, 1, "version"),
            ("version: 2", 1, 10, "whole number from 1 to 1"),
            ("version: 1\nscenario: []", 2, 1, "unknown member `scenario`"),
            ("version: 1\nmodels: []", 2, 9, "models"),
            ("version: 1\nscenarios:\n  - steps: []", 3, 5, "name"),
            ("version: 1\nscenarios:\n  - name: a\n    steps: []", 4, 12, "at least one"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - {}", 5, 9, "text"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - text: '{{x}}'", 5, 15, "unknown place"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - text: '{{user'", 5, 15, "without"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - text: '{{user | lines}}'", 5, 15, "unknown filter"),
            ("version: 1\nscenarios:\n  - name: a\n    when: {user: {matches: '('}}\n    steps: [{text: b}]", 4, 28, "regular expression"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - tool_calls: [{name: t, arguments: [1]}]", 5, 43, "mapping"),
            ("version: 1\nscenarios:\n  - name: a\n    steps:\n      - tool_calls: [{name: t}, {name: t}]", 5, 21, "label"),
            ("version: 1\nscenarios:\n  - name: a\n    steps: [{failure: {status: 200}}]", 4, 32, "400 to 599"),
            (
                "version: 1\nscenarios:\n  - name: a\n    when: {tool_result: {tool: t}}\n    steps: [{text: a}, {text: b}]", 5, 12,
                "one step"
            ),
            ("version: 1\ndefault: {text: a, finish_reason: never}", 2, 35, "finish_reason"),
            ("version: 1\ndefault: {text: [a}", 2, 19, "expected"),
            ("version: 1\nversion: 1", 1, 1, "twice"),
        ])
    func places(yaml: String, line: Int, column: Int, message: String) throws {
        let error = try #require(throws: ScenarioError.self) { try ScenarioBook(yaml: yaml, file: "s.yaml") }
        #expect(error.message.contains(message), "\(error)")
        #expect((error.line, error.column) == (line, column), "\(error)")
        #expect(error.description.hasPrefix("s.yaml:\(line):\(column): error: "))
    }

    @Test("A file that is not there is told by its path")
    func missing() {
        let error = #expect(throws: UnreadableScenarioFile.self) { try ScenarioBook(path: "/nowhere/s.yaml") }
        #expect(error?.description.contains("/nowhere/s.yaml") == true)
    }

    @Test("Aliases are expanded, but a few lines cannot stand for billions of nodes", .timeLimit(.minutes(1)))
    func aliases() throws {
        _ = try ScenarioBook(yaml: "version: 1\nmodels: &names [a, b]\ndefault: {text: c}", file: "s.yaml")
        var yaml =
            "version: 1\ndefault:\n  text: a\n  tool_calls:\n    - name: t\n      arguments:\n        l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "        l\(level): &l\(level) [\(aliases)]\n"
        }
        let error = try #require(throws: ScenarioError.self) { try ScenarioBook(yaml: yaml, file: "s.yaml") }
        #expect(error.message.contains("more than 100000 nodes"))
    }
}
