/// Number tokens (RFC 8259 §6).
extension JSONReader {
    /// Longest number text accepted: RFC 8259 §6 lets an implementation set limits; no double needs more digits.
    static var maximumNumberLength: Int { 1_100 }

    /// A number as it stands in the text: `digits` × 10^`exponent`, all of it when ``isExact``.
    struct NumberToken {
        var start: Int
        var end: Int
        var isNegative: Bool
        /// Digits of integer and fraction part without the point; meaningful when `isExact`.
        var digits: UInt64
        var exponent: Int
        /// `digits` did not overflow.
        var isExact: Bool
        /// Neither a fraction nor an exponent is written.
        var isPlainInteger: Bool
    }

    enum IntegerValue {
        case value(Int64)
        case fractional
        case outOfRange
    }

    mutating func scanNumber() throws(JSONSyntaxError) -> NumberToken {
        var token = NumberToken(
            start: position, end: position, isNegative: false, digits: 0, exponent: 0, isExact: true, isPlainInteger: true)
        if base[position] == UInt8(ascii: "-") {
            token.isNegative = true
            position &+= 1
        }
        if base[position] == UInt8(ascii: "0") {
            position &+= 1
            if Self.isDigit(base[position]) { throw syntaxError("number with a leading zero") }
        } else {
            guard scanDigits(into: &token) > 0 else { throw syntaxError("expected a digit") }
        }
        if base[position] == UInt8(ascii: ".") {
            token.isPlainInteger = false
            position &+= 1
            let count = scanDigits(into: &token)
            guard count > 0 else { throw syntaxError("expected a digit") }
            token.exponent = -count
        }
        if base[position] | 0x20 == UInt8(ascii: "e") {
            token.isPlainInteger = false
            position &+= 1
            token.exponent += try scanExponent()
        }
        token.end = position
        guard token.end - token.start <= Self.maximumNumberLength else {
            throw JSONSyntaxError(offset: token.start, reason: "number with too many digits")
        }
        return token
    }

    private mutating func scanDigits(into token: inout NumberToken) -> Int {
        let start = position
        while Self.isDigit(base[position]) {
            let (product, overflow) = token.digits.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(base[position] &- UInt8(ascii: "0")))
            token.digits = sum
            if overflow || carry { token.isExact = false }
            position &+= 1
        }
        return position - start
    }

    private mutating func scanExponent() throws(JSONSyntaxError) -> Int {
        let isNegative = base[position] == UInt8(ascii: "-")
        if isNegative || base[position] == UInt8(ascii: "+") { position &+= 1 }
        guard Self.isDigit(base[position]) else { throw syntaxError("expected a digit") }
        var exponent = 0
        while Self.isDigit(base[position]) {
            // Far beyond any double; keeps the sum from overflowing whatever is written.
            if exponent < 1_000_000 { exponent = exponent * 10 + Int(base[position] &- UInt8(ascii: "0")) }
            position &+= 1
        }
        return isNegative ? -exponent : exponent
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The nearest double; nil when that is an infinity.
    func double(_ token: NumberToken) -> Double? {
        // Both factors exact in binary64 and one rounding: correct (Clinger's fast path).
        if token.isExact, token.digits <= 1 << 53, abs(token.exponent) <= 22 {
            let digits = Double(token.digits)
            let magnitude = token.exponent < 0 ? digits / Self.powersOfTen[-token.exponent] : digits * Self.powersOfTen[token.exponent]
            return token.isNegative ? -magnitude : magnitude
        }
        let source = UnsafeBufferPointer(start: base + token.start, count: token.end - token.start)
        guard let value = Double(String(decoding: source, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

extension JSONReader.NumberToken {
    /// The number as a 64-bit integer, with no detour through a double.
    var integer: JSONReader.IntegerValue {
        guard isExact else {
            // More than 19 digits: still an integer when the surplus ones are a fraction of zeros; that spelling is not worth reading.
            return exponent < 0 ? .fractional : .outOfRange
        }
        var magnitude = digits
        var power = exponent
        if magnitude == 0 { return .value(0) }
        while power < 0 {
            guard magnitude % 10 == 0 else { return .fractional }
            magnitude /= 10
            power += 1
        }
        while power > 0 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return .outOfRange }
            magnitude = product
            power -= 1
        }
        if isNegative { return magnitude <= 1 << 63 ? .value(Int64(truncatingIfNeeded: 0 &- magnitude)) : .outOfRange }
        return Int64(exactly: magnitude).map { .value($0) } ?? .outOfRange
    }
}
