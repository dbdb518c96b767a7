/// One thing that a JSON Schema demands of a value (JSON Schema 2020-12), its subschemas being places in an ``AssertionGraph``.
///
/// An assertion that speaks of another JSON type than the value's holds. Numbers are decimal text, so that nothing is rounded.
public enum Assertion: Sendable, Equatable {
    /// No value is valid: the schema `false`.
    case never
    case types([AssertedType])
    /// `const` and `enum`: JSON texts.
    case constant(String)
    case enumeration([String])

    case multipleOf(String)
    case minimum(String)
    case maximum(String)
    case exclusiveMinimum(String)
    case exclusiveMaximum(String)

    case minLength(Int)
    case maxLength(Int)
    /// ECMA-262 source, not anchored.
    case pattern(String)
    case format(String)

    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    /// `prefixItems`, then `items` for those that follow; nil: anything.
    case items(prefix: [Int], rest: Int?)
    case contains(Int, minimum: Int, maximum: Int?)
    case unevaluatedItems(Int)

    case minProperties(Int)
    case maxProperties(Int)
    case required([String])
    case dependentRequired([Dependency<[String]>])
    case dependentSchemas([Dependency<Int>])
    case propertyNames(Int)
    /// `properties`, `patternProperties` and `additionalProperties`, which depend on each other.
    case members(MemberAssertions)
    case unevaluatedProperties(Int)

    case reference(Int)
    /// `$dynamicRef`: the outermost schema resource of `candidates` that is being evaluated chooses, else it is `initial`.
    case dynamicReference(candidates: [ResourceSchema], initial: Int)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(if: Int, then: Int?, else: Int?)
    /// Schemas that demand nothing here, applied to learn which members and items they evaluate.
    case evaluates([Int])

    /// The types of a JSON value, as `type` names them.
    public enum AssertedType: String, Sendable, Equatable, CaseIterable { case null, boolean, integer, number, string, array, object }

    /// What holds when a member is there.
    public struct Dependency<Value: Sendable & Equatable>: Sendable, Equatable {
        public var member: String
        public var value: Value

        public init(member: String, value: Value) {
            self.member = member
            self.value = value
        }
    }

    /// The schema that a name stands for in one schema resource.
    public struct ResourceSchema: Sendable, Equatable {
        public var resource: Int
        public var schema: Int

        public init(resource: Int, schema: Int) {
            self.resource = resource
            self.schema = schema
        }
    }
}

/// The keywords that say what an object's members are, each subschema by its place; nil: anything, and the member counts as evaluated.
public struct MemberAssertions: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// A member's name, or an ECMA-262 pattern that names match.
        public var key: String
        public var schema: Int?

        public init(key: String, schema: Int?) {
            self.key = key
            self.schema = schema
        }
    }

    public enum Additional: Sendable, Equatable {
        /// The keyword is absent.
        case absent
        case anything
        case schema(Int)
    }

    public var properties: [Entry]
    public var patterns: [Entry]
    public var additional: Additional

    public init(properties: [Entry] = [], patterns: [Entry] = [], additional: Additional = .absent) {
        self.properties = properties
        self.patterns = patterns
        self.additional = additional
    }
}
