/// Arrays whose items are not all alike.
extension JSONReader {
    /// An item that is read with `read`.
    public mutating func readItem<T>(
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(JSONSyntaxError) -> T? { try read(&self) }

    /// Records rule `items` for an item that is one too many, and passes it.
    public mutating func unexpectedItem() throws(JSONSyntaxError) {
        validation.report(rule: "items", "must not be there")
        try skipValue()
    }
}
