import CodegenModel

/// A value of a YAML or JSON document with its place: the locator that every later stage keeps.
///
/// Nodes are made once, when a file is read, and shared; a node's identity stands for its place in the document.
final class DocumentNode: Sendable {
    enum Content: Sendable {
        case scalar(Scalar)
        case sequence([DocumentNode])
        /// In document order; keys are unique.
        case mapping([Member])
    }

    struct Member: Sendable {
        let key: String
        let keyPosition: SourcePosition
        let value: DocumentNode
    }

    let content: Content
    let position: SourcePosition
    /// ``SourceFile/realPath`` of the file that holds it.
    let realPath: String
    /// Where a mapping's members are, once there are many.
    private let index: [String: Int]

    init(_ content: Content, position: SourcePosition, realPath: String) {
        self.content = content
        self.position = position
        self.realPath = realPath
        if case .mapping(let members) = content, members.count > 16 {
            index = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        } else {
            index = [:]
        }
    }

    var id: ObjectIdentifier { ObjectIdentifier(self) }

    /// The members of a mapping; empty for anything else.
    var members: [Member] {
        if case .mapping(let members) = content { members } else { [] }
    }

    /// The elements of a sequence; empty for anything else.
    var elements: [DocumentNode] {
        if case .sequence(let elements) = content { elements } else { [] }
    }

    var isMapping: Bool { if case .mapping = content { true } else { false } }
    var isSequence: Bool { if case .sequence = content { true } else { false } }

    var scalar: Scalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

    /// The text of a string; nil for a number, a boolean and null, which YAML tells apart from strings.
    var string: String? { scalar?.string }

    func member(_ key: String) -> Member? {
        guard case .mapping(let members) = content else { return nil }
        guard index.isEmpty else { return index[key].map { members[$0] } }
        return members.first { $0.key == key }
    }

    subscript(key: String) -> DocumentNode? { member(key)?.value }

    /// What it is, for messages: `an object`, `a string`, ...
    var kindDescription: String {
        switch content {
        case .mapping: "an object"
        case .sequence: "an array"
        case .scalar(let scalar): scalar.kindDescription
        }
    }
}
