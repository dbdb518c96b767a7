import CodegenModel

extension Constraints {
    /// The constraints of both: what each allows.
    func and(_ other: Constraints) -> Constraints {
        func larger<Value: Comparable>(_ first: Value?, _ second: Value?) -> Value? {
            first.map { first in second.map { max(first, $0) } ?? first } ?? second
        }
        func smaller<Value: Comparable>(_ first: Value?, _ second: Value?) -> Value? {
            first.map { first in second.map { min(first, $0) } ?? first } ?? second
        }
        if isEmpty { return other }
        if other.isEmpty { return self }
        var result = self
        result.minLength = larger(minLength, other.minLength)
        result.maxLength = smaller(maxLength, other.maxLength)
        result.pattern = Self.both(pattern, other.pattern)
        result.format = other.format ?? format
        result.minimum = larger(minimum, other.minimum)
        result.maximum = smaller(maximum, other.maximum)
        result.exclusiveMinimum = larger(exclusiveMinimum, other.exclusiveMinimum)
        result.exclusiveMaximum = smaller(exclusiveMaximum, other.exclusiveMaximum)
        result.multipleOf = Self.commonMultiple(multipleOf, other.multipleOf)
        result.minItems = larger(minItems, other.minItems)
        result.maxItems = smaller(maxItems, other.maxItems)
        result.uniqueItems = uniqueItems || other.uniqueItems
        result.minProperties = larger(minProperties, other.minProperties)
        result.maxProperties = smaller(maxProperties, other.maxProperties)
        return result
    }

    /// One expression that matches where both do: each is looked for from the start of the text.
    private static func both(_ first: String?, _ second: String?) -> String? {
        guard let first, let second, first != second else { return first ?? second }
        return "^(?=[\\s\\S]*?(?:\(first)))(?=[\\s\\S]*?(?:\(second)))"
    }

    /// The least common multiple of whole numbers; of others the one that is a multiple of the other, else the larger.
    private static func commonMultiple(_ first: Double?, _ second: Double?) -> Double? {
        guard let first, let second, first != second else { return first ?? second }
        if let one = Int64(exactly: first), let other = Int64(exactly: second), one > 0, other > 0 {
            var (larger, smaller) = (one, other)
            while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
            let (product, overflow) = (one / larger).multipliedReportingOverflow(by: other)
            if !overflow { return Double(product) }
        }
        return max(first, second)
    }
}
