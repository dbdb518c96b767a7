/// A number with all its digits: `digits` × 10^`exponent`, compared and divided without rounding.
public struct JSONDecimal: Sendable, Hashable {
    private let isNegative: Bool
    /// Neither the first nor the last one is 0; none for zero.
    private let digits: [UInt8]
    private let exponent: Int

    /// A number in the text of generated code or a document (RFC 8259 §6).
    public init(_ text: StaticString) {
        self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The shortest decimal that reads back as `value`, which is what people wrote.
    init(_ value: Double) {
        var text = value.description
        self = text.withUTF8 { JSONDecimal($0) }
    }

    /// `text` is a JSON number.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        var exponent = 0
        var hasPoint = false
        var index = text.first == UInt8(ascii: "-") ? 1 : 0
        scan: while index < text.count {
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = text[index] - UInt8(ascii: "0")
                if digit != 0 || !digits.isEmpty { digits.append(digit) }
                if hasPoint { exponent -= 1 }
            case UInt8(ascii: "."): hasPoint = true
            default:
                exponent += Self.exponent(text[(index + 1)...])
                break scan
            }
            index += 1
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isNegative = text.first == UInt8(ascii: "-") && !digits.isEmpty
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var value = 0
        for byte in text where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") && value < 1_000_000_000 {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    var isInteger: Bool { exponent >= 0 }

    /// Whether a whole number of `divisor`s makes this number. A divisor of more than 18 digits divides nothing but zero.
    func isMultiple(of divisor: JSONDecimal) -> Bool {
        guard !digits.isEmpty else { return true }
        guard !divisor.digits.isEmpty, divisor.digits.count <= 18, exponent >= divisor.exponent else { return false }
        let modulus = divisor.digits.reduce(0 as UInt64) { $0 * 10 + UInt64($1) }
        var remainder: UInt64 = 0
        for digit in digits { remainder = (Self.product(remainder, 10, modulus) + UInt64(digit)) % modulus }
        return Self.product(remainder, Self.powerOfTen(exponent - divisor.exponent, modulus), modulus) == 0
    }

    private static func product(_ lhs: UInt64, _ rhs: UInt64, _ modulus: UInt64) -> UInt64 {
        modulus.dividingFullWidth((lhs % modulus).multipliedFullWidth(by: rhs % modulus)).remainder
    }

    private static func powerOfTen(_ exponent: Int, _ modulus: UInt64) -> UInt64 {
        var (result, base, rest): (UInt64, UInt64, Int) = (1 % modulus, 10 % modulus, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, base, modulus) }
            base = product(base, base, modulus)
            rest >>= 1
        }
        return result
    }
}

extension JSONDecimal: Comparable {
    public static func < (lhs: JSONDecimal, rhs: JSONDecimal) -> Bool {
        if lhs.isNegative != rhs.isNegative { return lhs.isNegative }
        return lhs.isNegative ? isLess(rhs, lhs) : isLess(lhs, rhs)
    }

    /// By magnitude.
    private static func isLess(_ lhs: JSONDecimal, _ rhs: JSONDecimal) -> Bool {
        guard !lhs.digits.isEmpty, !rhs.digits.isEmpty else { return lhs.digits.isEmpty && !rhs.digits.isEmpty }
        let (left, right) = (lhs.digits.count + lhs.exponent, rhs.digits.count + rhs.exponent)
        return left == right ? lhs.digits.lexicographicallyPrecedes(rhs.digits) : left < right
    }
}
