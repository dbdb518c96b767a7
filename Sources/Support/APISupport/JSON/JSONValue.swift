/// Any JSON value, for places whose schema says nothing.
public indirect enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number written without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number, as the nearest double.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: JSONReadable, JSONWritable {
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> JSONValue? {
        switch try json.nextKind {
        case .null:
            _ = try json.readNull()
            return .null
        case .boolean: return try json.readBool().map { .boolean($0) }
        case .number: return try json.readNumber()
        case .string: return try json.readString().map { .string($0) }
        case .array: return try [JSONValue].read(from: &json).map { .array($0) }
        case .object: return try JSONObject.read(from: &json).map { .object($0) }
        }
    }

    public func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.writeNull()
        case .boolean(let value): json.write(value)
        case .integer(let value): json.write(value)
        case .number(let value): json.write(value)
        case .string(let value): json.write(value)
        case .array(let values): json.writeArray(values) { $0.write(to: &$1) }
        case .object(let object): object.write(to: &json)
        }
    }
}

extension JSONReader {
    fileprivate mutating func readNumber() throws(JSONSyntaxError) -> JSONValue? {
        _ = peekToken()
        let token = try scanNumber()
        if token.isPlainInteger, case .value(let integer) = token.integer { return .integer(integer) }
        guard let value = double(token) else {
            validation.report(rule: "format", "is outside the range of a double")
            return nil
        }
        return .number(value)
    }
}

extension JSONValue {
    /// The string, when it is one; likewise below.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

    public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }

    public var booleanValue: Bool? { if case .boolean(let value) = self { value } else { nil } }

    public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

    public var isNull: Bool { self == .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }

    public init(integerLiteral value: Int64) { self = .integer(value) }

    public init(floatLiteral value: Double) { self = .number(value) }

    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    public init(nilLiteral: ()) { self = .null }

    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
