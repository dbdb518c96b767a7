import HTTPTypes
import Testing

@testable import APISupport

@Suite struct MultipartParserTests {
    /// The parts of `text`, fed in pieces of `size` bytes.
    private func parts(
        _ text: String, boundary: String = "b", size: Int = .max, limits: MultipartLimits = MultipartLimits()
    ) throws -> [(fields: HTTPFields, body: String)] {
        var parser = try #require(MultipartParser(boundary: boundary, limits: limits))
        var parts: [(fields: HTTPFields, body: [UInt8])] = []
        var rest = [UInt8](text.utf8)[...]
        while !rest.isEmpty {
            for event in try parser.feed(Array(rest.prefix(size))) {
                switch event {
                case .head(let fields): parts.append((fields, []))
                case .body(let bytes): parts[parts.count - 1].body += bytes
                case .end: break
                }
            }
            rest = rest.dropFirst(size)
        }
        try parser.finish()
        return parts.map { ($0.fields, String(decoding: $0.body, as: UTF8.self)) }
    }

    private func failure(_ text: String, limits: MultipartLimits = MultipartLimits()) -> MultipartFailure? {
        do {
            _ = try parts(text, size: 11, limits: limits)
            return nil
        } catch {
            return error as? MultipartFailure
        }
    }

    /// RFC 2046 §5.1.1, the example.
    private let example = """
        This is the preamble.  It is to be ignored.\r
        --simple boundary\r
        \r
        This is implicitly typed plain US-ASCII text.\r
        It does NOT end with a linebreak.\r
        --simple boundary  \r
        Content-type: text/plain; charset=us-ascii\r
        \r
        This is explicitly typed plain US-ASCII text.\r
        It DOES end with a linebreak.\r
        \r
        --simple boundary--\r

        This is the epilogue.
        """

    @Test(arguments: [1, 2, 3, 7, 16, 1_000]) func cutAnywhere(_ size: Int) throws {
        let parts = try parts(example, boundary: "simple boundary", size: size)
        #expect(parts.map(\.fields) == [HTTPFields(), [.contentType: "text/plain; charset=us-ascii"]])
        #expect(
            parts.map(\.body) == [
                "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.",
                "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n",
            ])
    }

    @Test(arguments: [1, 4, 1_000]) func whatIsAlmostADelimiterIsContent(_ size: Int) throws {
        let body = "\r\r\n\n-\r\n-\r\n--\r\n--a\r\n--c--\r\n-b\r"
        #expect(try parts("--b\r\n\r\n\(body)\r\n--b\r\n\r\n\r\n--b--", size: size).map(\.body) == [body, ""])
    }

    @Test func noPartAtAll() throws {
        #expect(try parts("--b--").isEmpty)
        #expect(try parts("preamble\r\n--b--epilogue --b\r\n").isEmpty)
    }

    @Test func whatIsNoMultipartBody() {
        #expect(failure("") == .unexpectedEnd)
        #expect(failure("--b") == .unexpectedEnd)
        #expect(failure("--b\r\nA: b\r\n\r\nbody") == .unexpectedEnd)
        #expect(failure("--b\r\nA: b\r\n\r\nbody\r\n--b\r\n") == .unexpectedEnd)
        #expect(failure("--bx\r\n") == .malformedDelimiter)
        #expect(failure("--b\n\n\n") == .malformedDelimiter)
        #expect(failure("--b\r\nno colon\r\n\r\n\r\n--b--") == .malformedHeader)
        #expect(failure("--b\r\nbad name: x\r\n\r\n\r\n--b--") == .malformedHeader)
        #expect(failure("--b\r\nA: \u{0}\r\n\r\n\r\n--b--") == .malformedHeader)
        #expect(MultipartParser(boundary: "") == nil)
        #expect(MultipartParser(boundary: String(repeating: "x", count: 71)) == nil)
        #expect(MultipartParser(boundary: "a\r\nb") == nil)
    }

    @Test func everythingIsBounded() {
        let limits = MultipartLimits(parts: 2, headerSize: 100, headerFields: 3, preambleSize: 50)
        #expect(failure(String(repeating: "x", count: 100), limits: limits) == .preambleTooLarge)
        #expect(failure("--b\r\nA: " + String(repeating: "x", count: 1_000), limits: limits) == .headerTooLarge)
        #expect(failure("--b" + String(repeating: " ", count: 1_000), limits: limits) == .malformedDelimiter)
        #expect(failure("--b\r\n" + String(repeating: "A: b\r\n", count: 4) + "\r\n\r\n--b--", limits: limits) == .tooManyHeaderFields)
        #expect(failure(String(repeating: "--b\r\n\r\n\r\n", count: 3) + "--b--", limits: limits) == .tooManyParts)
        #expect(failure(String(repeating: "--b\r\n\r\n\r\n", count: 2) + "--b--", limits: limits) == nil)
    }

    @Test func longBodiesTakeLinearTime() throws {
        // Every byte may begin a delimiter; a megabyte of them, in small pieces.
        let body = String(repeating: "\r\n--", count: 1 << 18)
        let start = ContinuousClock.now
        #expect(try parts("--b\r\n\r\n\(body)\r\n--b--", size: 1_024).first?.body.utf8.count == 1 << 20)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func namesOfParts() {
        func name(_ field: String) -> String? { ContentDisposition.parameter("name", in: [.contentDisposition: field]) }
        #expect(name("form-data; name=plain") == "plain")
        #expect(name("form-data; filename=\"name=x;y\"; NAME=\"a;b\"") == "a;b")
        #expect(name("form-data; name=\"a\\\"b\\\\c\\d\"") == "a\"b\\c\\d")
        #expect(name("form-data; name=\"%22%0D%0A\"") == "\"\r\n")
        #expect(name("form-data; name=\"\"") == "" && name("form-data") == nil)
        for text in ["a", "\"", "\\", "\\\"", "a;b=c", "ü🙂", "\r\n"] {
            #expect(name(ContentDisposition.field(name: text, filename: "f")) == text)
        }
    }
}
