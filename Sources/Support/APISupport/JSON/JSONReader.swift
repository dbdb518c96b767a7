/// Reads one JSON text (RFC 8259) in one pass over its bytes, and collects what is wrong with its values on the way.
///
/// Strict: well-formed UTF-8 only, no trailing text, no leading zeros, no lone surrogates; nesting and the number of violations are
/// bounded. Two kinds of trouble are kept apart: text that is not JSON throws ``JSONSyntaxError`` at once; JSON that is not what the schema
/// says is recorded in ``validation`` and reading goes on.
///
/// Not copyable: it is lent to `read(from:)` and ends with ``decode(_:from:limits:)``.
public struct JSONReader: ~Copyable {
    /// What a text may cost its reader.
    public struct Limits: Sendable, Equatable {
        /// Arrays and objects inside one another; a deeper text is refused.
        public var depth: Int
        /// Violations kept; later ones are counted as one only.
        public var violations: Int

        public init(depth: Int = 128, violations: Int = 100) {
            self.depth = depth
            self.violations = violations
        }
    }

    /// What is wrong with the values read so far, and where the reader is.
    public var validation: Validation

    let text: JSONText
    let base: UnsafePointer<UInt8>
    let limits: Limits
    /// Offset of the next byte. Moves only past bytes that were looked at and are not the closing zero, so it never passes `text.count`.
    var position = 0
    var depth = 0
    /// Just after `{` or `[`: no comma is due before the next member or element.
    var isAtStart = false
    /// The name that `nextMember` found last.
    var member = StringToken(start: 0, count: 0, hasEscapes: false)
    /// Which way the text goes.
    public var direction = JSONDirection.unknown
    /// What was read in vain while looking for the right alternative.
    var attemptedBytes = 0

    /// A reader at the start of `bytes`. Throws when they are not well-formed UTF-8.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONSyntaxError) {
        let text = JSONText(copying: bytes)
        self.text = text
        self.limits = limits
        base = text.base
        validation = Validation(text: text, limit: limits.violations)
        if let offset = UTF8Check.firstInvalidOffset(in: UnsafeBufferPointer(start: text.base, count: text.count)) {
            throw JSONSyntaxError(offset: offset, reason: "not well-formed UTF-8")
        }
    }

    /// Checks that only white space is left.
    public mutating func finish() throws(JSONSyntaxError) {
        _ = peekToken()
        if position != text.count { throw syntaxError("text after the end of the value") }
    }

    // MARK: Structure

    /// Enters an object. When something else is there: records rule `type`, skips it and returns false.
    public mutating func beginObject() throws(JSONSyntaxError) -> Bool {
        guard peekToken() == UInt8(ascii: "{") else { return try skipWrongType("object") }
        try enter()
        return true
    }

    /// The next member's name, with the reader before its value; nil after the closing brace.
    public mutating func nextKey() throws(JSONSyntaxError) -> JSONKey? {
        guard try advanceInObject() else { return nil }
        let token = try scanString()
        validation.enter(PathSegment(offset: token.start, count: token.count))
        try consumeColon()
        return key(token)
    }

    /// Enters an array. When something else is there: records rule `type`, skips it and returns false.
    public mutating func beginArray() throws(JSONSyntaxError) -> Bool {
        guard peekToken() == UInt8(ascii: "[") else { return try skipWrongType("array") }
        try enter()
        return true
    }

    /// Whether another element follows, with the reader before it; false after the closing bracket.
    public mutating func nextElement() throws(JSONSyntaxError) -> Bool {
        let isFirst = isAtStart
        guard try advanceInArray() else { return false }
        validation.enterElement(isFirst: isFirst)
        return true
    }

    /// The kind of the value that is next.
    public var nextKind: JSONKind {
        get throws(JSONSyntaxError) {
            var offset = position
            while Self.isWhitespace(base[offset]) { offset &+= 1 }
            switch base[offset] {
            case UInt8(ascii: "{"): return .object
            case UInt8(ascii: "["): return .array
            case UInt8(ascii: "\""): return .string
            case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
            case UInt8(ascii: "n"): return .null
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
            default: throw JSONSyntaxError(offset: offset, reason: offset == text.count ? "unexpected end" : "expected a value")
            }
        }
    }

    /// Records that the member whose value is next must not be there, by rule `additionalProperties` unless another keyword says so, and skips
    /// the value.
    public mutating func unexpectedMember(_ rule: StaticString = "additionalProperties") throws(JSONSyntaxError) {
        validation.report(rule: rule, "is not a known member")
        try skipValue()
    }

    /// Notes in bit `bit` of `word` that the current member was there; the second time records rule `duplicate`.
    public mutating func markSeen(_ word: inout UInt64, _ bit: Int) {
        let mask: UInt64 = 1 << UInt64(truncatingIfNeeded: bit & 63)
        if word & mask != 0 { validation.report(rule: "duplicate", "is there more than once") }
        word |= mask
    }

    /// Records rule `type` for the value that is next, skips it, and returns false.
    mutating func skipWrongType(_ expected: StaticString) throws(JSONSyntaxError) -> Bool {
        let found = try nextKind
        let noun = article(expected)
        validation.report(rule: "type", "must be \(noun), is \(found)")
        try skipValue()
        return false
    }

    private func article(_ name: StaticString) -> String {
        let text = name.description
        return (text.first.map { "aeiou".contains($0) } ?? false) ? "an \(text)" : "a \(text)"
    }
}

/// The kinds of JSON value (RFC 8259 §3).
public enum JSONKind: String, Sendable, Equatable, CustomStringConvertible {
    case object, array, string, number, boolean, null

    public var description: String { rawValue }
}
