import Testing

@testable import APISupport

@Suite struct TextFormTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
            ("2024-02-29t23:59:59.5z", 1_709_251_199, 500_000_000, "2024-02-29T23:59:59.500Z"),
            ("2000-01-01T00:00:00+01:30", 946_679_400, 0, "1999-12-31T22:30:00Z"),
            ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
            ("0000-01-01T00:00:00Z", -62_167_219_200, 0, "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0, "9999-12-31T23:59:59Z"),
            ("1990-12-31T23:59:60Z", 662_688_000, 0, "1991-01-01T00:00:00Z"),
            ("2020-06-01T12:00:00.123456Z", 1_591_012_800, 123_456_000, "2020-06-01T12:00:00.123456Z"),
        ] as [(String, Int64, Int32, String)])
    func timestampsReadAndWrite(_ text: String, _ seconds: Int64, _ nanoseconds: Int32, _ written: String) throws {
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp == Timestamp(secondsSinceEpoch: seconds, nanoseconds: nanoseconds))
        #expect(timestamp.description == written)
    }

    @Test(arguments: [
        "", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z",
        "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+0100", "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00ZZ",
        "20240101T000000Z", "2024-01-01T00:00:00.1234567890123456789012345678901234567890123456789Z",
    ])
    func whatIsNoTimestamp(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func timestampsAdd() {
        let start = Timestamp(secondsSinceEpoch: 10, nanoseconds: 500_000_000)
        #expect(start.advanced(by: .milliseconds(700)) == Timestamp(secondsSinceEpoch: 11, nanoseconds: 200_000_000))
        #expect(start.advanced(by: .milliseconds(-700)) == Timestamp(secondsSinceEpoch: 9, nanoseconds: 800_000_000))
        #expect(start.advanced(by: .seconds(-20)) == Timestamp(secondsSinceEpoch: -10, nanoseconds: 500_000_000))
        #expect(Timestamp(secondsSinceEpoch: 0, nanoseconds: -1) == Timestamp(secondsSinceEpoch: -1, nanoseconds: 999_999_999))
        #expect(Timestamp(secondsSinceEpoch: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test(
        arguments: [("", []), ("AA==", [0]), ("AP8=", [0, 255]), ("Zm9v", [0x66, 0x6F, 0x6F]), ("+/+/", [0xFB, 0xFF, 0xBF])]
            as [(String, [UInt8])])
    func base64ReadsAndWrites(_ text: String, _ bytes: [UInt8]) {
        #expect(Base64.decode(text) == bytes)
        #expect(String(decoding: Base64.encode(bytes), as: UTF8.self) == text)
    }

    @Test(arguments: ["A", "AA", "AAA", "A===", "AA=A", "=AAA", "AB==", "AAB=", "AA==\n", "A A=", "Zm9-", "===="])
    func whatIsNoBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    // MARK: Forms

    @Test(
        arguments: [
            ("", []), ("a=1&b=2", [("a", "1"), ("b", "2")]), ("a", [("a", "")]), ("=x", [("", "x")]), ("a=b=c", [("a", "b=c")]),
            ("&&a=1&", [("a", "1")]),
            ("a+b=c%20d", [("a b", "c d")]), ("a=%C3%A4%2B%26", [("a", "ä+&")]), ("a=%", [("a", "%")]), ("a=%4", [("a", "%4")]),
            ("a=%zz%41", [("a", "%zzA")]),
            ("a=%FF", [("a", "\u{FFFD}")]),
        ] as [(String, [(String, String)])])
    func formsParseAsTheURLStandardSays(_ text: String, _ expected: [(String, String)]) throws {
        let pairs = try #require(FormURLEncoded.parse(ArraySlice([UInt8](text.utf8))))
        #expect(pairs.map(\.name) == expected.map(\.0))
        #expect(pairs.map(\.value) == expected.map(\.1))
    }

    @Test func formsAreBoundedAndRoundTrip() throws {
        let many = [UInt8](Array(repeating: "a=1", count: 1_001).joined(separator: "&").utf8)
        #expect(FormURLEncoded.parse(many[...]) == nil)
        let object: JSONValue = [
            "na me": "ä&=+ %*-._~", "none": nil, "list": [1, -2], "nested": ["a": [true]], "empty": "", "large": 1e300,
        ]
        let form = FormWriter.encode(object)
        #expect(
            String(decoding: form, as: UTF8.self)
                == "na+me=%C3%A4%26%3D%2B+%25*-._%7E&list=1&list=-2&nested=%7B%22a%22%3A%5Btrue%5D%7D&empty=&large=1e%2B300")
        let pairs = try #require(FormURLEncoded.parse(form[...]))
        #expect(pairs.map(\.value) == ["ä&=+ %*-._~", "1", "-2", #"{"a":[true]}"#, "", "1e+300"])
    }

    @Test func formFieldsBecomeJSON() throws {
        let schema = TextSchema.object([("n", .number), ("list", .array(.number)), ("tree", .json), ("deep", .object([("a", .boolean)]))])
        func json(_ form: String, emptyIsAbsent: Bool = false) throws -> String {
            let pairs = try #require(FormReading.pairs([UInt8](form.utf8)[...]))
            let encoding = [
                FormEncoding("deep", style: .deepObject, explode: true), FormEncoding("piped", style: .pipeDelimited, explode: false),
            ]
            let bytes = FormReading.json(pairs, schema: schema, encoding: encoding, emptyIsAbsent: emptyIsAbsent)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try json("n=1&list=1&list=2&tree=%5B1%5D&deep[a]=true") == #"{"n":1,"list":[1,2],"tree":[1],"deep":{"a":true}}"#)
        #expect(try json("n=x&n=2&tree=%5B1&other=1") == #"{"n":"x","n":2,"tree":"[1","other":"1"}"#)
        #expect(try json("n=1,%22x%22:2&tree=1,2") == #"{"n":"1,\"x\":2","tree":"1,2"}"#)
        #expect(try json("n=&list=") == #"{"n":"","list":[""]}"#)
        #expect(try json("n=&list=", emptyIsAbsent: true) == "{}")
    }

    @Test(arguments: [
        ("a%20b", "a b"), ("%C3%A4", "ä"), ("a+b", "a+b"), ("a%2Fb", "a/b"), ("%", nil), ("%4", nil), ("%GG", nil), ("%FF", nil),
    ])
    func pathSegmentsDecode(_ text: String, _ expected: String?) {
        #expect(PercentEncoding.decodeSegment(text[...]) == expected)
    }

    @Test(
        arguments: [("1", 1), ("-5", -5), ("+1", nil), (" 1", nil), ("1.0", nil), ("", nil), ("0x1", nil), ("9223372036854775808", nil)]
            as [(String, Int64?)])
    func integersInParameters(_ text: String, _ expected: Int64?) {
        #expect(Int64(parameterText: text) == expected)
    }

    @Test func otherParameterTexts() {
        #expect(Bool(parameterText: "true") == true)
        #expect(Bool(parameterText: "1") == nil)
        #expect(Double(parameterText: "1e3") == 1000)
        #expect(Double(parameterText: "nan") == nil)
        #expect(Double(parameterText: "0x1p3") == nil)
        #expect([UInt8](parameterText: "AP8=") == [0, 255])
        #expect([UInt8]([0, 255]).parameterText == "AP8=")
    }
}
