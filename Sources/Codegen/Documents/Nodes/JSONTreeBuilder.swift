import CodegenModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Builds the node tree of a document in JSON syntax (RFC 8259) straight from its bytes: a tenth of the time and memory that a YAML parser
/// takes, which counts where a large document is read by a debug build of the generator at every build.
///
/// It knows good documents only. Whatever is not plain JSON, breaks a limit or repeats a key is left to ``YAMLTreeBuilder``, which says
/// what is wrong and where. For what both take, both give the same tree.
///
/// Written for debug builds too, where a function call for each byte is dear: bytes are passed over in words and by `memchr`.
struct JSONTreeBuilder {
    /// The document is for the YAML parser.
    private struct NotPlainJSON: Error {}

    private let base: UnsafePointer<UInt8>
    private let end: Int
    private let file: FileIdentity
    private let limits: DocumentLimits
    private var offset = 0
    private var line = 1
    /// The offset of the line's first byte, moved on by the bytes of this line that continue a scalar: columns count scalars.
    private var lineStart = 0
    private var count = 0
    /// Texts met before, by their bytes: most keys and many references occur again and again, and share one string then.
    private var known: [KnownText]

    private struct KnownText {
        var offset = 0
        var count = 0
        var text = ""
    }

    /// The tree of a document, or nil when it is for ``YAMLTreeBuilder``.
    static func build(_ bytes: [UInt8], in file: FileIdentity, limits: DocumentLimits) -> DocumentNode? {
        bytes.withUnsafeBufferPointer { buffer -> DocumentNode? in
            guard let base = buffer.baseAddress else { return nil }
            var builder = JSONTreeBuilder(base: base, count: buffer.count, file: file, limits: limits)
            return try? builder.document()
        }
    }

    private init(base: UnsafePointer<UInt8>, count: Int, file: FileIdentity, limits: DocumentLimits) {
        self.base = base
        self.file = file
        self.limits = limits
        end = count
        known = Array(repeating: KnownText(), count: count < 1 << 16 ? 1 << 8 : 1 << 13)
    }

    private mutating func document() throws(NotPlainJSON) -> DocumentNode {
        guard try next() == UInt8(ascii: "{") else { throw NotPlainJSON() }
        let root = try value(depth: 0)
        while offset < end {
            skipWhitespace()
            guard offset == end else { throw NotPlainJSON() }
        }
        return root
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(NotPlainJSON) -> DocumentNode {
        let byte = try next()
        count += 1
        guard count <= limits.nodes, depth <= limits.nesting else { throw NotPlainJSON() }
        let place = place
        switch byte {
        case UInt8(ascii: "{"): return DocumentNode(.mapping(try members(depth: depth)), at: place, in: file)
        case UInt8(ascii: "["): return DocumentNode(.sequence(try elements(depth: depth)), at: place, in: file)
        case UInt8(ascii: "\""): return DocumentNode(.scalar(Scalar(text: try string(), isPlain: false)), at: place, in: file)
        default: return DocumentNode(.scalar(Scalar(text: try plain(), isPlain: true)), at: place, in: file)
        }
    }

    private mutating func members(depth: Int) throws(NotPlainJSON) -> [DocumentNode.Member] {
        offset += 1
        var members: [DocumentNode.Member] = []
        var byte = try next()
        if byte == UInt8(ascii: "}") {
            offset += 1
            return members
        }
        while true {
            guard byte == UInt8(ascii: "\"") else { throw NotPlainJSON() }
            let keyPlace = place
            let key = try string()
            guard try next() == UInt8(ascii: ":") else { throw NotPlainJSON() }
            offset += 1
            members.append(DocumentNode.Member(key: key, at: keyPlace, value: try value(depth: depth + 1)))
            byte = try next()
            offset += 1
            if byte == UInt8(ascii: "}") { break }
            guard byte == UInt8(ascii: ",") else { throw NotPlainJSON() }
            byte = try next()
        }
        guard !hasRepeatedKey(members) else { throw NotPlainJSON() }
        return members
    }

    private func hasRepeatedKey(_ members: [DocumentNode.Member]) -> Bool {
        if members.count > 8 { return Set(members.map(\.key)).count < members.count }
        var position = 1
        while position < members.count {
            let key = members[position].key
            var earlier = 0
            while earlier < position {
                if members[earlier].key == key { return true }
                earlier += 1
            }
            position += 1
        }
        return false
    }

    private mutating func elements(depth: Int) throws(NotPlainJSON) -> [DocumentNode] {
        offset += 1
        var elements: [DocumentNode] = []
        if try next() == UInt8(ascii: "]") {
            offset += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            let byte = try next()
            offset += 1
            if byte == UInt8(ascii: "]") { return elements }
            guard byte == UInt8(ascii: ",") else { throw NotPlainJSON() }
        }
    }

    // MARK: Tokens

    private var place: NodePlace { NodePlace(line: line, column: offset - lineStart + 1) }

    /// Passes white space; the byte that follows.
    private mutating func next() throws(NotPlainJSON) -> UInt8 {
        skipWhitespace()
        guard offset < end else { throw NotPlainJSON() }
        return base[offset]
    }

    private mutating func skipWhitespace() {
        var offset = offset
        while offset < end {
            let byte = base[offset]
            if byte > 0x20 { break }
            if byte == 0x0A || byte == 0x0D {
                // A carriage return ends a line, unless it is half of such an end.
                let isPair = byte == 0x0D && offset + 1 < end && base[offset + 1] == 0x0A
                offset += isPair ? 2 : 1
                line += 1
                lineStart = offset
                while offset + 8 <= end, word(at: offset) == 0x2020_2020_2020_2020 { offset += 8 }
            } else if byte == 0x20 || byte == 0x09 {
                offset += 1
            } else {
                break
            }
        }
        self.offset = offset
    }

    /// `true`, `false`, `null` or a number.
    private mutating func plain() throws(NotPlainJSON) -> String {
        let start = offset
        while offset < end, !isDelimiter(base[offset]) { offset += 1 }
        let text = String(decoding: UnsafeBufferPointer(start: base + start, count: offset - start), as: UTF8.self)
        guard text == "true" || text == "false" || text == "null" || isNumber(start..<offset) else { throw NotPlainJSON() }
        return text
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    /// RFC 8259, section 6.
    private func isNumber(_ range: Range<Int>) -> Bool {
        var rest = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)[...]
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
        func dropDigits() -> Bool {
            guard isDigit(rest.first) else { return false }
            rest = rest.drop { isDigit($0) }
            return true
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        if rest.first == UInt8(ascii: "0") { rest = rest.dropFirst() } else if !dropDigits() { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard dropDigits() else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard dropDigits() else { return false }
        }
        return rest.isEmpty
    }

    private func word(at offset: Int) -> UInt64 {
        UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}

// MARK: Strings

extension JSONTreeBuilder {
    /// The string that the quote at the reader begins.
    private mutating func string() throws(NotPlainJSON) -> String {
        let start = offset + 1
        var close = try find(UInt8(ascii: "\""), from: start)
        guard let escape = first(UInt8(ascii: "\\"), from: start, to: close) else {
            try checkText(start, close)
            offset = close + 1
            return text(start, close)
        }
        var bytes: [UInt8] = []
        var run = start
        var next: Int? = escape
        while let escape = next {
            bytes += UnsafeBufferPointer(start: base + run, count: escape - run)
            run = try resolve(escape, into: &bytes)
            // The quote that was found may be an escaped one.
            if close < run { close = try find(UInt8(ascii: "\""), from: run) }
            next = first(UInt8(ascii: "\\"), from: run, to: close)
        }
        bytes += UnsafeBufferPointer(start: base + run, count: close - run)
        try checkText(start, close)
        offset = close + 1
        return String(decoding: bytes, as: UTF8.self)
    }

    private func find(_ byte: UInt8, from start: Int) throws(NotPlainJSON) -> Int {
        guard let found = first(byte, from: start, to: end) else { throw NotPlainJSON() }
        return found
    }

    private func first(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard start < end, let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Refuses control characters, and the line ends of YAML that JSON does not know; counts what takes more than a byte.
    private mutating func checkText(_ start: Int, _ end: Int) throws(NotPlainJSON) {
        var offset = start
        var isASCII = true
        while offset + 8 <= end {
            let word = word(at: offset)
            if word & 0x8080_8080_8080_8080 != 0 { isASCII = false }
            // A byte below 0x20 borrows into its high bit.
            if (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080 != 0 { throw NotPlainJSON() }
            offset += 8
        }
        while offset < end {
            let byte = base[offset]
            if byte < 0x20 { throw NotPlainJSON() }
            if byte >= 0x80 { isASCII = false }
            offset += 1
        }
        if !isASCII { try countScalars(start, end) }
    }

    private mutating func countScalars(_ start: Int, _ end: Int) throws(NotPlainJSON) {
        for offset in start..<end {
            let byte = base[offset]
            // U+0085, U+2028 and U+2029; the text is known to be UTF-8.
            if byte == 0xC2, base[offset + 1] == 0x85 { throw NotPlainJSON() }
            if byte == 0xE2, base[offset + 1] == 0x80, base[offset + 2] & 0xFE == 0xA8 { throw NotPlainJSON() }
            if byte & 0xC0 == 0x80 { lineStart += 1 }
        }
    }

    /// Appends what the escape at `offset` stands for (RFC 8259, section 7); the offset behind it.
    private func resolve(_ offset: Int, into bytes: inout [UInt8]) throws(NotPlainJSON) -> Int {
        guard offset + 1 < end else { throw NotPlainJSON() }
        switch base[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(base[offset + 1])
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var value = try codeUnit(offset)
            var behind = offset + 6
            if 0xD800...0xDBFF ~= value {
                guard behind + 6 <= end, base[behind] == UInt8(ascii: "\\"), base[behind + 1] == UInt8(ascii: "u") else {
                    throw NotPlainJSON()
                }
                let low = try codeUnit(behind)
                guard 0xDC00...0xDFFF ~= low else { throw NotPlainJSON() }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                behind += 6
            }
            guard let scalar = Unicode.Scalar(value) else { throw NotPlainJSON() }
            bytes += Array(String(Character(scalar)).utf8)
            return behind
        default: throw NotPlainJSON()
        }
        return offset + 2
    }

    /// The four digits of the `\uXXXX` at `offset`.
    private func codeUnit(_ offset: Int) throws(NotPlainJSON) -> UInt32 {
        guard offset + 6 <= end else { throw NotPlainJSON() }
        var value: UInt32 = 0
        for digit in UnsafeBufferPointer(start: base + offset + 2, count: 4) {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { throw NotPlainJSON() }
            value = value << 4 | UInt32(number)
        }
        return value
    }

    /// The text of bytes without escapes. Up to 15 bytes fit into a string itself; long ones hardly ever repeat.
    private mutating func text(_ start: Int, _ end: Int) -> String {
        let count = end - start
        let buffer = UnsafeBufferPointer(start: base + start, count: count)
        guard 16...80 ~= count else { return String(decoding: buffer, as: UTF8.self) }
        var hash = word(at: start) &+ UInt64(count)
        hash = (hash &* 0x9E37_79B9_7F4A_7C15) ^ word(at: start + count / 2 - 4)
        hash = (hash &* 0x9E37_79B9_7F4A_7C15) ^ word(at: end - 8)
        hash = hash &* 0x9E37_79B9_7F4A_7C15
        let slot = Int(truncatingIfNeeded: hash >> 40) & (known.count - 1)
        if known[slot].count == count, memcmp(base + known[slot].offset, base + start, count) == 0 { return known[slot].text }
        let text = String(decoding: buffer, as: UTF8.self)
        known[slot] = KnownText(offset: start, count: count, text: text)
        return text
    }
}
