import APISupport
import Testing

@Suite struct JSONReaderTests {
    private func value(_ text: String) throws(RequestFailure) -> JSONValue {
        try JSONReader.decode(JSONValue.self, from: [UInt8](text.utf8))
    }

    // MARK: Syntax

    private static let texts: [(String, JSONValue)] = [
        ("null", JSONValue.null), (" true ", true), ("\t\r\nfalse", false), ("0", 0), ("-0", 0), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", 9.223372036854775808e18), ("1.0", 1.0), ("1e3", 1000.0),
        ("1E+3", 1000.0), ("1.5e-3", 0.0015), ("0.1", 0.1), ("123456789012345678901234567890", 1.2345678901234568e29),
        ("4.9e-324", .number(.leastNonzeroMagnitude)), ("1.7976931348623157e308", .number(Double.greatestFiniteMagnitude)), ("1e-400", 0.0),
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\u00e4\u20AC\ud83d\ude00""#, "ä€😀"),
        ("\"ä€😀\u{7f}\"", "ä€😀\u{7f}"),
        (#""\u0000""#, "\u{0}"), ("[]", []), ("[ ]", []), ("[1,[2,[]],\"x\"]", [1, [2, []], "x"]), ("{}", [:]),
        (#"{ "a" : 1 , "b":{"c":null}}"#, ["a": 1, "b": ["c": nil]]), (#"{"":0}"#, ["": 0]),
    ]

    @Test(arguments: texts)
    func readsWhatIsJSON(_ text: String, _ expected: JSONValue) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "tru", "+1", "01", "-", "-01", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1 2", "[", "]",
        "[1",
        "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{'a':1}",
        "{\"a\" 1}", "{1:1}",
        "{\"a\":1 \"b\":2}", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\\ud800\"",
        "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "// c\n1", "[1]]", "{}{}", "\u{feff}1", "1\u{0}", "\u{a0}1",
    ])
    func refusesWhatIsNot(_ text: String) {
        let failure = #expect(throws: RequestFailure.self) { try value(text) }
        #expect(failure?.code == .malformedBody)
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
        // Inside of a string, of a string that nobody reads, and at the text's end; after more than one machine word of ASCII.
        for text in [
            [0x22] + bytes + [0x22], [UInt8](#"{"skipped member":""#.utf8) + bytes + [UInt8](#""}"#.utf8),
            [UInt8]("\"0123456789".utf8) + bytes,
        ] {
            let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode(Everything.self, from: text) }
            #expect(failure?.code == .malformedBody)
        }
    }

    @Test func nestingIsBounded() throws {
        let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try value(deep(128)) }
        #expect(throws: RequestFailure.self) { try value(deep(129)) }
        #expect(throws: RequestFailure.self) { try value(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: RequestFailure.self) { try value(String(repeating: "{\"a\":", count: 1_000_000)) }
        // What is passed over is bounded too.
        #expect(throws: RequestFailure.self) { try JSONReader.decode(Everything.self, from: [UInt8]("{\"x\":\(deep(129))}".utf8)) }
    }

    @Test func numbersWithoutEndAreRefused() {
        #expect(throws: RequestFailure.self) { try value(String(repeating: "1", count: 100_000)) }
        #expect(throws: RequestFailure.self) { try value("1e" + String(repeating: "9", count: 100_000)) }
    }

    /// Nothing that bytes can be makes the reader do anything but answer.
    @Test func brokenTextsNeverCrash() throws {
        let text = [UInt8](Everything.example.utf8)
        #expect(throws: Never.self) { try JSONReader.decode(Everything.self, from: text) }
        for length in 0..<text.count {
            let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode(Everything.self, from: Array(text[..<length])) }
            #expect(failure?.code == .malformedBody)
        }
        var random = SeededGenerator(seed: 20_261_123)
        var refused = 0
        for _ in 0..<20_000 {
            var broken = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            do throws(RequestFailure) {
                _ = try JSONReader.decode(Everything.self, from: broken)
            } catch {
                refused += 1
                #expect(error.code == .malformedBody || !error.violations.isEmpty)
            }
        }
        #expect(refused > 10_000)
    }

    // MARK: Values

    @Test(
        arguments: [
            ("1", 1), ("-1", -1), ("1.0", 1), ("10e-1", 1), ("1e2", 100), ("0e99999999999", 0), ("-9223372036854775808", .min),
            ("9223372036854775807", .max), ("922337203685477580.7e1", .max),
        ] as [(String, Int64)])
    func integersAreExact(_ text: String, _ expected: Int64) throws {
        #expect(try JSONReader.decode(Int64.self, from: [UInt8](text.utf8)) == expected)
    }

    @Test(arguments: [
        ("1.5", "type"), ("1e-1", "type"), ("9223372036854775808", "format"), ("-9223372036854775809", "format"), ("1e19", "format"),
        ("1e999999999", "format"), ("99999999999999999999999", "format"), ("\"1\"", "type"), ("null", "type"),
    ])
    func whatIsNoIntegerSaysWhy(_ text: String, _ rule: String) {
        #expect(violations(of: Int64.self, text) == [rule])
    }

    @Test func narrowAndWideNumbers() throws {
        #expect(try JSONReader.decode(Int32.self, from: [UInt8]("-2147483648".utf8)) == .min)
        #expect(violations(of: Int32.self, "2147483648") == ["format"])
        #expect(violations(of: Double.self, "1e309") == ["format"])
        #expect(violations(of: Bool.self, "0") == ["type"])
        #expect(violations(of: String.self, "[1,{}]") == ["type"])
        #expect(violations(of: [String].self, "{}") == ["type"])
        #expect(violations(of: [String: Int64].self, #"{"a":1,"a":2}"#) == ["duplicate"])
    }

    @Test func doublesAreTheNearestOnes() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let expected = Double(bitPattern: random.next())
            guard expected.isFinite else { continue }
            #expect(try JSONReader.decode(Double.self, from: [UInt8](expected.description.utf8)) == expected)
        }
    }

    private func violations<T: JSONReadable>(of type: T.Type, _ text: String) -> [String] {
        do throws(RequestFailure) {
            _ = try JSONReader.decode(type, from: [UInt8](text.utf8))
            return []
        } catch {
            return error.violations.map(\.rule)
        }
    }

    // MARK: Violations

    @Test func violationsPointToTheirPlace() {
        let text = #"{"list":[{"n":1},{"n":"x","a/b~c":[0,"y"]},7],"\u0064ecoded":"2","extra":{"deep":[]}}"#
        let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode(Everything.self, from: [UInt8](text.utf8)) }
        #expect(failure?.code == .invalid)
        #expect(
            failure?.violations.map { "\($0.pointer) \($0.rule)" } == [
                "/list/1/n type", "/list/1/a~1b~0c/1 type", "/list/2 type", "/decoded type", "/extra additionalProperties",
                "/name required",
            ])
    }

    @Test func violationsAreBounded() {
        let text = "[" + Array(repeating: "\"x\"", count: 5_000).joined(separator: ",") + "]"
        let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode([Int64].self, from: [UInt8](text.utf8)) }
        #expect(failure?.violations.count == 101)
        #expect(failure?.violations.last?.rule == "violations")
    }

    @Test func syntaxErrorBeatsViolations() {
        let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode([Int64].self, from: [UInt8](#"["x",}"#.utf8)) }
        #expect(failure?.code == .malformedBody)
    }

    // MARK: Looking ahead

    @Test(arguments: [
        (#"{"type":"a","x":1}"#, "a"), (#"{"x":{"type":"no"},"y":["type"],"type":"b"}"#, "b"), (#"{"\u0074ype":"c"}"#, "c"),
        (#"{"type":1}"#, nil),
        (#"{"x":1}"#, nil), ("[]", nil), ("{}", nil), (#"{"type":"\u0061"}"#, "a"),
    ])
    func peekDoesNotMove(_ text: String, _ expected: String?) throws {
        var json = try JSONReader([UInt8](text.utf8))
        let found = try json.peekString(member: "type")
        #expect(found == expected)
        let whole = try JSONValue.read(from: &json)
        try json.finish()
        #expect(whole == (try value(text)))
        #expect(json.validation.violations.isEmpty)
    }

    @Test(arguments: [
        ("7", "type", ""), (#"{"x":1}"#, "required", "/kind"), (#"{"kind":1}"#, "type", "/kind"),
        (#"{"kind":"z"}"#, "discriminator", "/kind"),
    ])
    func badDiscriminatorsSayWhere(_ text: String, _ rule: String, _ pointer: String) {
        let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode(Shape.self, from: [UInt8](text.utf8)) }
        #expect(failure?.violations.map(\.rule) == [rule])
        #expect(failure?.violations.map(\.pointer) == [pointer])
    }

    @Test func keysCompareAsBytes() throws {
        var json = try JSONReader([UInt8](#"{"caf\u00e9":1}"#.utf8))
        #expect(try json.beginObject())
        let key = try #require(try json.nextKey())
        #expect("café" ~= key)
        #expect(!("cafe" ~= key))
        #expect(!("cafés" ~= key))
        #expect(key.string == "café")
    }
}

/// Written as the generator would.
private struct Everything: JSONReadable {
    static let example = #"""
        {"name":"Grüße \ud83d\ude00 \"q\"","list":[{"n":-12.5e3,"a/b~c":[1,2]},{}],"decoded":3,"flag":true,"nothing":null,"x":{"y":[[],{"z":""}]}}
        """#

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Everything? {
        guard try json.beginObject() else { return nil }
        var hasName = false
        while let key = try json.nextKey() {
            switch key {
            case "name": hasName = try json.readString() != nil
            case "list":
                _ = try json.readArray { (json: inout JSONReader) throws(JSONSyntaxError) -> Bool? in try readItem(from: &json) }
            case "decoded": _ = try json.readInt64()
            case "extra": try json.unexpectedMember()
            default: try json.skipValue()
            }
        }
        if !hasName { json.validation.missing("name") }
        return Everything()
    }

    private static func readItem(from json: inout JSONReader) throws(JSONSyntaxError) -> Bool? {
        guard try json.beginObject() else { return nil }
        while let key = try json.nextKey() {
            switch key {
            case "n": _ = try json.readDouble()
            case "a/b~c": _ = try [Int64].read(from: &json)
            default: try json.skipValue()
            }
        }
        return true
    }
}

private enum Shape: JSONReadable {
    case circle

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Shape? {
        guard let kind = try json.discriminator("kind") else { return nil }
        guard kind == "circle" else {
            try json.rejectDiscriminator("kind", kind)
            return nil
        }
        try json.skipValue()
        return .circle
    }
}

/// The same numbers on every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
