/// Finds out which JSON types the instances of a schema have.
final class JSONTypeFinder {
    private static let deepest = 64
    private static let all: Set<JSONType> = [.object, .array, .string, .number, .boolean, .null]

    private let context: ReadContext
    private var answers: [ObjectIdentifier: Set<JSONType>] = [:]

    init(context: ReadContext) { self.context = context }

    /// All types when the schema leaves it open. An integer counts as a number: a reader sees the same kind of token.
    func types(of node: DocumentNode) -> Set<JSONType> { types(of: node, depth: 0) }

    private func types(of node: DocumentNode, depth: Int) -> Set<JSONType> {
        guard depth < Self.deepest else { return Self.all }
        if let answer = answers[node.id] { return answer }
        answers[node.id] = []
        let answer = findTypes(of: context.merger.merged(node), depth: depth)
        answers[node.id] = answer
        return answer
    }

    private func findTypes(of schema: Schema, depth: Int) -> Set<JSONType> {
        var types = Self.all
        if let declared = schema.types ?? schema.impliedType.map({ [$0] }) {
            types = Set(declared.map { $0 == .integer ? .number : $0 })
            if schema.isNullable { types.insert(.null) }
        }
        for group in schema.alternatives {
            var ofAny: Set<JSONType> = []
            for node in group.nodes { ofAny.formUnion(self.types(of: node, depth: depth + 1)) }
            types.formIntersection(ofAny)
        }
        if let values = schema.constant.map({ [$0] }) ?? schema.enumValues {
            types.formIntersection(values.map { $0.jsonType == .integer ? .number : $0.jsonType })
        }
        return types
    }
}
