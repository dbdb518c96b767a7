/// The keywords of JSON Schema 2020-12 that hold schemas, and those that typed Swift does not express.
enum SchemaKeywords {
    /// A schema each.
    static let schemas: [String] = [
        "not", "if", "then", "else", "items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems",
        "propertyNames", "contentSchema",
    ]
    /// A list of schemas each.
    static let lists: [String] = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// Schemas by name.
    static let maps: [String] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]

    /// What typed reading leaves to the assertions of a schema.
    static let untyped: Set<String> = [
        "not", "if", "then", "else", "contains", "minContains", "maxContains", "patternProperties", "propertyNames",
        "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef",
    ]

    /// The subschemas written in the schema at `node`.
    static func subschemas(of node: DocumentNode) -> [DocumentNode] {
        var found: [DocumentNode] = []
        for member in node.members {
            if schemas.contains(member.key) {
                found.append(member.value)
            } else if lists.contains(member.key) {
                found += member.value.elements
            } else if maps.contains(member.key) {
                found += member.value.members.map(\.value)
            }
        }
        return found
    }
}
