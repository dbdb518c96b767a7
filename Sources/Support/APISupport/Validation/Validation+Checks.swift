/// The assertions of JSON Schema's validation vocabulary (2020-12 §6), for the value at hand.
extension Validation {
    /// Lengths count Unicode code points (§6.3). A value that is longer than it may be is not matched against the pattern.
    public mutating func check(
        _ value: String, minLength: Int? = nil, maxLength: Int? = nil, pattern: Pattern? = nil, format: StringFormat? = nil
    ) {
        // A code point takes one to four bytes: most strings are decided without counting.
        let bytes = value.utf8.count
        if let maxLength, bytes > maxLength, Self.scalarCount(value) > maxLength {
            report(rule: "maxLength", "must have at most \(maxLength) characters")
            return
        }
        if let minLength, bytes < minLength * 4, Self.scalarCount(value) < minLength {
            report(rule: "minLength", "must have at least \(minLength) characters")
        }
        if let pattern {
            switch patternBudget.match(pattern, value) {
            case .matched: break
            case .notMatched: report(rule: "pattern", "must match \(pattern.source)")
            case .tooCostly: report(rule: "pattern", "takes too long to be matched against \(pattern.source)")
            case .unusable(let fault): report(fault)
            }
        }
        if let format, !format.accepts(value) { report(rule: "format", "is not \(format.phrase)") }
    }

    /// Every scalar has one byte that continues none.
    private static func scalarCount(_ value: String) -> Int { value.utf8.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }

    public mutating func check(
        _ value: Int64, minimum: Int64? = nil, maximum: Int64? = nil, exclusiveMinimum: Int64? = nil, exclusiveMaximum: Int64? = nil,
        multipleOf: Int64? = nil
    ) {
        checkRange(value, minimum, maximum, exclusiveMinimum, exclusiveMaximum)
        // `%` traps for Int64.min by -1; JSON Schema allows positive divisors only (§6.2.1).
        if let multipleOf, multipleOf > 0, value % multipleOf != 0 { report(rule: "multipleOf", "must be a multiple of \(multipleOf)") }
    }

    public mutating func check(
        _ value: Double, minimum: Double? = nil, maximum: Double? = nil, exclusiveMinimum: Double? = nil,
        exclusiveMaximum: Double? = nil, multipleOf: Double? = nil
    ) {
        checkRange(value, minimum, maximum, exclusiveMinimum, exclusiveMaximum)
        if let multipleOf, multipleOf > 0, !isMultiple(value, of: multipleOf) {
            report(rule: "multipleOf", "must be a multiple of \(multipleOf)")
        }
    }

    /// 0.3 is a multiple of 0.1 for whoever wrote them in decimal, though not in binary.
    private func isMultiple(_ value: Double, of divisor: Double) -> Bool {
        guard value.isFinite else { return false }
        let exact: Double = 9_007_199_254_740_992
        if abs(value) <= exact, divisor <= exact, value.rounded() == value, divisor.rounded() == divisor {
            return value.truncatingRemainder(dividingBy: divisor) == 0
        }
        return JSONDecimal(value).isMultiple(of: JSONDecimal(divisor))
    }

    private mutating func checkRange<Number: Comparable>(
        _ value: Number, _ minimum: Number?, _ maximum: Number?, _ exclusiveMinimum: Number?, _ exclusiveMaximum: Number?
    ) {
        if let minimum, value < minimum { report(rule: "minimum", "must be at least \(minimum)") }
        if let maximum, value > maximum { report(rule: "maximum", "must be at most \(maximum)") }
        if let exclusiveMinimum, value <= exclusiveMinimum { report(rule: "exclusiveMinimum", "must be more than \(exclusiveMinimum)") }
        if let exclusiveMaximum, value >= exclusiveMaximum { report(rule: "exclusiveMaximum", "must be less than \(exclusiveMaximum)") }
    }

    public mutating func checkCount(items: Int, min: Int? = nil, max: Int? = nil) {
        if let min, items < min { report(rule: "minItems", "must have at least \(min) items") }
        if let max, items > max { report(rule: "maxItems", "must have at most \(max) items") }
    }

    public mutating func checkProperties(_ count: Int, min: Int? = nil, max: Int? = nil) {
        if let min, count < min { report(rule: "minProperties", "must have at least \(min) members") }
        if let max, count > max { report(rule: "maxProperties", "must have at most \(max) members") }
    }

    /// Items that are not `Hashable` are compared in pairs: more than this many are refused rather than compared.
    static var maximumPairwiseItems: Int { 1_000 }

    public mutating func checkUnique<T: Equatable>(_ values: [T]) {
        if let hashable = T.self as? any Hashable.Type {
            if hasDuplicate(values, as: hashable) { report(rule: "uniqueItems", "must not have an item twice") }
            return
        }
        guard values.count <= Self.maximumPairwiseItems else {
            report(rule: "uniqueItems", "has too many items to be compared (\(Self.maximumPairwiseItems) at most)")
            return
        }
        for index in values.indices where values[..<index].contains(values[index]) {
            report(rule: "uniqueItems", "must not have an item twice")
            return
        }
    }

    private func hasDuplicate<T, Item: Hashable>(_ values: [T], as type: Item.Type) -> Bool {
        var seen = Set<Item>(minimumCapacity: values.count)
        for case let value as Item in values where !seen.insert(value).inserted { return true }
        return false
    }
}
