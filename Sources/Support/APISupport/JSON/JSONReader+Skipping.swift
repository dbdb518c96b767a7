/// Passing over values without building them, and looking ahead for a discriminator.
extension JSONReader {
    /// Passes the value that is next, whatever it is; its syntax is checked all the same.
    public mutating func skipValue() throws(JSONSyntaxError) {
        switch peekToken() {
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "{"):
            try enter()
            while try advanceInObject() {
                _ = try scanString()
                try consumeColon()
                try skipValue()
            }
        case UInt8(ascii: "["):
            try enter()
            while try advanceInArray() { try skipValue() }
        case UInt8(ascii: "t"): try consumeLiteral("true")
        case UInt8(ascii: "f"): try consumeLiteral("false")
        case UInt8(ascii: "n"): try consumeLiteral("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanNumber()
        default: throw syntaxError("expected a value")
        }
    }

    /// The string value of `member` in the object that is next, without moving: it is scanned, nothing is built but the answer.
    ///
    /// nil when the next value is no object, or the member is absent or no string.
    public mutating func peekString(member: StaticString) throws(JSONSyntaxError) -> String? {
        guard peekToken() == UInt8(ascii: "{"), case .string(let value) = try lookAhead(for: member) else { return nil }
        return value
    }

    enum MemberAhead {
        case string(String)
        case otherKind
        case absent
    }

    /// Looks for the first member named `member` in the object that is next, without moving.
    mutating func lookAhead(for member: StaticString) throws(JSONSyntaxError) -> MemberAhead {
        let start = (position, depth, isAtStart)
        let length = validation.pathLength
        defer {
            (position, depth, isAtStart) = start
            validation.truncatePath(to: length)
        }
        try enter()
        while try advanceInObject() {
            let name = key(try scanString())
            try consumeColon()
            if member ~= name { return peekToken() == UInt8(ascii: "\"") ? .string(string(try scanString())) : .otherKind }
            try skipValue()
        }
        return .absent
    }
}
