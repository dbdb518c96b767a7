import CodegenModel
import Foundation
import Testing

@testable import CodegenDocuments

/// A document in JSON syntax is read by a reader of its own: it must give what the YAML parser gives, places included.
@Suite struct JSONDocumentTests {
    private let file = FileIdentity(path: "document.json", realPath: "/document.json")

    private func fast(_ text: String, limits: DocumentLimits = DocumentLimits()) -> DocumentNode? {
        JSONTreeBuilder.build(Array(text.utf8), in: file, limits: limits)
    }

    private func slow(_ text: String) -> DocumentNode? {
        var builder = YAMLTreeBuilder(file: file, limits: DocumentLimits(), diagnostics: DiagnosticCollector())
        return builder.build(text)
    }

    /// The first place where the two trees differ.
    private func difference(_ left: DocumentNode, _ right: DocumentNode, at path: String = "") -> String? {
        guard left.position == right.position else { return "\(path): \(left.position) is not \(right.position)" }
        guard left.scalar == right.scalar else { return "\(path): \(left.scalar, default: "none") is not \(right.scalar, default: "none")" }
        guard left.isMapping == right.isMapping, left.isSequence == right.isSequence, left.members.count == right.members.count,
            left.elements.count == right.elements.count
        else { return "\(path): other kinds or counts" }
        for (one, other) in zip(left.members, right.members) {
            guard one.key == other.key, one.keyPosition == other.keyPosition else { return "\(path): `\(one.key)` is not `\(other.key)`" }
            if let found = difference(one.value, other.value, at: path + "/" + one.key) { return found }
        }
        for (index, (one, other)) in zip(left.elements, right.elements).enumerated() {
            if let found = difference(one, other, at: path + "/\(index)") { return found }
        }
        return nil
    }

    @Test(arguments: [
        #"{}"#, #"{"a":1,"b":[],"c":[ true , false,null ],"d":{"e":-1.5e+10,"f":0}}"#,
        "{\n  \"a\" : \"b\",\n  \"c\": [\n    1,\n    2\n  ]\n}\n",
        "{\r\n  \"a\": 1,\r\n  \"b\": {\"c\": 2}\r\n}", "{\"ä€😀\": \"ü\", \"after\": [1, \"é\", 2]}",
        #"{"escapes": "\"\\\/\b\f\n\r\t\u0041\u00e4", "next": "\\", "last": "\\\""}"#,
        #"{"a long key that is no small string": 1, "b": {"a long key that is no small string": "a long text that occurs twice"}, "c": "a long text that occurs twice"}"#,
        #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17,"r":18}"#,
        #"{"": "", "yes": "yes", "1": "1", "null": "null"}"#,
    ])
    func `gives what the YAML parser gives`(_ text: String) throws {
        let found = difference(try #require(fast(text)), try #require(slow(text)))
        #expect(found == nil)
    }

    @Test func `gives the same for a document of 3,7 MB`() throws {
        let root = ProcessInfo.processInfo.environment["CODELAB_CORPUS"] ?? "../shared/corpus"
        guard let bytes = FileManager.default.contents(atPath: root + "/real/github.json") else {
            print("not present, skipped: real/github.json")
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let found = difference(try #require(fast(text)), try #require(slow(text)))
        #expect(found == nil)
    }

    @Test func `takes a surrogate pair, which YAML does not know`() throws {
        #expect(try #require(fast(#"{"a": "\ud83d\ude00"}"#))["a"]?.string == "😀")
    }

    @Test(arguments: [
        "", " ", "[]", "\"text\"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{\"a\":[1,]}", "{,}", "{\"a\" 1}", "{a: 1}",
        "{'a': 1}",
        "{\"a\": 01}", "{\"a\": +1}", "{\"a\": 1.}", "{\"a\": .5}", "{\"a\": 1e}", "{\"a\": True}", "{\"a\": yes}", "{\"a\": }", "{} x",
        "{} # note",
        "{\"a\": \"\n\"}", "{\"a\": \"\t\"}", "{\"a\": \"\\x41\"}", "{\"a\": \"\\u12\"}", "{\"a\": \"\\ud83d\"}", "{\"a\": \"\\udc00\"}",
        "{\"a\": \"b",
        "{\"a\": \"b\\", "{\"a\": \"b\\\"", "{\"a\": 1, \"a\": 2}", "{\"a\": 1, \"\\u0061\": 2}", "\u{FEFF}{}", "{\"a\": \"\u{2028}\"}",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"a\":10}",
    ])
    func `leaves to the YAML parser what is not plain JSON`(_ text: String) {
        #expect(fast(text) == nil)
    }

    @Test func `leaves to the YAML parser what breaks a limit`() {
        var limits = DocumentLimits()
        limits.nesting = 2
        limits.nodes = 5
        #expect(fast(#"{"a": {"b": 1}}"#, limits: limits) != nil)
        #expect(fast(#"{"a": {"b": {}}}"#, limits: limits) != nil)
        #expect(fast(#"{"a": {"b": {"c": 1}}}"#, limits: limits) == nil)
        #expect(fast(#"{"a": [1, 2, 3, 4]}"#, limits: limits) == nil)
        #expect(fast(String(repeating: #"{"a":"#, count: 100_000)) == nil)
    }

    @Test func `a fault in a JSON document is told at its place`() {
        let result = ServiceReader.read(
            ["/api.json"], access: .memory(["/api.json": "{\n  \"openapi\": \"3.1.0\",\n  \"openapi\": \"3.1.0\"\n}\n"]))
        #expect(result.diagnostics.map(\.rule) == ["yaml-syntax"])
    }
}
