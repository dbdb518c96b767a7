/// What a schema says about text: which kinds of JSON value a text may stand for. Parameters and forms are turned into JSON by it, and
/// read by the type's own reader, so that every constraint holds there too.
public struct TextSchema: Sendable {
    /// The kinds of JSON value that one text can be.
    public struct Kinds: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let string = Kinds(rawValue: 1)
        public static let number = Kinds(rawValue: 2)
        public static let boolean = Kinds(rawValue: 4)
        public static let null = Kinds(rawValue: 8)
        /// The text is JSON itself.
        public static let json = Kinds(rawValue: 16)
    }

    /// Empty when only lists or members are allowed.
    private(set) var kinds: Kinds = []
    /// The schema of a list's elements; at most one.
    private(set) var elements: [TextSchema] = []
    private(set) var members: [(name: StaticString, schema: TextSchema)] = []
    /// The schema of members that are not named; at most one.
    private(set) var others: [TextSchema] = []
    private(set) var isObject = false

    private init(_ kinds: Kinds) { self.kinds = kinds }

    public static let string = TextSchema(.string)
    public static let number = TextSchema(.number)
    public static let boolean = TextSchema(.boolean)
    public static let json = TextSchema(.json)

    public static func scalar(_ kinds: Kinds) -> TextSchema { TextSchema(kinds) }

    public static func array(_ element: TextSchema) -> TextSchema {
        var schema = TextSchema([])
        schema.elements = [element]
        return schema
    }

    /// `others`: the schema of members that are not named, where the object keeps them.
    public static func object(_ members: [(StaticString, TextSchema)], others: TextSchema? = nil) -> TextSchema {
        var schema = TextSchema([])
        schema.members = members.map { (name: $0.0, schema: $0.1) }
        schema.others = others.map { [$0] } ?? []
        schema.isObject = true
        return schema
    }

    /// Any of the alternatives: which one is seen by the form in which the value comes.
    public static func union(_ alternatives: [TextSchema]) -> TextSchema {
        var schema = TextSchema([])
        for alternative in alternatives {
            schema.kinds.formUnion(alternative.kinds)
            if schema.elements.isEmpty { schema.elements = alternative.elements }
            for member in alternative.members where !schema.members.contains(where: { $0.name.description == member.name.description }) {
                schema.members.append(member)
            }
            if schema.others.isEmpty { schema.others = alternative.others }
            schema.isObject = schema.isObject || alternative.isObject
        }
        return schema
    }

    /// Only a list will do.
    var isArrayOnly: Bool { !elements.isEmpty && kinds.isEmpty && !isObject }

    func member(_ name: String) -> TextSchema {
        members.first { $0.name.description == name }?.schema ?? others.first ?? .string
    }
}
