import APISupport
import Testing

@Suite struct JSONWriterTests {
    private func text(_ value: JSONValue) -> String { String(decoding: JSONWriter.encode(value), as: UTF8.self) }

    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (.integer(.min), "-9223372036854775808"), (0.1, "0.1"), (1e300, "1e+300"),
            (.number(-0.0), "-0.0"), (.number(.nan), "null"), (.number(.infinity), "null"), ([], "[]"),
            ([1, [], "x", [:]], #"[1,[],"x",{}]"#),
            (["b": 1, "a": [nil, 2]], #"{"b":1,"a":[null,2]}"#),
            ("a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}ü\u{2028}", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001fü\u{2028}\""),
            (["\"\n": ""], #"{"\"\n":""}"#),
        ] as [(JSONValue, String)])
    func writesJSON(_ value: JSONValue, _ expected: String) {
        #expect(text(value) == expected)
    }

    @Test func doublesAreTheShortestDecimalsThatReadBack() {
        var random = SeededGenerator(seed: 5)
        var values: [Double] = [
            0, 1, -1, 0.1, 0.3, 0.07, 1.005, 99.995, 0.001, 0.0009, 1e-7, 123_456_789.012345, 999_999_999_999_999, 1e15, 1e16, 0.1 + 0.2,
            4.35, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 2_097_152.000001, 0.499_999_9, 0.9999999,
        ]
        for _ in 0..<5_000 {
            let digits = Int64.random(in: -10_000_000_000...10_000_000_000, using: &random)
            let units: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
            values.append(Double(digits) / units[Int.random(in: 0..<8, using: &random)])
            values.append(Double.random(in: -1e6...1e6, using: &random))
        }
        for value in values { #expect(text(.number(value)) == value.description) }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (500_000_000, "1970-01-01T00:00:00.500Z"), (1_000_000, "1970-01-01T00:00:00.001Z"),
            (20_000, "1970-01-01T00:00:00.000020Z"), (7, "1970-01-01T00:00:00.000000007Z"), (999_999_999, "1970-01-01T00:00:00.999999999Z"),
        ] as [(Int32, String)])
    func fractionsHaveAsManyDigitsAsTheyNeed(_ nanoseconds: Int32, _ expected: String) {
        let value = Timestamp(secondsSinceEpoch: 0, nanoseconds: nanoseconds)
        #expect(value.description == expected)
        #expect(JSONWriter.encode(value) == [UInt8]("\"\(expected)\"".utf8))
    }

    @Test func textGrowsAsItMust() throws {
        // Plain runs, escapes at their ends, and lengths around every size that memory has on the way.
        for length in [0, 1, 7, 8, 9, 63, 64, 65, 255, 256, 2_047, 2_048, 10_000] {
            for piece in ["x", "\u{1}", "abcdefg\""] {
                let text = String(repeating: piece, count: length)
                let bytes = JSONWriter.encode([text: text])
                #expect(try JSONReader.decode([String: String].self, from: bytes) == [text: text])
            }
        }
    }

    @Test func whatIsWrittenReadsBack() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let value = JSONValue.random(depth: 4, using: &random)
            let bytes = JSONWriter.encode(value)
            #expect(try JSONReader.decode(JSONValue.self, from: bytes) == value)
        }
    }

    @Test func commasFollowTheStructure() {
        var json = JSONWriter()
        json.beginObject()
        json.key("list")
        json.writeArray([Int64(1), 2]) { $1.write($0) }
        json.key("map")
        json.writeMap(["b": Int64(2), "a": 1]) { $1.write($0) }
        json.writeMembers(["y": true, "x": false]) { $1.write($0) }
        json.key("bytes")
        json.writeBase64([0, 0xFF])
        json.key("none")
        json.writeNull()
        json.endObject()
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"list":[1,2],"map":{"a":1,"b":2},"x":false,"y":true,"bytes":"AP8=","none":null}"#)
    }

    @Test func objectsKeepTheirOrderAndCompareWithoutIt() {
        var object: JSONObject = ["z": 1, "a": 2]
        object["m"] = 3
        object["z"] = 4
        #expect(object.names == ["z", "a", "m"])
        object["a"] = nil
        #expect(object.names == ["z", "m"])
        #expect(object["a"] == nil)
        #expect(object == ["m": 3, "z": 4])
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &random))
        case 2: .integer(Int64(bitPattern: random.next()))
        case 3: .number(Double.random(in: -1e9...1e9, using: &random) + 0.25)
        case 4: .string(String.random(using: &random))
        case 5: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                        (String.random(using: &random), .random(depth: depth - 1, using: &random))
                    }))
        }
    }
}

extension String {
    fileprivate static func random(using random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<20, using: &random) {
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11000, using: &random)) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
