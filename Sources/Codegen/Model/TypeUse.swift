/// A use of a type at a place: what it is, whether null is allowed, and the constraints that hold there.
public struct TypeUse: Sendable, Equatable {
    public indirect enum Base: Sendable, Equatable {
        case string
        /// `format: binary` bodies and `contentEncoding: base64` strings.
        case base64
        /// `contentEncoding: base64url` and `format: base64url` (RFC 4648 §5).
        case base64URL
        case boolean
        case integer(IntegerFormat)
        case number
        /// `format: decimal` and integers of any size, digits kept as written; `APISupport.ExactNumber` in Swift. In JSON a number or a string.
        case exactNumber(isString: Bool)
        /// `format: date-time`, RFC 3339; `APISupport.Timestamp` in Swift.
        case dateTime
        case array(TypeUse)
        /// An object with `additionalProperties` only.
        case map(TypeUse)
        /// A declared type, by ``TypeDeclaration/name``.
        case named(String)
        /// A type outside the generated code, from the configuration's `types` (such as `APISupport.Problem`); it conforms to JSONReadable and JSONWritable.
        case external(String)
        /// `{}` or `true`: any JSON, as `APISupport.JSONValue`.
        case any
        /// `type: object` with nothing said: `APISupport.JSONObject`.
        case anyObject
    }

    public enum IntegerFormat: String, Sendable { case int32, int64, uint64 }

    public var base: Base
    public var isNullable: Bool
    public var constraints: Constraints
    /// What holds beyond the type and its constraints: schemas of ``Service/assertions``, checked before the value is read.
    public var assertions: [Int]

    public init(_ base: Base, isNullable: Bool = false, constraints: Constraints = Constraints(), assertions: [Int] = []) {
        self.base = base
        self.isNullable = isNullable
        self.constraints = constraints
        self.assertions = assertions
    }
}

/// The assertions of JSON Schema 2020-12 (validation vocabulary) that hold for a value. All absent: nothing to check.
public struct Constraints: Sendable, Equatable {
    public var minLength: Int?
    public var maxLength: Int?
    /// ECMA-262 source, not anchored.
    public var pattern: String?
    /// A format that is asserted: `uuid`, `uri`, `email`, `date`, `ipv4`, `ipv6`, `hostname`.
    public var format: String?
    public var minimum: Double?
    public var maximum: Double?
    public var exclusiveMinimum: Double?
    public var exclusiveMaximum: Double?
    public var multipleOf: Double?
    public var minItems: Int?
    public var maxItems: Int?
    public var uniqueItems: Bool
    public var minProperties: Int?
    public var maxProperties: Int?
    /// `enum` or `const` of what is no string: the values allowed. Empty: none is.
    public var allowed: [LiteralValue]?

    public init(
        minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil, format: String? = nil,
        minimum: Double? = nil, maximum: Double? = nil, exclusiveMinimum: Double? = nil,
        exclusiveMaximum: Double? = nil, multipleOf: Double? = nil, minItems: Int? = nil, maxItems: Int? = nil,
        uniqueItems: Bool = false, minProperties: Int? = nil, maxProperties: Int? = nil,
        allowed: [LiteralValue]? = nil
    ) {
        self.minLength = minLength
        self.maxLength = maxLength
        self.pattern = pattern
        self.format = format
        self.minimum = minimum
        self.maximum = maximum
        self.exclusiveMinimum = exclusiveMinimum
        self.exclusiveMaximum = exclusiveMaximum
        self.multipleOf = multipleOf
        self.minItems = minItems
        self.maxItems = maxItems
        self.uniqueItems = uniqueItems
        self.minProperties = minProperties
        self.maxProperties = maxProperties
        self.allowed = allowed
    }

    public var isEmpty: Bool { self == Constraints() }
}
