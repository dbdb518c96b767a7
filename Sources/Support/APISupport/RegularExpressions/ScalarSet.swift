/// A set of code points: what one character of a regular expression may be.
struct ScalarSet: Sendable {
    /// A property of Unicode that a code point has or has not (`\p{…}`).
    struct Property: Sendable {
        let test: @Sendable (Unicode.Scalar) -> Bool
        let isNegated: Bool

        func contains(_ scalar: UInt32) -> Bool {
            // A surrogate has no properties but its category, which no pattern of JSON text meets.
            guard let scalar = Unicode.Scalar(scalar) else { return isNegated }
            return test(scalar) != isNegated
        }
    }

    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [Property] = []
    private var isNegated = false
    /// The first 128 code points, decided beforehand.
    private var low: (UInt64, UInt64) = (0, 0)

    init() {}

    init(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
        self.ranges = ranges
        self.isNegated = isNegated
        seal()
    }

    init(_ property: Property) {
        properties = [property]
        seal()
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    /// Adds the members of a set that is not negated, or of the complement of plain ranges.
    mutating func insert(_ other: ScalarSet) {
        properties += other.properties
        guard other.isNegated else { return ranges += other.ranges }
        var next: UInt32 = 0
        for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { ranges.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        ranges.append(next...0x10_FFFF)
    }

    mutating func negate() { isNegated.toggle() }

    /// Makes membership quick. Called when the set is complete.
    mutating func seal() {
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
        low = (0, 0)
        for scalar: UInt32 in 0..<128 where search(scalar) {
            if scalar < 64 { low.0 |= 1 << UInt64(scalar) } else { low.1 |= 1 << UInt64(scalar - 64) }
        }
    }

    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low.0 >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return low.1 >> UInt64(scalar - 64) & 1 == 1 }
        return search(scalar)
    }

    private func search(_ scalar: UInt32) -> Bool {
        var (first, last) = (0, ranges.count)
        while first < last {
            let middle = (first + last) / 2
            if ranges[middle].upperBound < scalar { first = middle + 1 } else { last = middle }
        }
        if first < ranges.count, ranges[first].contains(scalar) { return !isNegated }
        return properties.contains { $0.contains(scalar) } != isNegated
    }
}

/// The classes that ECMA-262 names by a letter (section 22.2.2.9).
extension ScalarSet {
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    /// WhiteSpace and LineTerminator.
    static let spaces: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F,
        0x3000...0x3000, 0xFEFF...0xFEFF,
    ]
    static let lineTerminators: [ClosedRange<UInt32>] = [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]

    static func isWordCharacter(_ scalar: UInt32) -> Bool { wordCharacters.contains { $0.contains(scalar) } }

    /// The set of `\d`, `\D`, `\s`, `\S`, `\w` and `\W`.
    static func named(_ letter: UInt8) -> ScalarSet? {
        switch letter {
        case UInt8(ascii: "d"): ScalarSet(digits)
        case UInt8(ascii: "D"): ScalarSet(digits, isNegated: true)
        case UInt8(ascii: "s"): ScalarSet(spaces)
        case UInt8(ascii: "S"): ScalarSet(spaces, isNegated: true)
        case UInt8(ascii: "w"): ScalarSet(wordCharacters)
        case UInt8(ascii: "W"): ScalarSet(wordCharacters, isNegated: true)
        default: nil
        }
    }
}
