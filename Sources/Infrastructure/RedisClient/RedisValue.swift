/// An answer of the server (RESP2).
public enum RedisValue: Sendable, Equatable {
    case null
    case integer(Int64)
    /// Bytes, which need not be text.
    case string([UInt8])
    /// `OK` and the like.
    case status(String)
    case array([RedisValue])
    /// An error inside of an array; elsewhere it is thrown.
    case error(String)

    /// The bytes as text; nil for anything else, invalid UTF-8 too.
    public var text: String? {
        switch self {
        case .string(let bytes): String(validating: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }

    public var bytes: [UInt8]? {
        if case .string(let bytes) = self { bytes } else { nil }
    }

    /// The number, also when it is written as text.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .string: text.flatMap { Int64($0) }
        default: nil
        }
    }

    public var array: [RedisValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    public var isNull: Bool { self == .null }
}
