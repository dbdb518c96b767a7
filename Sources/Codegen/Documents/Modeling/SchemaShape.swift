import CodegenModel

/// What a schema is: which kind of type it gives, whether null is allowed, and the schema in one piece to make the type of.
struct SchemaShape {
    /// The alternatives of a union.
    struct Union {
        /// `oneOf`, `anyOf`, or `type`.
        var keyword: String
        var variants: [Variant]
        var discriminator: Schema.Discriminator?

        struct Variant {
            /// The alternative with all that holds beside it.
            var node: DocumentNode
            /// The alternative as the document has it.
            var origin: DocumentNode
            /// The one type, of a schema that lists several.
            var type: JSONType?
        }
    }

    enum Kind {
        case reference(ReferenceResolver.Target)
        /// Another schema with annotations around it, or with null beside it.
        case wrapper(DocumentNode)
        case object
        case tuple
        case stringEnum([DocumentNode], isOpen: Bool)
        case integerEnum([DocumentNode], isOpen: Bool)
        case union(Union)
        case array
        case map
        case anyObject
        case any
        case scalar(JSONType)
    }

    /// What the type does not express of the alternatives that it was made of.
    enum Demand {
        /// An assertion of this keyword, written in the schema at this node.
        case keyword(String, DocumentNode)
        /// One of these lists of members is there as a whole; asked for by the schema at this node.
        case anyRequired([[String]], DocumentNode)
    }

    var kind: Kind
    var isNullable: Bool
    var schema: Schema
    var demands: [Demand] = []

    /// Whether it gets a declaration.
    var isDeclared: Bool {
        switch kind {
        case .object, .tuple, .stringEnum, .integerEnum, .union: true
        default: false
        }
    }
}
