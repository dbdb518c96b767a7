import CodegenModel

/// A Schema Object (JSON Schema 2020-12, OpenAPI 3.1 section 4.8.24), its keywords read and its subschemas still nodes: what they refer to
/// may lead back here.
struct Schema {
    struct Discriminator {
        let node: DocumentNode
        let property: String
        /// Discriminator value → reference or bare name of a component, in document order.
        let mapping: [DocumentNode.Member]
    }

    let node: DocumentNode
    /// The node of `$ref`'s value.
    var reference: DocumentNode?
    var description: String?
    var isDeprecated = false
    /// The types that `type` allows; nil when it is absent. Null is kept apart in ``isNullable``.
    var types: [JSONType]?
    var isNullable = false
    var enumValues: [DocumentNode]?
    var constant: DocumentNode?
    var defaultValue: DocumentNode?
    var isExtensible = false
    var format: String?
    var contentMediaType: String?
    var contentEncoding: String?
    var contentSchema: DocumentNode?
    var constraints = Constraints()
    var properties: [DocumentNode.Member] = []
    var required: [(name: String, node: DocumentNode)] = []
    var additionalProperties: DocumentNode?
    var items: DocumentNode?
    var allOf: [DocumentNode] = []
    var oneOf: [DocumentNode] = []
    var anyOf: [DocumentNode] = []
    var discriminator: Discriminator?

    var position: SourcePosition { node.position }
}

extension Schema {
    /// Nothing is asserted: any instance is valid.
    var isEmpty: Bool {
        reference == nil && types == nil && enumValues == nil && constant == nil && format == nil && contentEncoding == nil
            && constraints.isEmpty && properties.isEmpty && required.isEmpty && additionalProperties == nil && items == nil && allOf.isEmpty
            && oneOf.isEmpty && anyOf.isEmpty
    }

    /// Only `type: 'null'`.
    var isNullOnly: Bool { types?.isEmpty == true && isNullable && oneOf.isEmpty && anyOf.isEmpty && allOf.isEmpty }

    /// The type that the keywords speak of when `type` is absent.
    var impliedType: JSONType? {
        if !properties.isEmpty || !required.isEmpty || additionalProperties != nil { return .object }
        if constraints.minProperties != nil || constraints.maxProperties != nil { return .object }
        if items != nil || constraints.minItems != nil || constraints.maxItems != nil || constraints.uniqueItems { return .array }
        if constraints.minLength != nil || constraints.maxLength != nil || constraints.pattern != nil { return .string }
        if contentEncoding != nil || contentMediaType != nil { return .string }
        if constraints.minimum != nil || constraints.maximum != nil || constraints.multipleOf != nil { return .number }
        if constraints.exclusiveMinimum != nil || constraints.exclusiveMaximum != nil { return .number }
        if let values = enumValues, !values.isEmpty, values.allSatisfy({ $0.string != nil || $0.scalar?.isNull == true }) { return .string }
        if let constant { return constant.string != nil ? .string : nil }
        if let format { return SchemaFormats.types[format] }
        return nil
    }
}
