/// A type that has a text form in a parameter, a header field or a form field.
public protocol ParameterValue: Sendable {
    /// nil when the text is none of this type.
    init?(parameterText: String)
    var parameterText: String { get }
}

extension ParameterValue where Self: RawRepresentable, RawValue: ParameterValue {
    public init?(parameterText: String) {
        guard let rawValue = RawValue(parameterText: parameterText) else { return nil }
        self.init(rawValue: rawValue)
    }

    public var parameterText: String { rawValue.parameterText }
}

extension String: ParameterValue {
    public init?(parameterText: String) { self = parameterText }

    public var parameterText: String { self }
}

extension Bool: ParameterValue {
    /// `true` or `false`, as JSON writes them.
    public init?(parameterText: String) {
        switch parameterText {
        case "true": self = true
        case "false": self = false
        default: return nil
        }
    }

    public var parameterText: String { self ? "true" : "false" }
}

extension Int64: ParameterValue {
    /// Decimal digits, with a minus sign or none.
    public init?(parameterText: String) {
        guard parameterText.utf8.first != UInt8(ascii: "+") else { return nil }
        self.init(parameterText)
    }

    public var parameterText: String { String(self) }
}

extension Int32: ParameterValue {
    /// Decimal digits, with a minus sign or none.
    public init?(parameterText: String) {
        guard parameterText.utf8.first != UInt8(ascii: "+") else { return nil }
        self.init(parameterText)
    }

    public var parameterText: String { String(self) }
}

extension Double: ParameterValue {
    /// A number as JSON writes it.
    public init?(parameterText: String) {
        guard parameterText.utf8.count <= JSONReader.maximumNumberLength,
            let value = try? JSONReader.decode(Double.self, from: [UInt8](parameterText.utf8))
        else { return nil }
        self = value
    }

    public var parameterText: String { description }
}

extension Timestamp: ParameterValue {
    public init?(parameterText: String) { self.init(parameterText) }

    public var parameterText: String { description }
}

/// Bytes travel as base64.
extension Array: ParameterValue where Element == UInt8 {
    public init?(parameterText: String) {
        guard let bytes = Base64.decode(parameterText) else { return nil }
        self = bytes
    }

    public var parameterText: String { String(decoding: Base64.encode(self), as: UTF8.self) }
}

extension Validation {
    /// Records that a text is no `T`: rule `enum` for types with known values, `type` for others.
    mutating func reportUnreadable<T: ParameterValue>(_ type: T.Type) {
        if T.self is any RawRepresentable.Type {
            report(rule: "enum", "is not one of the known values")
        } else {
            report(rule: "type", "must be \(Self.phrase(for: type))")
        }
    }

    private static func phrase<T: ParameterValue>(for type: T.Type) -> String {
        switch type {
        case is Bool.Type: "true or false"
        case is Int32.Type: "a 32-bit integer"
        case is Int64.Type: "a 64-bit integer"
        case is Double.Type: "a number"
        case is Timestamp.Type: "a date-time (RFC 3339)"
        case is [UInt8].Type: "base64"
        default: "a valid value"
        }
    }
}
