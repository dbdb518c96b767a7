import CodegenModel

/// Finds out which values of a string property select a schema.
final class DiscriminatorFinder {
    private struct Question: Hashable {
        let node: ObjectIdentifier
        let property: String
    }

    /// References may chain schemas to any length; discriminators are found close by.
    private static let deepest = 64

    private let context: ReadContext
    private var answers: [Question: [String]?] = [:]

    init(context: ReadContext) { self.context = context }

    /// The strings that `property` can be in the schema at `node`, through references, `allOf` and alternatives; nil when it can be any string.
    func values(of property: String, in node: DocumentNode) -> [String]? {
        values(of: property, in: node, depth: 0)
    }

    private func values(of property: String, in node: DocumentNode, depth: Int) -> [String]? {
        guard depth < Self.deepest, let target = context.references.resolve(node)?.node else { return nil }
        let question = Question(node: target.id, property: property)
        if let answer = answers[question] { return answer }
        // The answer while it is being looked for: a schema that leads back to itself adds nothing.
        answers[question] = .some(nil)
        let answer = findValues(of: property, in: context.schemas.schema(at: target), depth: depth)
        answers[question] = .some(answer)
        return answer
    }

    private func findValues(of property: String, in schema: Schema, depth: Int) -> [String]? {
        let alternatives = schema.oneOf + schema.anyOf
        if !alternatives.isEmpty {
            var all: [String] = []
            var seen: Set<String> = []
            for alternative in alternatives {
                guard let values = values(of: property, in: alternative, depth: depth + 1) else { return nil }
                all += values.filter { seen.insert($0).inserted }
            }
            return all
        }
        if let member = schema.properties.first(where: { $0.key == property }) { return strings(at: member.value) }
        for part in schema.allOf.reversed() {
            if let values = values(of: property, in: part, depth: depth + 1) { return values }
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
        var current = node
        for _ in 0..<Self.deepest {
            let schema = context.schemas.schema(at: current)
            guard let first = (schema.oneOf + schema.anyOf).first else {
                return MergedObject.of(schema, in: context).properties.map(\.key)
            }
            guard let target = context.references.resolve(first)?.node else { return [] }
            current = target
        }
        return []
    }
}
