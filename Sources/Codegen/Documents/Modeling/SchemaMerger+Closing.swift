import CodegenModel

/// Objects that allow no other members than those they name.
extension SchemaMerger {
    /// The schema, with `unevaluatedProperties: false` read as the end of its members where that can be told without a value: what speaks of
    /// members are its own `properties` and those of `allOf` alone.
    func closed(_ schema: Schema) -> Schema {
        guard isClosedByEvaluation(schema.node), let rest = schema.node["unevaluatedProperties"] else { return schema }
        var result = schema
        result.additionalProperties = rest
        return result
    }

    /// Whether ``closed(_:)`` says all that `unevaluatedProperties` of the schema says.
    func isClosedByEvaluation(_ node: DocumentNode) -> Bool {
        guard node["unevaluatedProperties"]?.scalar?.boolean == false, node["$ref"] == nil else { return false }
        var visited: Set<ObjectIdentifier> = []
        var pending = [node]
        while let part = pending.popLast() {
            guard visited.insert(part.id).inserted else { continue }
            let isStatic = part.members.allSatisfy { member in
                !Self.evaluating.contains(member.key) && (part === node || member.key != "unevaluatedProperties")
            }
            guard isStatic, visited.count <= Self.mostParts else { return false }
            for next in part["allOf"]?.elements ?? [] { pending.append(next) }
            if part["$ref"] != nil {
                guard let target = references.resolve(part)?.node else { return false }
                pending.append(target)
            }
        }
        return true
    }

    private static let mostParts = 256

    /// Keywords that speak of other members than the named ones, or of some only when something holds.
    private static let evaluating: Set<String> = [
        "additionalProperties", "patternProperties", "anyOf", "oneOf", "if", "dependentSchemas", "$dynamicRef", "discriminator",
    ]

    /// Tells of the properties of `other` that a closed part beside it can never let pass.
    func warnOfClosed(_ part: Schema, _ other: Schema) {
        guard part.additionalProperties?.scalar?.boolean == false, part.patternProperties.isEmpty else { return }
        let listed = Set(part.properties.map(\.key))
        let required = Set(part.required.map(\.name)).union(other.required.map(\.name))
        for property in other.properties where !listed.contains(property.key) && property.value.scalar?.boolean != false {
            let effect = required.contains(property.key) ? "is required, so that no value is valid" : "can never be there"
            diagnostics.report(
                .allOfClosed, "`\(property.key)` \(effect): another part has `additionalProperties: false` and does not list it",
                at: property.keyPosition
            )
        }
    }
}
