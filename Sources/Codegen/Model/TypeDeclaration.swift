/// A type that generated code declares in `Schemas`.
public struct TypeDeclaration: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case object(ObjectType)
        case stringEnum(StringEnum)
        case integerEnum(IntegerEnum)
        case union(UnionType)
        /// A named schema that needs no type of its own; its constraints apply wherever it is used.
        case alias(TypeUse)
    }

    /// Swift name, without `Schemas.`. Nested anonymous schemas are hoisted: `Session.Owner` is named `SessionOwner`.
    public var name: String
    public var description: String?
    public var kind: Kind
    public var isDeprecated: Bool
    /// What holds beyond what the type says: schemas of ``Service/assertions``, checked before the value is read.
    public var assertions: [Int]
    public var position: SourcePosition

    public init(
        name: String, description: String? = nil, kind: Kind, isDeprecated: Bool = false, assertions: [Int] = [],
        position: SourcePosition
    ) {
        self.name = name
        self.description = description
        self.kind = kind
        self.isDeprecated = isDeprecated
        self.assertions = assertions
        self.position = position
    }
}

/// `type: object` with its properties; `allOf` is already merged into it.
public struct ObjectType: Sendable, Equatable {
    /// In document order.
    public var properties: [Property]
    public var additional: AdditionalProperties
    /// Members whose schema is `false`: each one that is there is a violation.
    public var forbidden: [String]
    /// `prefixItems`: in JSON an array of the properties in their order; ``additional`` speaks of the items after them.
    public var isTuple: Bool
    /// For a tuple, those of the array.
    public var minProperties: Int?
    public var maxProperties: Int?
    /// The keyword that forbids additional members.
    public var closing: Closing

    public enum Closing: String, Sendable { case additionalProperties, unevaluatedProperties }

    public init(
        properties: [Property], additional: AdditionalProperties = .ignored, forbidden: [String] = [], isTuple: Bool = false,
        minProperties: Int? = nil, maxProperties: Int? = nil, closing: Closing = .additionalProperties
    ) {
        self.closing = closing
        self.properties = properties
        self.additional = additional
        self.forbidden = forbidden
        self.isTuple = isTuple
        self.minProperties = minProperties
        self.maxProperties = maxProperties
    }
}

/// What happens to members that `properties` does not name.
public indirect enum AdditionalProperties: Sendable, Equatable {
    /// `additionalProperties` absent: tolerated, not kept.
    case ignored
    /// `false`, of `additionalProperties` or of `unevaluatedProperties` where it says no more: each one is a violation.
    case forbidden
    /// A schema: kept in `additionalProperties: [String: T]`. A map-only schema (no properties) never gets here: it is ``TypeUse/Base/map(_:)``.
    case typed(TypeUse)
}

public struct Property: Sendable, Equatable {
    /// The member's name in JSON.
    public var name: String
    public var swiftName: String
    public var description: String?
    public var type: TypeUse
    public var isRequired: Bool
    /// `const` (or an enum of one string) of a string: checked on reading, written by itself, not stored.
    public var constant: String?
    /// `default` of a scalar: what a reader puts in place of an absent member.
    public var defaultValue: LiteralValue?
    public var isDeprecated: Bool
    /// Only sent by the server; and the opposite.
    public var isReadOnly: Bool
    public var isWriteOnly: Bool
    /// Read-only or write-only, and required: only where it may be there at all, which is not everywhere that its type is used.
    public var isRequiredOneWay = false

    public init(
        name: String, swiftName: String, description: String? = nil, type: TypeUse, isRequired: Bool,
        constant: String? = nil, defaultValue: LiteralValue? = nil, isDeprecated: Bool = false, isReadOnly: Bool = false,
        isWriteOnly: Bool = false
    ) {
        self.name = name
        self.swiftName = swiftName
        self.description = description
        self.type = type
        self.isRequired = isRequired
        self.constant = constant
        self.defaultValue = defaultValue
        self.isDeprecated = isDeprecated
        self.isReadOnly = isReadOnly
        self.isWriteOnly = isWriteOnly
    }
}

/// A value that a document gives, fit for the type it is a value of.
public indirect enum LiteralValue: Sendable, Equatable {
    case string(String)
    /// A case of a ``StringEnum`` or an ``IntegerEnum``, by Swift case name.
    case enumCase(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case null
    case array([LiteralValue])
    /// Of a map, or of a JSON value.
    case map([Member])
    /// An object's initializer: the declaration's name, and arguments by Swift name.
    case object(String, [Member])
    /// A union's case by Swift case name.
    case variant(String, LiteralValue)
    /// A date-time.
    case timestamp(seconds: Int64, nanoseconds: Int64)
    /// A number that keeps its text.
    case exactNumber(String)
    /// What a text in base64 or base64url stands for.
    case bytes([UInt8])

    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: LiteralValue

        public init(name: String, value: LiteralValue) {
            self.name = name
            self.value = value
        }
    }
}

/// `type: string, enum: [...]`.
public struct StringEnum: Sendable, Equatable {
    public struct Case: Sendable, Equatable {
        public var rawValue: String
        public var swiftName: String

        public init(rawValue: String, swiftName: String) {
            self.rawValue = rawValue
            self.swiftName = swiftName
        }
    }

    public var cases: [Case]
    /// Open (`x-extensible-enum: true`, or `anyOf` of the enum and a plain string): an unknown value is kept in `unknown(String)`.
    public var isOpen: Bool

    public init(cases: [Case], isOpen: Bool) {
        self.cases = cases
        self.isOpen = isOpen
    }
}

/// `type: integer, enum: [...]`.
public struct IntegerEnum: Sendable, Equatable {
    public struct Case: Sendable, Equatable {
        public var rawValue: Int64
        public var swiftName: String

        public init(rawValue: Int64, swiftName: String) {
            self.rawValue = rawValue
            self.swiftName = swiftName
        }
    }

    public var cases: [Case]
    /// As of a ``StringEnum``.
    public var isOpen: Bool
    /// `int32` or `int64`.
    public var format: TypeUse.IntegerFormat

    public init(cases: [Case], isOpen: Bool, format: TypeUse.IntegerFormat) {
        self.cases = cases
        self.isOpen = isOpen
        self.format = format
    }
}

/// `oneOf` (and `anyOf`) as an enum with payloads.
public struct UnionType: Sendable, Equatable {
    public struct Variant: Sendable, Equatable {
        /// Case name.
        public var swiftName: String
        public var type: TypeUse
        /// Values of the discriminator property that select it; empty when selected otherwise.
        public var discriminatorValues: [String]
        /// Members that only this variant has, and requires: any of them selects it.
        public var members: [String]

        public init(swiftName: String, type: TypeUse, discriminatorValues: [String] = [], members: [String] = []) {
            self.swiftName = swiftName
            self.type = type
            self.discriminatorValues = discriminatorValues
            self.members = members
        }
    }

    /// How a reader finds out which variant a value is. Variants that one criterion leaves together are tried in their order.
    public indirect enum Selection: Sendable, Equatable {
        /// By the string member of this JSON name.
        case property(String)
        /// By the kind of JSON value; each variant has another one.
        case jsonType
        /// By the kind of JSON value, and further where several variants have the same one.
        case kinds([KindGroup])
        /// By the presence of ``Variant/members``; the variant without any is what has none of the others'.
        case members
        /// The first variant that a value is valid for.
        case trial
    }

    /// The variants that a kind of JSON value can be.
    public struct KindGroup: Sendable, Equatable {
        /// `object`, `array`, `string`, `number`, `boolean`, `null`.
        public var kinds: [String]
        /// Indices of variants, in order.
        public var variants: [Int]
        /// What tells them apart when there are several.
        public var selection: Selection

        public init(kinds: [String], variants: [Int], selection: Selection) {
            self.kinds = kinds
            self.variants = variants
            self.selection = selection
        }
    }

    public var variants: [Variant]
    public var selection: Selection
    /// Exactly one variant may hold (`oneOf`): where the selection leaves several, all of them are tried.
    public var isExclusive: Bool
    /// Index of the variant that is read when the discriminator is absent or selects none (`defaultMapping` of OpenAPI 3.2).
    public var defaultVariant: Int?

    public init(variants: [Variant], selection: Selection, isExclusive: Bool = false, defaultVariant: Int? = nil) {
        self.variants = variants
        self.selection = selection
        self.isExclusive = isExclusive
        self.defaultVariant = defaultVariant
    }
}
