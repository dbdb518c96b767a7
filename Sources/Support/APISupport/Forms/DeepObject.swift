/// Names with brackets, `filter[size][min]`: one level is what OpenAPI describes; more, and lists, are read as is common.
struct DeepObject: Sendable {
    /// Brackets in one name; a name with more is none of ours.
    static let maximumDepth = 8

    private struct Node {
        var texts: [String] = []
        var children: [(key: String, node: Node)] = []

        mutating func insert(_ text: String, at keys: ArraySlice<String>) {
            guard let key = keys.first else { return texts.append(text) }
            if let index = children.firstIndex(where: { $0.key == key && !key.isEmpty }) {
                children[index].node.insert(text, at: keys.dropFirst())
            } else {
                var node = Node()
                node.insert(text, at: keys.dropFirst())
                children.append((key, node))
            }
        }

        /// The values here; more than one where the schema has no list for them.
        func values(_ schema: TextSchema) -> [TextValue] {
            if children.isEmpty {
                if !schema.elements.isEmpty, texts.count > 1 || schema.isArrayOnly { return [.list(texts.map { .text($0) })] }
                return texts.map { .text($0) }
            }
            if !schema.isObject, let element = schema.elements.first {
                return [.list(texts.map { .text($0) } + children.flatMap { $0.node.values(element) })]
            }
            let members = children.flatMap { child in
                child.node.values(schema.member(child.key)).map { TextValue.Member(name: child.key, value: $0) }
            }
            return [.members(members)]
        }
    }

    private var root = Node()
    private(set) var isEmpty = true

    /// Takes a pair whose name is `name` with brackets behind it; others are passed over.
    mutating func insert(_ pairName: String, of name: String, _ value: @autoclosure () -> String) {
        guard pairName.utf8.count > name.utf8.count, pairName.hasPrefix(name), let keys = Self.keys(pairName.dropFirst(name.count)) else {
            return
        }
        isEmpty = false
        root.insert(value(), at: keys[...])
    }

    /// The value of all pairs taken; nil when there is none.
    func value(_ schema: TextSchema) -> TextValue? { isEmpty ? nil : root.values(schema).first }

    /// `[a][b]` gives a and b; nil for any other text.
    private static func keys(_ text: Substring) -> [String]? {
        var keys: [String] = []
        var rest = text
        while !rest.isEmpty {
            guard rest.first == "[", let close = rest.firstIndex(of: "]"), keys.count < maximumDepth else { return nil }
            keys.append(String(rest[rest.index(after: rest.startIndex)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return keys.isEmpty ? nil : keys
    }
}
