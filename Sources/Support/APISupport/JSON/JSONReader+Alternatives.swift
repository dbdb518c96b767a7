/// Reading of values that may be one thing or another.
extension JSONReader {
    /// Reads with `read` when that goes without a violation; otherwise returns nil, with the reader where it was and nothing recorded.
    ///
    /// Attempts within attempts multiply. What has been read in vain is therefore bounded for the whole text, by 32 times its length and
    /// 64 KiB; beyond that the text is refused.
    public mutating func attempt<T>(
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) -> T? {
        let start = (position, depth, isAtStart)
        let checkpoint = validation.checkpoint()
        if let value = try read(&self), validation.isUntouched(since: checkpoint) { return value }
        try chargeAttempt(since: start.0)
        (position, depth, isAtStart) = start
        validation.rollBack(to: checkpoint)
        return nil
    }

    /// Counts what was read and is left again.
    mutating func chargeAttempt(since start: Int) throws(JSONSyntaxError) {
        attemptedBytes += max(1, position - start)
        guard attemptedBytes <= text.count * 32 + 65_536 else {
            throw JSONSyntaxError(offset: start, reason: "too many alternatives to try")
        }
    }

    /// The index in `names` of the first member, in the text's order, that has one of them, in the object that is next; nil when there is
    /// none, or no object. The reader does not move.
    ///
    /// With `owners`, a number for each name, members of two owners give the count of `names`.
    public mutating func firstMember(of names: [StaticString], each owners: [Int]? = nil) throws(JSONSyntaxError) -> Int? {
        guard peekToken() == UInt8(ascii: "{") else { return nil }
        let start = (position, depth, isAtStart)
        let length = validation.pathLength
        defer {
            (position, depth, isAtStart) = start
            validation.truncatePath(to: length)
        }
        try enter()
        var first: Int?
        while try advanceInObject() {
            let name = key(try scanString())
            if let index = names.firstIndex(where: { $0 ~= name }) {
                guard let owners else { return index }
                if let first, owners[first] != owners[index] { return names.count }
                first = first ?? index
            }
            try consumeColon()
            try skipValue()
        }
        return first
    }

    /// Records that the value that is next is valid for none of its schema's alternatives, and passes it.
    public mutating func rejectAlternatives(_ rule: StaticString) throws(JSONSyntaxError) {
        validation.report(rule: rule, "is none of the alternatives")
        try skipValue()
    }
}
