import Testing

@testable import APISupport

@Suite struct ItemParserTests {
    private func items(_ format: ItemFormat, _ text: String, size: Int = .max, limit: Int = 100) throws -> [String] {
        var parser = ItemParser(format, limit: limit)
        var items: [[UInt8]] = []
        var rest = [UInt8](text.utf8)[...]
        while !rest.isEmpty {
            items += try parser.feed(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        if let last = try parser.finish() { items.append(last) }
        return items.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [1, 2, 100]) func lines(_ size: Int) throws {
        #expect(try items(.lines, "{}\n\n [1]\r\n \n2", size: size) == ["{}", " [1]\r", "2"])
        #expect(try items(.lines, "", size: size).isEmpty)
    }

    @Test(arguments: [1, 2, 100]) func sequences(_ size: Int) throws {
        #expect(try items(.sequence, "\u{1E}{}\n\u{1E}\u{1E}[1,\n2]\u{1E}3\n", size: size) == ["{}\n", "[1,\n2]", "3\n"])
        #expect(try items(.sequence, " \n", size: size).isEmpty)
    }

    @Test func whatIsWrong() {
        #expect(throws: ItemParser.Failure.noSeparator) { try items(.sequence, "{}\n\u{1E}{}") }
        // RFC 7464 §2.4: 12 may be the beginning of 123.
        #expect(throws: ItemParser.Failure.truncated) { try items(.sequence, "\u{1E}12\u{1E}3\n") }
        #expect(throws: ItemParser.Failure.truncated) { try items(.sequence, "\u{1E}tru") }
        for size in [1, 1_000] {
            #expect(throws: ItemParser.Failure.itemTooLarge(limit: 100)) {
                try items(.lines, String(repeating: "x", count: 101), size: size)
            }
        }
        #expect((try? items(.lines, String(repeating: "x", count: 100) + "\n")) != nil)
    }
}
