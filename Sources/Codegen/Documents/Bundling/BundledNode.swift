/// A value of a bundled document: what is written, no longer bound to a place in a file.
indirect enum BundledNode: Equatable {
    case scalar(Scalar)
    case sequence([BundledNode])
    /// In document order.
    case mapping([Member])

    struct Member: Equatable {
        var key: String
        var value: BundledNode
    }

    static func string(_ text: String) -> BundledNode { .scalar(Scalar(text: text, isPlain: false)) }

    /// A copy of a document's value, as it stands.
    init(_ node: DocumentNode) {
        switch node.content {
        case .scalar(let scalar): self = .scalar(scalar)
        case .sequence(let elements): self = .sequence(elements.map(BundledNode.init))
        case .mapping(let members): self = .mapping(members.map { Member(key: $0.key, value: BundledNode($0.value)) })
        }
    }

    subscript(key: String) -> BundledNode? {
        guard case .mapping(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Puts `value` under `key`, in the place of what was there or at the end.
    mutating func set(_ key: String, _ value: BundledNode) {
        guard case .mapping(var members) = self else { return }
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key: key, value: value))
        }
        self = .mapping(members)
    }
}
