/// What a value was found to be among the alternatives of a `oneOf` (JSON Schema 2020-12 core, section 10.2.1.3).
public struct OneOf<Value: Sendable>: Sendable {
    fileprivate var matches = 0
    fileprivate var value: Value?
    /// Where the reader was behind the value.
    fileprivate var end = (position: 0, depth: 0, isAtStart: false)

    public init() {}
}

extension JSONReader {
    /// Tries one more alternative, as ``attempt(_:)`` does, and goes back to where the value begins. The second that holds ends the search.
    public mutating func attempt<T, Value>(
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?, as alternative: (T) -> Value, in found: inout OneOf<Value>
    ) throws(JSONSyntaxError) {
        guard found.matches < 2 else { return }
        let start = (position, depth, isAtStart)
        let checkpoint = validation.checkpoint()
        guard let value = try attempt(read) else { return }
        found.matches += 1
        if found.matches == 1 {
            found.value = alternative(value)
            found.end = (position, depth, isAtStart)
        }
        try chargeAttempt(since: start.0)
        (position, depth, isAtStart) = start
        validation.rollBack(to: checkpoint)
    }

    /// The alternative that holds, with the reader behind it; any other number of them than one breaks rule `oneOf`.
    public mutating func only<Value>(_ found: OneOf<Value>) throws(JSONSyntaxError) -> Value? {
        if found.matches == 1 {
            (position, depth, isAtStart) = found.end
            return found.value
        }
        validation.report(rule: "oneOf", found.matches == 0 ? "is none of the alternatives" : "is more than one of the alternatives")
        try skipValue()
        return nil
    }
}
