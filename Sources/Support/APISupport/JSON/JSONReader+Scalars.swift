/// Scalars. Each returns nil only after it recorded a violation and passed the value.
extension JSONReader {
    /// Whether a null is next; it is passed then.
    public mutating func readNull() throws(JSONSyntaxError) -> Bool {
        guard peekToken() == UInt8(ascii: "n") else { return false }
        try consumeLiteral("null")
        return true
    }

    public mutating func readString() throws(JSONSyntaxError) -> String? {
        guard peekToken() == UInt8(ascii: "\"") else {
            _ = try skipWrongType("string")
            return nil
        }
        return string(try scanString())
    }

    public mutating func readBool() throws(JSONSyntaxError) -> Bool? {
        switch peekToken() {
        case UInt8(ascii: "t"):
            try consumeLiteral("true")
            return true
        case UInt8(ascii: "f"):
            try consumeLiteral("false")
            return false
        default:
            _ = try skipWrongType("boolean")
            return nil
        }
    }

    /// An integer (JSON Schema: `1.0` and `1e2` are integers too) in the range of 64 bits.
    public mutating func readInt64() throws(JSONSyntaxError) -> Int64? {
        guard try isNumberNext("integer") else { return nil }
        let token = try scanNumber()
        switch token.integer {
        case .value(let value): return value
        case .fractional: validation.report(rule: "type", "must be an integer, has a fraction")
        case .outOfRange: validation.report(rule: "format", "is outside the range of a 64-bit integer")
        }
        return nil
    }

    /// An integer in the range of 32 bits.
    public mutating func readInt32() throws(JSONSyntaxError) -> Int32? {
        guard let wide = try readInt64() else { return nil }
        guard let value = Int32(exactly: wide) else {
            validation.report(rule: "format", "is outside the range of a 32-bit integer")
            return nil
        }
        return value
    }

    /// A number, rounded to the nearest double (IEEE 754 binary64); one that is too large for any is a violation.
    public mutating func readDouble() throws(JSONSyntaxError) -> Double? {
        guard try isNumberNext("number") else { return nil }
        let token = try scanNumber()
        guard let value = double(token) else {
            validation.report(rule: "format", "is outside the range of a double")
            return nil
        }
        return value
    }

    /// Bytes in base64 (RFC 4648 §4, padded).
    public mutating func readBase64() throws(JSONSyntaxError) -> [UInt8]? {
        guard let text = try readString() else { return nil }
        guard let bytes = Base64.decode(text) else {
            validation.report(rule: "contentEncoding", "is not base64")
            return nil
        }
        return bytes
    }

    /// An instant in RFC 3339 text.
    public mutating func readTimestamp() throws(JSONSyntaxError) -> Timestamp? {
        guard peekToken() == UInt8(ascii: "\"") else {
            _ = try skipWrongType("string")
            return nil
        }
        let token = try scanString()
        let plain = UnsafeBufferPointer(start: base + token.start, count: token.count)
        guard let value = token.hasEscapes ? Timestamp(string(token)) : Timestamp(utf8: plain) else {
            validation.report(rule: "format", "is not a date-time (RFC 3339)")
            return nil
        }
        return value
    }

    private mutating func isNumberNext(_ expected: StaticString) throws(JSONSyntaxError) -> Bool {
        switch peekToken() {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return true
        default: return try skipWrongType(expected)
        }
    }
}
