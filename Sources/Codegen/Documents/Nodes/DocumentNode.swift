import CodegenModel

/// A value of a YAML or JSON document with its place: the locator that every later stage keeps.
///
/// Nodes are made once, when a file is read, and shared; a node's identity stands for its place in the document. A large document has some
/// hundred thousand of them: a place is kept as two numbers beside the file, and spelled out when somebody asks.
final class DocumentNode: Sendable {
    enum Content: Sendable {
        case scalar(Scalar)
        case sequence([DocumentNode])
        /// In document order; keys are unique.
        case mapping([Member])
    }

    struct Member: Sendable {
        let key: String
        private let keyPlace: NodePlace
        let value: DocumentNode

        init(key: String, at place: NodePlace, value: DocumentNode) {
            self.key = key
            keyPlace = place
            self.value = value
        }

        /// A key stands in the file of its value.
        var keyPosition: SourcePosition { value.file.position(of: keyPlace) }

        /// The member with another value, of the same file.
        func with(_ value: DocumentNode) -> Member { Member(key: key, at: keyPlace, value: value) }
    }

    let content: Content
    private let place: NodePlace
    fileprivate let file: FileIdentity
    /// Where a mapping's members are, once there are many.
    private let index: [String: Int]

    init(_ content: Content, at place: NodePlace, in file: FileIdentity) {
        self.content = content
        self.place = place
        self.file = file
        if case .mapping(let members) = content, members.count > 16 {
            index = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        } else {
            index = [:]
        }
    }

    var position: SourcePosition { file.position(of: place) }

    /// A node that no file holds, at the place of this one: what the document implies, or what is merged from several.
    func implied(_ content: Content) -> DocumentNode { DocumentNode(content, at: place, in: file) }

    /// A member of such a node.
    func implied(_ key: String, _ value: DocumentNode) -> Member { Member(key: key, at: place, value: value) }

    /// ``SourceFile/realPath`` of the file that holds it.
    var realPath: String { file.realPath }

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

    /// A schema that no document holds, `allOf` of these, at the place of one.
    static func allOf(_ nodes: [DocumentNode], at origin: DocumentNode) -> DocumentNode {
        let list = DocumentNode(.sequence(nodes), at: origin.place, in: origin.file)
        return DocumentNode(.mapping([Member(key: "allOf", at: origin.place, value: list)]), at: origin.place, in: origin.file)
    }

    /// What it is, for messages: `an object`, `a string`, ...
    var kindDescription: String {
        switch content {
        case .mapping: "an object"
        case .sequence: "an array"
        case .scalar(let scalar): scalar.kindDescription
        }
    }
}

/// A line and a column, as in ``SourcePosition``.
struct NodePlace: Sendable {
    let line: UInt32
    let column: UInt32

    init(line: Int, column: Int) {
        self.line = UInt32(clamping: max(line, 1))
        self.column = UInt32(clamping: max(column, 1))
    }
}

/// The names of the file that holds a node, once for all nodes of it.
final class FileIdentity: Sendable {
    /// ``SourceFile/path``.
    let path: String
    /// ``SourceFile/realPath``.
    let realPath: String

    init(path: String, realPath: String) {
        self.path = path
        self.realPath = realPath
    }

    func position(of place: NodePlace) -> SourcePosition {
        SourcePosition(file: path, line: Int(place.line), column: Int(place.column))
    }
}
