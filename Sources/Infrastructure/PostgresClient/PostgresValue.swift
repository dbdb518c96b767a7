/// A parameter of a statement.
///
/// It is sent in binary, as the type that the server has for the parameter: a number goes into any integer or floating-point type that can hold
/// it, text into every type (the server reads it there as it reads a literal).
public enum PostgresValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Sixteen bytes, in the order of their text.
    case uuid([UInt8])
    /// Microseconds since 1970-01-01T00:00:00Z.
    case timestamp(Int64)
    case integers([Int64])
    case texts([String])
}

/// A type whose values can be parameters.
public protocol PostgresEncodable {
    var postgresValue: PostgresValue { get }
}

extension PostgresValue: PostgresEncodable {
    public var postgresValue: PostgresValue { self }
}

extension Bool: PostgresEncodable {
    public var postgresValue: PostgresValue { .bool(self) }
}

extension Int: PostgresEncodable {
    public var postgresValue: PostgresValue { .integer(Int64(self)) }
}

extension Int32: PostgresEncodable {
    public var postgresValue: PostgresValue { .integer(Int64(self)) }
}

extension Int64: PostgresEncodable {
    public var postgresValue: PostgresValue { .integer(self) }
}

extension Double: PostgresEncodable {
    public var postgresValue: PostgresValue { .double(self) }
}

extension String: PostgresEncodable {
    public var postgresValue: PostgresValue { .text(self) }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    public var postgresValue: PostgresValue { Element.postgresValue(of: self) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public var postgresValue: PostgresValue { self?.postgresValue ?? .null }
}

/// What an array can be of: bytes make `bytea`, the others a PostgreSQL array.
public protocol PostgresArrayElement: Sendable {
    static func postgresValue(of array: [Self]) -> PostgresValue
}

extension UInt8: PostgresArrayElement {
    public static func postgresValue(of array: [UInt8]) -> PostgresValue { .bytes(array) }
}

extension Int64: PostgresArrayElement {
    public static func postgresValue(of array: [Int64]) -> PostgresValue { .integers(array) }
}

extension String: PostgresArrayElement {
    public static func postgresValue(of array: [String]) -> PostgresValue { .texts(array) }
}
