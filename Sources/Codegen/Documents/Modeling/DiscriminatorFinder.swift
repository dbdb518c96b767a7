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
        guard depth < Self.deepest else { return nil }
        let question = Question(node: node.id, property: property)
        if let answer = answers[question] { return answer }
        // The answer while it is being looked for: a schema that leads back to itself adds nothing.
        answers[question] = .some(nil)
        let answer = findValues(of: property, in: context.merger.merged(node), depth: depth)
        answers[question] = .some(answer)
        return answer
    }

    private func findValues(of property: String, in schema: Schema, depth: Int) -> [String]? {
        if let member = schema.properties.first(where: { $0.key == property }), let values = strings(at: member.value) { return values }
        for group in schema.alternatives {
            if let values = values(of: property, inEachOf: group.nodes, depth: depth) { return values }
        }
        return nil
    }

    private func values(of property: String, inEachOf nodes: [DocumentNode], depth: Int) -> [String]? {
        var all: [String] = []
        var seen: Set<String> = []
        for node in nodes {
            guard let values = values(of: property, in: node, depth: depth + 1) else { return nil }
            all += values.filter { seen.insert($0).inserted }
        }
        return all.isEmpty ? nil : all
    }

    private func strings(at node: DocumentNode) -> [String]? {
        let schema = context.merger.merged(node)
        if let constant = schema.constant?.string { return [constant] }
        guard let values = schema.enumValues, !schema.isExtensible else { return nil }
        let strings = values.compactMap(\.string)
        return strings.isEmpty || strings.count < values.count ? nil : strings
    }

    /// A property whose values tell all of `nodes` apart: the first in the first one's document order; nil when there is none.
    func commonProperty(of nodes: [DocumentNode]) -> String? {
        guard nodes.count > 1 else { return nil }
        return propertyNames(of: nodes[0]).first { property in
            var seen: Set<String> = []
            return nodes.allSatisfy { node in
                values(of: property, in: node)?.allSatisfy { seen.insert($0).inserted } ?? false
            }
        }
    }

    /// A property that each of `nodes` has values for, though some of them are the same; nil when it would tell no two apart.
    func dividingProperty(of nodes: [DocumentNode]) -> String? {
        guard nodes.count > 1 else { return nil }
        return propertyNames(of: nodes[0]).first { property in
            let all = nodes.map { values(of: property, in: $0) }
            return all.allSatisfy { $0 != nil } && Set(all).count > 1
        }
    }

    private func propertyNames(of node: DocumentNode) -> [String] {
        var current = node
        for _ in 0..<Self.deepest {
            let schema = context.merger.merged(current)
            guard let next = schema.alternatives.first?.nodes.first else { return schema.properties.map(\.key) }
            if !schema.properties.isEmpty { return schema.properties.map(\.key) }
            current = next
        }
        return []
    }
}
