/// Members of an object, name and value in one.
extension JSONWriter {
    @inlinable
    public mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    /// A member whose value the schema gives.
    public mutating func constant(_ name: StaticString, _ value: StaticString) {
        key(name)
        write(value)
    }

    /// Nothing for nil.
    @inlinable
    public mutating func optionalMember(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
    }

    /// `null` for nil.
    @inlinable
    public mutating func nullableMember(_ name: StaticString, _ value: (some JSONWritable)?) {
        key(name)
        if let value { value.write(to: &self) } else { writeNull() }
    }
}
