import CodegenModel

/// A Schema Object (JSON Schema 2020-12, OpenAPI 3.1 section 4.8.24), its keywords read and its subschemas still nodes: what they refer to
/// may lead back here.
struct Schema {
    struct Discriminator {
        let node: DocumentNode
        let property: String
        /// Discriminator value → reference or bare name of a component, in document order.
        let mapping: [DocumentNode.Member]
        /// What is read when the property is absent or its value selects nothing (OpenAPI 3.2, section 4.25.1).
        var defaultMapping: DocumentNode?
    }

    /// Alternatives of which one (`oneOf`) or at least one (`anyOf`) holds.
    struct Alternatives {
        let keyword: String
        /// The schema in which they are written.
        let owner: DocumentNode
        var nodes: [DocumentNode]
        var discriminator: Discriminator?
    }

    var node: DocumentNode
    /// The node of `$ref`'s value.
    var reference: DocumentNode?
    var title: String?
    var description: String?
    var isDeprecated = false
    /// The types that `type` allows; nil when it is absent. Null is kept apart in ``isNullable``.
    var types: [JSONType]?
    var isNullable = false
    var enumValues: [DocumentNode]?
    var constant: DocumentNode?
    var defaultValue: DocumentNode?
    var isExtensible = false
    var isReadOnly = false
    var isWriteOnly = false
    /// The schema `false`: no instance is valid.
    var isNever = false
    var format: String?
    var contentMediaType: String?
    var contentEncoding: String?
    var contentSchema: DocumentNode?
    var constraints = Constraints()
    var properties: [DocumentNode.Member] = []
    var required: [(name: String, node: DocumentNode)] = []
    var additionalProperties: DocumentNode?
    var patternProperties: [DocumentNode.Member] = []
    var items: DocumentNode?
    var prefixItems: [DocumentNode] = []
    var allOf: [DocumentNode] = []
    var oneOf: [DocumentNode] = []
    var anyOf: [DocumentNode] = []
    var discriminator: Discriminator?
    /// `oneOf` and `anyOf` of a merged schema, those of its parts included.
    var alternatives: [Alternatives] = []

    var position: SourcePosition { node.position }
}

extension Schema {
    /// Nothing is asserted: any instance is valid.
    var isEmpty: Bool {
        types == nil && saysNothingButTypes
    }

    /// Nothing is asserted but `type`.
    var saysNothingButTypes: Bool {
        reference == nil && enumValues == nil && constant == nil && format == nil && contentEncoding == nil && !isNever
            && constraints.isEmpty && properties.isEmpty && required.isEmpty && additionalProperties == nil && patternProperties.isEmpty
            && items == nil && prefixItems.isEmpty && allOf.isEmpty && oneOf.isEmpty && anyOf.isEmpty && alternatives.isEmpty
    }

    /// Only `type: 'null'`, or a null that is the only value.
    var isNullOnly: Bool {
        guard oneOf.isEmpty, anyOf.isEmpty, allOf.isEmpty, alternatives.isEmpty, reference == nil else { return false }
        if types?.isEmpty == true { return isNullable }
        if types != nil && !isNullable { return false }
        if let constant { return constant.scalar?.isNull == true }
        return enumValues.map { !$0.isEmpty && $0.allSatisfy { $0.scalar?.isNull == true } } ?? false
    }

    /// The type that the keywords speak of when `type` is absent.
    var impliedType: JSONType? {
        if !properties.isEmpty || !required.isEmpty || additionalProperties != nil || !patternProperties.isEmpty { return .object }
        if constraints.minProperties != nil || constraints.maxProperties != nil { return .object }
        if items != nil || !prefixItems.isEmpty || constraints.minItems != nil || constraints.maxItems != nil || constraints.uniqueItems {
            return .array
        }
        if constraints.minLength != nil || constraints.maxLength != nil || constraints.pattern != nil { return .string }
        if contentEncoding != nil || contentMediaType != nil { return .string }
        if constraints.minimum != nil || constraints.maximum != nil || constraints.multipleOf != nil { return .number }
        if constraints.exclusiveMinimum != nil || constraints.exclusiveMaximum != nil { return .number }
        if let type = (constant.map { [$0] } ?? enumValues).flatMap(Self.commonType) { return type }
        if let format { return SchemaFormats.types[format] }
        return nil
    }

    /// The type of all of `values` but the nulls; nil when they are of several.
    private static func commonType(of values: [DocumentNode]) -> JSONType? {
        let types = Set(values.map(\.jsonType)).subtracting([.null])
        if types == [.integer, .number] { return .number }
        return types.count == 1 ? types.first : nil
    }
}

extension DocumentNode {
    /// The type of the JSON value that the node is; a number without a fraction is an integer.
    var jsonType: JSONType {
        switch content {
        case .mapping: .object
        case .sequence: .array
        case .scalar(let scalar):
            if scalar.isNull {
                .null
            } else if scalar.boolean != nil {
                .boolean
            } else if scalar.integer != nil {
                .integer
            } else {
                scalar.number != nil ? .number : .string
            }
        }
    }
}
