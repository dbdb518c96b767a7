/// Arrays and maps whose elements need a writing of their own.
extension JSONWriter {
    @inlinable
    public mutating func writeArray<T>(_ values: [T], _ element: (T, inout JSONWriter) -> Void) {
        beginArray()
        for value in values { element(value, &self) }
        endArray()
    }

    /// An object with the keys in order, so that the same value always gives the same bytes.
    @inlinable
    public mutating func writeMap<T>(_ values: [String: T], _ value: (T, inout JSONWriter) -> Void) {
        beginObject()
        writeMembers(values, value)
        endObject()
    }

    /// The members of a map inside an object that is already begun (`additionalProperties` beside declared ones).
    @inlinable
    public mutating func writeMembers<T>(_ values: [String: T], _ value: (T, inout JSONWriter) -> Void) {
        for (name, member) in values.sorted(by: { $0.key < $1.key }) {
            key(name)
            value(member, &self)
        }
    }
}
