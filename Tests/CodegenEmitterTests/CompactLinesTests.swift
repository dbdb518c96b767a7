import Testing

@testable import CodegenEmitter

@Suite("Compact lines")
struct CompactLinesTests {
    private func text(_ lines: [(depth: Int, text: String)]) -> String {
        var compact = CompactLines()
        for line in lines { compact.append(line.text, depth: line.depth) }
        var text = ""
        compact.write(to: &text)
        return text
    }

    @Test("a statement that is alone stands behind its head")
    func joins() {
        let joined = text([
            (0, "switch value {"), (0, "case 1:"), (1, "if let value {"), (2, "use(value)"), (1, "}"), (0, "case 2:"), (1, "one()"),
            (1, "two()"),
            (0, "default:"), (1, "call { (json: inout Writer) in"), (2, "json.end()"), (1, "}"), (0, "}"),
        ])
        let expected = """
            switch value {
            case 1: if let value { use(value) }
            case 2:
                one()
                two()
            default: call { (json: inout Writer) in json.end() }
            }

            """
        #expect(joined == expected)
    }

    @Test("a closure's only statement stands behind its head")
    func joinsClosures() {
        #expect(text([(1, "call { (a: Int) in"), (2, "use(a)"), (1, "}"), (0, "}")]) == "    call { (a: Int) in use(a) }\n}\n")
    }

    @Test("comments, several statements, alternatives and long lines stay as they are")
    func keeps() {
        let long = String(repeating: "x", count: 125)
        for lines in [
            [(0, "case a:"), (1, "// why"), (0, "default:"), (1, "one()"), (1, "two()"), (0, "}")],
            [(0, "if a {"), (1, "one()"), (0, "} else {"), (1, "two()"), (0, "}")], [(0, "if a {"), (1, long), (0, "}")],
            [(0, "func a() {"), (1, "one()"), (0, "}")],
        ] {
            let plain = lines.map { String(repeating: "    ", count: $0.0) + $0.1 + "\n" }.joined()
            #expect(text(lines) == plain)
        }
    }
}
