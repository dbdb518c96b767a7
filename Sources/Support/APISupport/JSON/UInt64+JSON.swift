extension UInt64: JSONReadable, JSONWritable, ParameterValue {
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> UInt64? { try json.readUInt64() }

    public func write(to json: inout JSONWriter) { json.write(self) }

    /// Decimal digits.
    public init?(parameterText: String) {
        guard parameterText.utf8.first != UInt8(ascii: "+") else { return nil }
        self.init(parameterText)
    }

    public var parameterText: String { String(self) }
}

extension JSONReader {
    /// An integer in the range of 64 bits without a sign.
    public mutating func readUInt64() throws(JSONSyntaxError) -> UInt64? {
        guard try nextKind == .number else {
            _ = try skipWrongType("integer")
            return nil
        }
        _ = peekToken()
        let token = try scanNumber()
        if token.isExact, token.isPlainInteger, !token.isNegative || token.digits == 0 { return token.digits }
        switch token.integer {
        case .value(let value) where value >= 0: return UInt64(value)
        case .fractional: validation.report(rule: "type", "must be an integer, has a fraction")
        default: validation.report(rule: "format", "is outside the range of an unsigned 64-bit integer")
        }
        return nil
    }
}

extension Validation {
    public mutating func check(
        _ value: UInt64, minimum: UInt64? = nil, maximum: UInt64? = nil, exclusiveMinimum: UInt64? = nil, exclusiveMaximum: UInt64? = nil,
        multipleOf: UInt64? = nil
    ) {
        if let minimum, value < minimum { report(rule: "minimum", "must be at least \(minimum)") }
        if let maximum, value > maximum { report(rule: "maximum", "must be at most \(maximum)") }
        if let exclusiveMinimum, value <= exclusiveMinimum { report(rule: "exclusiveMinimum", "must be more than \(exclusiveMinimum)") }
        if let exclusiveMaximum, value >= exclusiveMaximum { report(rule: "exclusiveMaximum", "must be less than \(exclusiveMaximum)") }
        if let multipleOf, multipleOf > 0, value % multipleOf != 0 { report(rule: "multipleOf", "must be a multiple of \(multipleOf)") }
    }

    /// `enum` and `const` of values that are no strings.
    public mutating func check<T: Equatable>(_ value: T, oneOf allowed: [T]) {
        guard !allowed.contains(value) else { return }
        switch allowed.count {
        case 0: report(rule: "false", "must not be there")
        case 1: report(rule: "const", "must be \(allowed[0])")
        default: report(rule: "enum", "is not one of the known values")
        }
    }
}
