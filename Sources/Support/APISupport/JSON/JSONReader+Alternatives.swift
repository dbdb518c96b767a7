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
        attemptedBytes += max(1, position - start.0)
        guard attemptedBytes <= text.count * 32 + 65_536 else {
            throw JSONSyntaxError(offset: start.0, reason: "too many alternatives to try")
        }
        (position, depth, isAtStart) = start
        validation.rollBack(to: checkpoint)
        return nil
    }

    /// The index in `names` of the first member, in the text's order, that has one of them, in the object that is next; nil when there is
    /// none, or no object. The reader does not move.
    public mutating func firstMember(of names: [StaticString]) throws(JSONSyntaxError) -> Int? {
        guard peekToken() == UInt8(ascii: "{") else { return nil }
        let start = (position, depth, isAtStart)
        let length = validation.pathLength
        defer {
            (position, depth, isAtStart) = start
            validation.truncatePath(to: length)
        }
        try enter()
        while try advanceInObject() {
            let name = key(try scanString())
            for (index, candidate) in names.enumerated() where candidate ~= name { return index }
            try consumeColon()
            try skipValue()
        }
        return nil
    }

    /// Records that the value that is next is valid for none of its schema's alternatives, and passes it.
    public mutating func rejectAlternatives(_ rule: StaticString) throws(JSONSyntaxError) {
        validation.report(rule: rule, "is none of the alternatives")
        try skipValue()
    }
}
