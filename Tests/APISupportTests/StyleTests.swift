import HTTPTypes
import Testing

@testable import APISupport

/// RFC 6570 §3.2, the examples for variables that are strings, lists and maps, and what hostile texts become.
@Suite struct StyleTests {
    private let list = TextValue.list([.text("red"), .text("green"), .text("blue")])
    private let keys = TextValue.members([
        .init(name: "semi", value: .text(";")), .init(name: "dot", value: .text(".")), .init(name: "comma", value: .text(",")),
    ])

    @Test func pathsOfRFC6570() {
        #expect(ParameterStyle.simple.pathText(.text("Hello World!"), name: "v", explode: false) == "Hello%20World%21")
        #expect(ParameterStyle.simple.pathText(.text("50%"), name: "v", explode: false) == "50%25")
        #expect(ParameterStyle.simple.pathText(list, name: "list", explode: true) == "red,green,blue")
        #expect(ParameterStyle.simple.pathText(keys, name: "keys", explode: false) == "semi,%3B,dot,.,comma,%2C")
        #expect(ParameterStyle.simple.pathText(keys, name: "keys", explode: true) == "semi=%3B,dot=.,comma=%2C")
        #expect(ParameterStyle.label.pathText(.text("50%"), name: "half", explode: false) == ".50%25")
        #expect(ParameterStyle.label.pathText(list, name: "list", explode: false) == ".red,green,blue")
        #expect(ParameterStyle.label.pathText(list, name: "list", explode: true) == ".red.green.blue")
        #expect(ParameterStyle.label.pathText(keys, name: "keys", explode: false) == ".semi,%3B,dot,.,comma,%2C")
        #expect(ParameterStyle.label.pathText(keys, name: "keys", explode: true) == ".semi=%3B.dot=..comma=%2C")
        #expect(ParameterStyle.matrix.pathText(.text(""), name: "empty", explode: false) == ";empty")
        #expect(ParameterStyle.matrix.pathText(list, name: "list", explode: false) == ";list=red,green,blue")
        #expect(ParameterStyle.matrix.pathText(list, name: "list", explode: true) == ";list=red;list=green;list=blue")
        #expect(ParameterStyle.matrix.pathText(keys, name: "keys", explode: false) == ";keys=semi,%3B,dot,.,comma,%2C")
        #expect(ParameterStyle.matrix.pathText(keys, name: "keys", explode: true) == ";semi=%3B;dot=.;comma=%2C")
    }

    @Test func queriesOfRFC6570() {
        #expect(ParameterStyle.form.queryPairs(.text("50%"), name: "half", explode: true) == ["half=50%25"])
        #expect(ParameterStyle.form.queryPairs(list, name: "list", explode: false) == ["list=red,green,blue"])
        #expect(ParameterStyle.form.queryPairs(list, name: "list", explode: true) == ["list=red", "list=green", "list=blue"])
        #expect(ParameterStyle.form.queryPairs(keys, name: "keys", explode: false) == ["keys=semi,%3B,dot,.,comma,%2C"])
        #expect(ParameterStyle.form.queryPairs(keys, name: "keys", explode: true) == ["semi=%3B", "dot=.", "comma=%2C"])
        #expect(PercentEncoding.encodeReserved("/foo/bar 50% %20") == "/foo/bar%2050%25%20%20")
        #expect(ParameterStyle.form.queryPairs(.list([]), name: "list", explode: false).isEmpty)
    }

    @Test func elementsOfFields() {
        func elements(_ text: String) -> [String] { ParameterStyle.fieldElements(WireText(text, .none)).map(\.decoded) }
        #expect(elements("a, b ,,c d") == ["a", "b", "c d"])
        #expect(elements("\"a,\\\"b\\\\\" , \"\",x\"y") == ["a,\"b\\", "", "x\"y"])
        #expect(elements("\"open, a") == ["open, a"])
        #expect(elements("").isEmpty && elements(" , ").isEmpty)
    }

    @Test func hostileDeepObjects() {
        func value(_ names: [String]) -> TextValue? {
            var object = DeepObject()
            for name in names { object.insert(name, of: "a", "1") }
            return object.value(.object([], others: .string))
        }
        for name in ["a", "a[", "a[x", "a]x[", "a[x]y", "ab[x]", "a" + String(repeating: "[x]", count: 9)] { #expect(value([name]) == nil) }
        #expect(value(["a[x]"]) == .members([.init(name: "x", value: .text("1"))]))
        #expect(value(["a[x]", "a[x]"]) == .members([.init(name: "x", value: .text("1")), .init(name: "x", value: .text("1"))]))
    }

    @Test func textsBecomeTheJSONThatTheSchemaAllows() {
        func json(_ text: String, _ schema: TextSchema) -> String { String(decoding: TextValue.text(text).json(schema), as: UTF8.self) }
        #expect(json("12345678901234567890.10", .number) == "12345678901234567890.10")
        for text in ["", "01", "1,2", "-", "1e", "0x1", " 1", "1}", "NaN", "true"] { #expect(json(text, .number).hasPrefix("\"")) }
        #expect(json("true", .boolean) == "true" && json("true", .string) == "\"true\"")
        #expect(json("null", .scalar([.null, .string])) == "null" && json("null", .string) == "\"null\"")
        #expect(json("1", .union([.string, .number])) == "1" && json("x", .union([.string, .number])) == "\"x\"")
        #expect(json("a", .array(.string)) == "[\"a\"]")
        #expect(json("{\"a\":1}", .json) == "{\"a\":1}" && json("{\"a\":1},2", .json) == "\"{\\\"a\\\":1},2\"")
    }

    @Test func acceptHeaders() {
        let declared: [StaticString] = ["application/json", "text/csv", "text/html; level=1", "image/*"]
        func preferred(_ accept: String) -> String? { Acceptance(accept).preferred(declared)?.description }
        #expect(preferred("*/*") == "application/json" && preferred("text/*") == "text/csv" && preferred("image/png") == "image/*")
        #expect(preferred("text/html;level=1, text/csv;q=0.9") == "text/html; level=1" && preferred("text/html;level=2") == nil)
        #expect(preferred("application/json;q=0.1, text/csv; q=0.2") == "text/csv")
        #expect(preferred("text/csv;q=0, text/*;q=0.5, */*;q=0.1") == "text/html; level=1")
        #expect(
            preferred("application/xml") == nil && preferred("*/*;q=0") == nil && preferred("text/csv;q=x") == nil && preferred("") == nil)
    }

    @Test(
        arguments: [
            ("{a}", "x", ["x"]), ("{a}", "", nil), ("{a}.{b}", "1.2.3", ["1", "2.3"]), ("{a}.{b}", ".2", nil), ("{a}.{b}", "1.", nil),
            ("v{a}..{b}.json", "v1..2.json", ["1", "2"]), ("v{a}..{b}.json", "v1..json", nil), ("{a}:go", "x%3Ago", ["x"]),
            ("{a}:go", "x:go", ["x"]),
            ("{a}:go", ":go", nil),
        ] as [(String, String, [String]?)])
    func segments(_ template: String, _ segment: String, _ expected: [String]?) {
        #expect(SegmentPattern(template[...])?.values(in: segment[...])?.map(String.init) == expected)
    }
}
