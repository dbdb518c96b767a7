/// Finds out which one JSON type the instances of a schema have.
final class JSONTypeFinder {
    private static let deepest = 64

    private let context: ReadContext
    private var answers: [ObjectIdentifier: JSONType?] = [:]

    init(context: ReadContext) { self.context = context }

    /// - Returns: nil when the type is open, or there are several. An integer counts as a number: a reader sees the same kind of token.
    func type(of node: DocumentNode) -> JSONType? { type(of: node, depth: 0) }

    private func type(of node: DocumentNode, depth: Int) -> JSONType? {
        guard depth < Self.deepest, let target = context.references.resolve(node)?.node else { return nil }
        if let answer = answers[target.id] { return answer }
        answers[target.id] = .some(nil)
        let answer = findType(of: context.schemas.schema(at: target), depth: depth)
        answers[target.id] = .some(answer == .integer ? .number : answer)
        return answers[target.id] ?? nil
    }

    private func findType(of schema: Schema, depth: Int) -> JSONType? {
        if schema.isNullable { return nil }
        let alternatives = schema.oneOf + schema.anyOf
        if !alternatives.isEmpty {
            let kinds = Set(alternatives.map { type(of: $0, depth: depth + 1) })
            return kinds.count == 1 ? kinds.first ?? nil : nil
        }
        if schema.allOf.count == 1, schema.types == nil { return type(of: schema.allOf[0], depth: depth + 1) }
        if !schema.allOf.isEmpty { return .object }
        if let types = schema.types { return types.count == 1 ? types[0] : nil }
        return schema.impliedType
    }
}
