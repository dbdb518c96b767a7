import CodegenModel
import Testing

@testable import CodegenDocuments

@Suite("Hostile documents end in a diagnostic")
struct HostileInputTests {
    private static let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"

    private func read(_ text: String) -> ServiceReader.Result {
        ServiceReader.read(["/openapi.yaml"], access: .memory(["/openapi.yaml": text]))
    }

    private func rules(_ text: String) -> Set<String> { Set(read(text).diagnostics.map(\.rule)) }

    @Test("Deep nesting, in flow and in block style", arguments: [100_000, 900, 200])
    func nesting(depth: Int) {
        let rules = rules(Self.head + "x-deep: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "\n")
        #expect(rules == ["document-too-large"] || rules == ["yaml-syntax"])
        let block = (0..<min(depth, 900)).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(self.rules(block) == ["document-too-large"])
    }

    @Test("An alias bomb of values")
    func aliasBomb() {
        var text = Self.head + "x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            text += "x-\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(rules(text) == ["document-too-large"])
    }

    @Test("An alias bomb as a key", arguments: ["? *a30\n: x\n", "{*a30 : x}\n", "{[*a30]: x}\n", "{? *a30 : x}\n"])
    func aliasBombAsKey(use: String) {
        var text = "x-0: &a0 [x, x]\n"
        for level in 1...30 { text += "x-\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let indented = use.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        #expect(rules(text + "y:\n" + indented + "\n") == ["yaml-unsupported"])
    }

    @Test("Many paths that refer to one large path item")
    func repeatedPathItems() {
        var text = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n"
        for index in 0..<20_000 { text += "  /a\(index): {$ref: '#/components/pathItems/Large'}\n" }
        text += "components:\n  pathItems:\n    Large:\n      additionalOperations:\n"
        for index in 0..<2_000 { text += "        M\(index): {responses: {'204': {description: Done}}}\n" }
        let start = ContinuousClock.now
        #expect(rules(text).contains("document-too-large"))
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("Tags, callbacks and servers that go round in circles")
    func circles() {
        var tags = "tags:\n"
        for index in 0..<3_000 { tags += "  - {name: t\(index), parent: t\((index + 1) % 3_000)}\n" }
        #expect(rules("openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {}\n" + tags) == ["tag-invalid"])
        var callbacks =
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\nwebhooks: {w: {post: {responses: {'204': {description: D}}, "
        callbacks += "callbacks: {c: {$ref: '#/components/callbacks/c0'}}}}}\ncomponents:\n  callbacks:\n"
        for index in 0..<5_000 {
            let next = "{$ref: '#/components/callbacks/c\((index + 1) % 5_000)'}"
            callbacks += "    c\(index): {'http://h/\(index)': {post: {responses: {'204': {description: D}}, "
            callbacks += "callbacks: {a: \(next), b: \(next)}}}}\n"
        }
        #expect(rules(callbacks).contains("document-too-large"))
    }

    @Test("A file beyond the size limit is not parsed")
    func size() {
        let result = read(Self.head + "# " + String(repeating: "x", count: DocumentLimits().bytes) + "\n")
        #expect(result.diagnostics.map(\.rule) == ["document-too-large"])
        #expect(result.texts.isEmpty)
    }

    @Test("Bytes that are not UTF-8 are found where they are")
    func notUTF8() {
        let access = FileAccess(realPath: { $0 }, contents: { _, _ in Array("openapi: 3.1.0\né: ".utf8) + [0xC3, 0x28] })
        let result = ServiceReader.read(["a.yaml"], access: access)
        #expect(result.diagnostics.map(\.rule) == ["not-utf-8"])
        #expect(result.diagnostics.first?.position == SourcePosition(file: "a.yaml", line: 2, column: 4))
    }

    @Test("Control characters do not reach the terminal")
    func controlCharacters() {
        let result = read("openapi: 3.1.0\ninfo: {title: T, version: '1'}\n\"\\e[31m\": 1 # \u{1B}[2J\n")
        let text = DiagnosticRenderer(texts: result.texts).render(result.diagnostics)
        #expect(!result.diagnostics.isEmpty)
        #expect(!text.unicodeScalars.contains("\u{1B}"))
    }

    @Test("Chains of schemas of any length")
    func chains() {
        var objects = Self.head + "components:\n  schemas:\n"
        var arrays = objects
        var references = objects
        var parts = objects
        for index in 0..<3_000 {
            objects += "    A\(index): {type: object, properties: {next: {$ref: '#/components/schemas/A\(index + 1)'}}}\n"
            arrays += "    A\(index): {type: array, items: {$ref: '#/components/schemas/A\(index + 1)'}}\n"
            references += "    A\(index): {$ref: '#/components/schemas/A\(index + 1)'}\n"
            parts += "    A\(index): {allOf: [{$ref: '#/components/schemas/A\(index + 1)'}, {type: object}]}\n"
        }
        let end = "    A3000: {type: object, properties: {last: {type: string}}}\n"
        #expect(rules(objects + end).isEmpty)
        #expect(rules(arrays + end) == ["document-too-large"])
        #expect(rules(references + end) == ["reference-cycle"])
        #expect(rules(parts + end) == ["document-too-large"])
    }

    @Test("Parts that share parts are merged once each")
    func sharedParts() {
        var text = Self.head + "components:\n  schemas:\n"
        for index in 0..<30 {
            let next = "{$ref: '#/components/schemas/A\(index + 1)'}"
            text += "    A\(index): {allOf: [\(next), \(next)]}\n    U\(index): {oneOf: [{$ref: '#/components/schemas/U\(index + 1)'}, "
            text += "{$ref: '#/components/schemas/U\(index + 1)'}]}\n"
        }
        text += "    A30: {type: object, properties: {kind: {const: a}}}\n    U30: {type: object, properties: {kind: {const: u}}}\n"
        #expect(rules(text).isEmpty)
    }
}
