/// Numbers in decimal.
extension JSONOutput {
    mutating func append(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(value.magnitude)
    }

    mutating func append(_ value: UInt64) {
        reserve(20)
        storeDigits(value, count: Self.digitCount(value))
    }

    /// The shortest decimal that reads back as the same double, as `description` writes it. The value is finite.
    mutating func append(_ value: Double) {
        guard let decimal = ShortDecimal(value.magnitude) else { return append(value.description) }
        reserve(24)
        if value.sign == .minus { store(UInt8(ascii: "-")) }
        let whole = decimal.digits / decimal.unit
        storeDigits(whole, count: Self.digitCount(whole))
        store(UInt8(ascii: "."))
        storeDigits(decimal.digits &- whole &* decimal.unit, count: max(decimal.places, 1))
    }

    /// Exactly `count` digits, the last ones of `value`. Room must have been reserved.
    @inline(__always)
    mutating func storeDigits(_ value: UInt64, count: Int) {
        var rest = value
        storeBackwards(count) {
            let digit = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            return digit
        }
    }

    @inline(__always)
    private static func digitCount(_ value: UInt64) -> Int {
        var rest = value
        var count = 1
        while rest >= 10 {
            rest /= 10
            count &+= 1
        }
        return count
    }
}

/// A number that people would write with six places at most: most doubles that are written are one.
private struct ShortDecimal {
    /// The number is `digits` / `unit`, which is 10^`places`.
    var digits: UInt64
    var unit: UInt64
    var places: Int

    /// Both are exact as doubles and a division rounds once, so an equal quotient means that the decimal reads back as the value. No other
    /// decimal of 15 digits or fewer does, so this is the shortest one.
    @inline(__always)
    init?(_ magnitude: Double) {
        guard magnitude >= 0.001 || magnitude == 0, magnitude < 1e15 else { return nil }
        var unit = 1.0
        for places in 0...6 {
            let scaled = magnitude * unit
            guard scaled < 1e15 else { return nil }
            let digits = UInt64(scaled + 0.5)
            if Double(digits) / unit == magnitude {
                self.digits = digits
                self.unit = UInt64(unit)
                self.places = places
                return
            }
            unit *= 10
        }
        return nil
    }
}
