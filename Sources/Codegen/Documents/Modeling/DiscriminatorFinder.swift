import CodegenModel

/// Finds out which values of a string property select a schema.
struct DiscriminatorFinder {
    let context: ReadContext

    /// The strings that `property` can be in the schema at `node`, through references, `allOf` and alternatives; nil when it can be any string.
    func values(of property: String, in node: DocumentNode) -> [String]? {
        var open: Set<ObjectIdentifier> = []
        return values(of: property, in: node, open: &open)
    }

    private func values(of property: String, in node: DocumentNode, open: inout Set<ObjectIdentifier>) -> [String]? {
        guard let target = context.references.resolve(node)?.node, open.insert(target.id).inserted else { return nil }
        defer { open.remove(target.id) }
        let schema = context.schemas.schema(at: target)
        let alternatives = schema.oneOf + schema.anyOf
        if !alternatives.isEmpty {
            var all: [String] = []
            for alternative in alternatives {
                guard let values = values(of: property, in: alternative, open: &open) else { return nil }
                all += values
            }
            return all
        }
        if let member = schema.properties.first(where: { $0.key == property }) { return strings(at: member.value) }
        for part in schema.allOf.reversed() {
            if let values = values(of: property, in: part, open: &open) { return values }
        }
        return nil
    }

    private func strings(at node: DocumentNode) -> [String]? {
        guard let target = context.references.resolve(node)?.node else { return nil }
        let schema = context.schemas.schema(at: target)
        if let constant = schema.constant?.string { return [constant] }
        guard let values = schema.enumValues, !schema.isExtensible else { return nil }
        let strings = values.compactMap(\.string)
        return strings.isEmpty ? nil : strings
    }

    /// A property whose values tell all of `nodes` apart: the first in the first one's document order; nil when there is none.
    func commonProperty(of nodes: [DocumentNode]) -> String? {
        guard nodes.count > 1, let first = nodes.first, let target = context.references.resolve(first)?.node else { return nil }
        return propertyNames(of: target).first { property in
            var seen: Set<String> = []
            for node in nodes {
                guard let values = values(of: property, in: node) else { return false }
                for value in values where !seen.insert(value).inserted { return false }
            }
            return true
        }
    }

    private func propertyNames(of node: DocumentNode) -> [String] {
        let schema = context.schemas.schema(at: node)
        if schema.oneOf.isEmpty, schema.anyOf.isEmpty { return MergedObject.of(schema, in: context).properties.map(\.key) }
        guard let first = (schema.oneOf + schema.anyOf).first, let target = context.references.resolve(first)?.node, target !== node else {
            return []
        }
        return MergedObject.of(context.schemas.schema(at: target), in: context).properties.map(\.key)
    }
}
