import CodegenModel

/// An object schema with its `allOf` flattened into it: the parts in their order, then its own properties.
struct MergedObject {
    private(set) var properties: [DocumentNode.Member] = []
    private(set) var required: [(name: String, node: DocumentNode)] = []
    private(set) var additionalProperties: DocumentNode?
    private(set) var minProperties: Int?
    private(set) var maxProperties: Int?

    /// - Returns: The merged object; what cannot be merged is reported and left out.
    static func of(_ schema: Schema, in context: ReadContext) -> MergedObject {
        var merged = MergedObject()
        var visit = Visit()
        merged.add(schema, visit: &visit, in: context)
        return merged
    }

    /// Which schemas are being added, and which were: adding one again would change nothing, and take exponential time when parts share parts.
    private struct Visit {
        static let deepest = 64
        var open: Set<ObjectIdentifier> = []
        var done: Set<ObjectIdentifier> = []
    }

    private mutating func add(_ schema: Schema, visit: inout Visit, in context: ReadContext) {
        let id = schema.node.id
        guard !visit.open.contains(id) else {
            context.diagnostics.report(.recursiveType, "the schema is part of its own `allOf`", at: schema.position)
            return
        }
        guard visit.done.insert(id).inserted else { return }
        guard visit.open.count < Visit.deepest else {
            context.diagnostics.report(.documentTooLarge, "`allOf` is nested more than \(Visit.deepest) levels deep", at: schema.position)
            return
        }
        visit.open.insert(id)
        defer { visit.open.remove(id) }
        for part in schema.allOf {
            guard let target = context.references.resolve(part) else { continue }
            let partSchema = context.schemas.schema(at: target.node)
            guard partSchema.isObjectLike else {
                context.diagnostics.report(
                    .unsupported, "`allOf` is supported for objects only", at: part.position,
                    help: "write the schema in one piece, or use `oneOf` with a `discriminator`"
                )
                continue
            }
            add(partSchema, visit: &visit, in: context)
        }
        for property in schema.properties { add(property, in: context) }
        required += schema.required
        // Beside `patternProperties` it speaks of the rest only: both are left to assertions.
        if let additional = schema.additionalProperties, schema.node["patternProperties"] == nil { additionalProperties = additional }
        minProperties = schema.constraints.minProperties ?? minProperties
        maxProperties = schema.constraints.maxProperties ?? maxProperties
    }

    /// A later property of the same name narrows the earlier one and takes its place.
    private mutating func add(_ property: DocumentNode.Member, in context: ReadContext) {
        guard let index = properties.firstIndex(where: { $0.key == property.key }) else {
            properties.append(property)
            return
        }
        let earlier = context.references.resolve(properties[index].value).map { context.schemas.schema(at: $0.node) }
        let later = context.references.resolve(property.value).map { context.schemas.schema(at: $0.node) }
        let earlierType = earlier?.types?.first ?? earlier?.impliedType
        let laterType = later?.types?.first ?? later?.impliedType
        if let earlierType, let laterType, earlierType != laterType {
            context.diagnostics.report(
                .allOfConflict, "`\(property.key)` is \(earlierType.rawValue) in one part of `allOf` and \(laterType.rawValue) here",
                at: property.keyPosition
            )
        }
        properties[index] = property
    }
}

extension Schema {
    /// Can be a part of a merged object.
    var isObjectLike: Bool {
        guard oneOf.isEmpty, anyOf.isEmpty else { return false }
        if let types { return types == [.object] }
        return !allOf.isEmpty || impliedType == .object || isEmpty
    }
}
