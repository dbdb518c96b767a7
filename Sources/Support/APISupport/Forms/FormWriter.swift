/// A type that writes itself as a form.
public protocol FormWritable: Sendable {
    func write(to form: inout FormWriter)
}

/// Writes one `application/x-www-form-urlencoded` body.
public struct FormWriter: Sendable {
    private var pairs: [(name: String, value: String)] = []

    public init() {}

    /// The form of `value`.
    public static func encode(_ value: some FormWritable) -> [UInt8] {
        var form = FormWriter()
        value.write(to: &form)
        return form.bytes
    }

    /// What has been written.
    public var bytes: [UInt8] { FormURLEncoded.serialize(pairs) }

    /// A field; nothing for nil.
    public mutating func write<T: ParameterValue>(_ name: String, _ value: T?) {
        if let value { pairs.append((name, value.parameterText)) }
    }

    /// A field for each value; nothing for nil.
    public mutating func write<T: ParameterValue>(_ name: String, values: [T]?) {
        for value in values ?? [] { pairs.append((name, value.parameterText)) }
    }
}
