import CodegenModel

/// An object schema with its `allOf` flattened into it: the parts in their order, then its own properties.
struct MergedObject {
    let properties: [DocumentNode.Member]
    let required: [(name: String, node: DocumentNode)]

    static func of(_ schema: Schema, in context: ReadContext) -> MergedObject {
        let merged = context.merger.merged(schema.node)
        return MergedObject(properties: merged.properties, required: merged.required)
    }
}
