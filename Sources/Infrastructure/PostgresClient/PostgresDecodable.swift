/// A type that a column's value can be read as.
public protocol PostgresDecodable {
    /// - Returns: nil when the field's type or value is not this type's.
    init?(_ field: PostgresField)
}

/// A value as the server sent it. Its bytes are valid only while it is being decoded.
public struct PostgresField {
    /// The type's object identifier.
    public let type: UInt32
    /// Whether the bytes are the type's binary form.
    public let isBinary: Bool
    /// nil: NULL.
    public let bytes: UnsafeRawBufferPointer?

    /// The bytes as a number with the most significant byte first; nil when there are more or less of them.
    func bigEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        guard isBinary, let bytes, bytes.count == MemoryLayout<Value>.size else { return nil }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// An integer of any width.
    var integer: Int64? {
        switch type {
        case PostgresType.int8: bigEndian(Int64.self)
        case PostgresType.int4: bigEndian(Int32.self).map(Int64.init)
        case PostgresType.int2: bigEndian(Int16.self).map(Int64.init)
        case PostgresType.oid: bigEndian(UInt32.self).map(Int64.init)
        default: nil
        }
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public init?(_ field: PostgresField) {
        guard field.bytes != nil else {
            self = Optional<Wrapped>.none
            return
        }
        guard let value = Wrapped(field) else { return nil }
        self = Optional<Wrapped>.some(value)
    }
}

extension Bool: PostgresDecodable {
    public init?(_ field: PostgresField) {
        guard field.type == PostgresType.bool, let byte = field.bigEndian(UInt8.self) else { return nil }
        self = byte != 0
    }
}

extension Int64: PostgresDecodable {
    public init?(_ field: PostgresField) {
        guard let value = field.integer else { return nil }
        self = value
    }
}

extension Int: PostgresDecodable {
    public init?(_ field: PostgresField) {
        guard let value = field.integer else { return nil }
        self.init(exactly: value)
    }
}

extension Int32: PostgresDecodable {
    public init?(_ field: PostgresField) {
        guard let value = field.integer else { return nil }
        self.init(exactly: value)
    }
}

extension Double: PostgresDecodable {
    public init?(_ field: PostgresField) {
        switch field.type {
        case PostgresType.float8:
            guard let bits = field.bigEndian(UInt64.self) else { return nil }
            self.init(bitPattern: bits)
        case PostgresType.float4:
            guard let bits = field.bigEndian(UInt32.self) else { return nil }
            self.init(Float(bitPattern: bits))
        default: return nil
        }
    }
}

extension String: PostgresDecodable {
    /// Text, JSON and, in its usual form, a UUID. Invalid UTF-8, which a database of encoding SQL_ASCII may hold, is nothing that can be read.
    public init?(_ field: PostgresField) {
        guard let bytes = field.bytes else { return nil }
        switch field.type {
        case PostgresType.jsonb where field.isBinary:
            // The first byte is the form's version.
            guard bytes.first == 1 else { return nil }
            self.init(validating: bytes.dropFirst(), as: UTF8.self)
        case PostgresType.uuid where field.isBinary:
            guard bytes.count == 16 else { return nil }
            let digits = bytes.flatMap { [Self.hexDigits[Int($0 >> 4)], Self.hexDigits[Int($0 & 15)]] }
            let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
            self = groups.joined(separator: "-")
        case let type where PostgresType.isText(type) || !field.isBinary: self.init(validating: bytes, as: UTF8.self)
        default: return nil
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}

extension Array: PostgresDecodable where Element == UInt8 {
    public init?(_ field: PostgresField) {
        guard field.isBinary, field.type == PostgresType.bytea || field.type == PostgresType.uuid, let bytes = field.bytes else {
            return nil
        }
        self.init(bytes)
    }
}

/// An instant of `timestamptz`, exact to its microseconds.
public struct PostgresTimestamp: Sendable, Hashable, PostgresEncodable, PostgresDecodable {
    public var microsecondsSince1970: Int64

    public init(microsecondsSince1970: Int64) { self.microsecondsSince1970 = microsecondsSince1970 }

    public init?(_ field: PostgresField) {
        guard field.type == PostgresType.timestamptz || field.type == PostgresType.timestamp else { return nil }
        // The two ends stand for infinity.
        guard let value = field.bigEndian(Int64.self), value != .max, value != .min else { return nil }
        let (microseconds, overflow) = value.addingReportingOverflow(PostgresType.epoch)
        guard !overflow else { return nil }
        self.init(microsecondsSince1970: microseconds)
    }

    public var postgresValue: PostgresValue { .timestamp(microsecondsSince1970) }
}
