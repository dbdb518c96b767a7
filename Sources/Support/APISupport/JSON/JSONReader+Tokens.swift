/// The lexical layer: white space, punctuation, string tokens.
extension JSONReader {
    /// A string token without its quotes; its escapes are known to be good.
    struct StringToken {
        var start: Int
        var count: Int
        var hasEscapes: Bool
    }

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// Skips white space and gives the byte that follows: 0 at the end of the text.
    @inline(__always)
    mutating func peekToken() -> UInt8 {
        while Self.isWhitespace(base[position]) { position &+= 1 }
        return base[position]
    }

    func syntaxError(_ reason: StaticString) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, reason: position >= text.count ? "unexpected end" : reason.description)
    }

    // MARK: Punctuation

    mutating func enter() throws(JSONSyntaxError) {
        guard depth < limits.depth else { throw syntaxError("nested too deep") }
        position &+= 1
        depth &+= 1
        isAtStart = true
        validation.push()
    }

    private mutating func leave() {
        position &+= 1
        depth &-= 1
        isAtStart = false
        validation.pop()
    }

    /// To the quote of the next member's name; false after having left the object.
    mutating func advanceInObject() throws(JSONSyntaxError) -> Bool {
        var byte = peekToken()
        if byte == UInt8(ascii: "}") {
            leave()
            return false
        }
        if isAtStart {
            isAtStart = false
        } else {
            guard byte == UInt8(ascii: ",") else { throw syntaxError("expected `,` or `}`") }
            position &+= 1
            byte = peekToken()
        }
        guard byte == UInt8(ascii: "\"") else { throw syntaxError("expected a member's name") }
        return true
    }

    /// To the next element; false after having left the array.
    mutating func advanceInArray() throws(JSONSyntaxError) -> Bool {
        let byte = peekToken()
        if byte == UInt8(ascii: "]") {
            leave()
            return false
        }
        if isAtStart {
            isAtStart = false
        } else {
            guard byte == UInt8(ascii: ",") else { throw syntaxError("expected `,` or `]`") }
            position &+= 1
        }
        return true
    }

    mutating func consumeColon() throws(JSONSyntaxError) {
        guard peekToken() == UInt8(ascii: ":") else { throw syntaxError("expected `:`") }
        position &+= 1
    }

    /// Passes `true`, `false` or `null`.
    mutating func consumeLiteral(_ literal: StaticString) throws(JSONSyntaxError) {
        for index in 0..<literal.utf8CodeUnitCount where base[position &+ index] != literal.utf8Start[index] {
            throw syntaxError("expected a value")
        }
        position &+= literal.utf8CodeUnitCount
    }

    // MARK: Strings

    /// Passes the string token at the reader, checking its escapes (RFC 8259 §7) and that surrogates come in pairs.
    mutating func scanString() throws(JSONSyntaxError) -> StringToken {
        position &+= 1
        let start = position
        var hasEscapes = false
        while true {
            position = endOfPlainText(from: position)
            switch base[position] {
            case UInt8(ascii: "\""):
                let token = StringToken(start: start, count: position &- start, hasEscapes: hasEscapes)
                position &+= 1
                return token
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape()
            default:
                throw syntaxError("control character in a string")
            }
        }
    }

    /// The offset of the first quote, backslash or control character (the closing zero included), eight bytes at a time.
    private func endOfPlainText(from start: Int) -> Int {
        let raw = UnsafeRawPointer(base)
        var offset = start
        while true {
            // In bounds: offset <= text.count, and `JSONText.padding` bytes follow.
            let hit = JSONCharacters.special(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            if hit != 0 { return offset &+ hit.trailingZeroBitCount / 8 }
            offset &+= 8
        }
    }

    private mutating func scanEscape() throws(JSONSyntaxError) {
        switch base[position &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 2
        case UInt8(ascii: "u"):
            let unit = try scanCodeUnit()
            switch unit {
            case 0xD800...0xDBFF:
                guard base[position] == UInt8(ascii: "\\"), base[position &+ 1] == UInt8(ascii: "u"),
                    case 0xDC00...0xDFFF = try scanCodeUnit()
                else { throw syntaxError("unpaired surrogate") }
            case 0xDC00...0xDFFF: throw syntaxError("unpaired surrogate")
            default: break
            }
        default:
            position &+= 1
            throw syntaxError("unknown escape")
        }
    }

    /// Passes `\uXXXX`.
    private mutating func scanCodeUnit() throws(JSONSyntaxError) -> UInt16 {
        position &+= 2
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = HexDigits.value(of: base[position]) else { throw syntaxError("expected four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            position &+= 1
        }
        return unit
    }

    /// The token's text.
    func string(_ token: StringToken) -> String {
        guard token.hasEscapes else {
            return String(decoding: UnsafeBufferPointer(start: base + token.start, count: token.count), as: UTF8.self)
        }
        let source = UnsafeBufferPointer(start: base + token.start, count: token.count)
        return String(decoding: JSONEscapes.resolve(source), as: UTF8.self)
    }

    func key(_ token: StringToken) -> JSONKey {
        guard token.hasEscapes else { return JSONKey(owner: text, bytes: base + token.start, count: token.count) }
        let resolved = JSONText(copying: JSONEscapes.resolve(text.copy(from: token.start, to: token.start &+ token.count)))
        return JSONKey(owner: resolved, bytes: resolved.base, count: resolved.count)
    }
}
