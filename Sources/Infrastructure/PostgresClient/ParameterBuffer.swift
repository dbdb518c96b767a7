/// The parameters of one execution, encoded one behind the other.
///
/// Binary forms are those of the server's `send` and `recv` functions: numbers with the most significant byte first.
struct ParameterBuffer: Sendable {
    /// Where a parameter lies; nil: NULL.
    struct Span: Sendable {
        var range: Range<Int>?
        var isBinary: Bool
    }

    private(set) var bytes: [UInt8] = []
    private(set) var spans: [Span] = []

    /// - Parameter types: What the server takes the parameters for.
    init(_ values: [PostgresValue], as types: [UInt32]) throws {
        guard values.count == types.count else {
            throw PostgresError(.parameter, "The statement has \(types.count) parameters, \(values.count) were given")
        }
        spans.reserveCapacity(values.count)
        // Never empty: a value without bytes needs an address too, without one it would be NULL.
        bytes.reserveCapacity(values.count * 16 + 1)
        for index in values.indices { try append(values[index], as: types[index], number: index + 1) }
        if bytes.isEmpty { bytes.append(0) }
    }

    private mutating func append(_ value: PostgresValue, as type: UInt32, number: Int) throws {
        let start = bytes.count
        var isBinary = true
        switch value {
        case .null: return spans.append(Span(range: nil, isBinary: false))
        case .bool(let value) where type == PostgresType.bool: bytes.append(value ? 1 : 0)
        case .integer(let value): isBinary = try append(value, as: type, number)
        case .double(let value): isBinary = try append(value, as: type, number)
        case .text(let value):
            if type == PostgresType.jsonb { bytes.append(1) }
            isBinary = PostgresType.isText(type) || type == PostgresType.jsonb
            try append(text: value, number)
            if !isBinary { bytes.append(0) }
        case .bytes(let value) where type == PostgresType.bytea: bytes.append(contentsOf: value)
        case .uuid(let value) where type == PostgresType.uuid && value.count == 16: bytes.append(contentsOf: value)
        case .timestamp(let value) where type == PostgresType.timestamptz || type == PostgresType.timestamp:
            let (microseconds, overflow) = value.subtractingReportingOverflow(PostgresType.epoch)
            guard !overflow else { throw outOfRange(number) }
            append(bigEndian: microseconds)
        case .integers(let values) where type == PostgresType.int8Array:
            append(arrayOf: values.count, PostgresType.int8)
            for value in values {
                append(bigEndian: Int32(8))
                append(bigEndian: value)
            }
        case .texts(let values) where type == PostgresType.textArray:
            append(arrayOf: values.count, PostgresType.text)
            for value in values {
                append(bigEndian: Int32(clamping: value.utf8.count))
                try append(text: value, number)
            }
        default:
            throw PostgresError(.parameter, "Parameter $\(number), \(value.kind), cannot be given as the server's type \(type)")
        }
        spans.append(Span(range: start..<bytes.count, isBinary: isBinary))
    }

    /// PostgreSQL's text has no NUL, and one would end what is not sent in binary. Known before it is sent, it spoils no transaction.
    private mutating func append(text: String, _ number: Int) throws {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(0) {
            throw PostgresError(.parameter, "Parameter $\(number) is text with a NUL", sqlState: .characterNotInRepertoire)
        }
    }

    /// - Returns: Whether the form is binary.
    private mutating func append(_ value: Int64, as type: UInt32, _ number: Int) throws -> Bool {
        switch type {
        case PostgresType.int8: append(bigEndian: value)
        case PostgresType.int4: append(bigEndian: try fitted(value, number) as Int32)
        case PostgresType.int2: append(bigEndian: try fitted(value, number) as Int16)
        case PostgresType.oid: append(bigEndian: try fitted(value, number) as UInt32)
        case PostgresType.float8: append(bigEndian: Double(value).bitPattern)
        default: return appendText(String(value))
        }
        return true
    }

    private mutating func append(_ value: Double, as type: UInt32, _ number: Int) throws -> Bool {
        switch type {
        case PostgresType.float8: append(bigEndian: value.bitPattern)
        case PostgresType.float4: append(bigEndian: Float(value).bitPattern)
        case PostgresType.int2, PostgresType.int4, PostgresType.int8:
            guard let whole = Int64(exactly: value) else { throw outOfRange(number) }
            return try append(whole, as: type, number)
        default: return appendText(String(value))
        }
        return true
    }

    /// For types such as `numeric`, which the server reads from text.
    private mutating func appendText(_ text: String) -> Bool {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
        return false
    }

    private func fitted<Value: FixedWidthInteger>(_ value: Int64, _ number: Int) throws -> Value {
        guard let value = Value(exactly: value) else { throw outOfRange(number) }
        return value
    }

    private func outOfRange(_ number: Int) -> PostgresError {
        PostgresError(.parameter, "Parameter $\(number) is out of its type's range", sqlState: .numericValueOutOfRange)
    }

    /// The head of an array of one dimension: number of dimensions, has no NULLs, type of elements; length and lower bound.
    private mutating func append(arrayOf count: Int, _ type: UInt32) {
        append(bigEndian: Int32(count == 0 ? 0 : 1))
        append(bigEndian: Int32(0))
        append(bigEndian: type)
        guard count > 0 else { return }
        append(bigEndian: Int32(clamping: count))
        append(bigEndian: Int32(1))
    }

    private mutating func append(bigEndian value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension PostgresValue {
    /// For messages: not the value itself, which may be a secret.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .double: "a floating-point number"
        case .text: "text"
        case .bytes: "bytes"
        case .uuid: "a UUID"
        case .timestamp: "a timestamp"
        case .integers: "an array of integers"
        case .texts: "an array of text"
        }
    }
}
