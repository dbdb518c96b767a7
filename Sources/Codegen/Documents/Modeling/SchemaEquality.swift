/// Whether two schemas say the same: alike but for annotations, and what they refer to too.
struct SchemaEquality {
    let references: ReferenceResolver

    func holds(_ lhs: DocumentNode, _ rhs: DocumentNode) -> Bool {
        var assumed: Set<Pair> = []
        return holds(lhs, rhs, depth: 0, assumed: &assumed)
    }

    /// Whether two values of a document, as of `enum`, are the same JSON value.
    func isSameValue(_ lhs: DocumentNode, _ rhs: DocumentNode) -> Bool {
        if let lhs = lhs.scalar, let rhs = rhs.scalar {
            if lhs.isNull || rhs.isNull { return lhs.isNull && rhs.isNull }
            if lhs.boolean != nil || rhs.boolean != nil { return lhs.boolean == rhs.boolean }
            if lhs.number != nil || rhs.number != nil { return lhs.number == rhs.number }
        }
        return holds(lhs, rhs)
    }

    private static let deepest = 512

    private struct Pair: Hashable {
        let lhs: ObjectIdentifier
        let rhs: ObjectIdentifier
    }

    private func holds(_ lhs: DocumentNode, _ rhs: DocumentNode, depth: Int, assumed: inout Set<Pair>) -> Bool {
        guard depth < Self.deepest, let lhs = references.resolve(lhs)?.node, let rhs = references.resolve(rhs)?.node else {
            return false
        }
        // A pair that is being compared further up is alike unless something else differs.
        guard lhs !== rhs, assumed.insert(Pair(lhs: lhs.id, rhs: rhs.id)).inserted else { return true }
        switch (lhs.content, rhs.content) {
        case (.scalar(let lhs), .scalar(let rhs)): return lhs.text == rhs.text
        case (.sequence(let lhs), .sequence(let rhs)):
            guard lhs.count == rhs.count else { return false }
            for (left, right) in zip(lhs, rhs) where !holds(left, right, depth: depth + 1, assumed: &assumed) { return false }
            return true
        case (.mapping(let lhs), .mapping(let rhs)):
            let left = lhs.filter { !isAnnotation($0) }
            let right = rhs.filter { !isAnnotation($0) }
            guard left.map(\.key) == right.map(\.key) else { return false }
            for (left, right) in zip(left, right) where !holds(left.value, right.value, depth: depth + 1, assumed: &assumed) {
                return false
            }
            return true
        default: return false
        }
    }

    /// A property may well be called `description`; its value is then a schema, and no string.
    private func isAnnotation(_ member: DocumentNode.Member) -> Bool {
        switch member.key {
        case "description", "title", "$comment": member.value.scalar != nil
        case "example", "externalDocs": true
        case "examples": member.value.isSequence
        default: false
        }
    }
}
