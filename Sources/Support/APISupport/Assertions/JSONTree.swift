/// One JSON value in full, for assertions: a flat list of nodes over the text, in which a value's place is its index.
///
/// Strings and numbers stay in the text until they are asked for, so that nothing is lost: two numbers are equal when their decimals are.
struct JSONTree: Sendable {
    struct Node: Sendable {
        var kind: JSONKind
        /// The string, or the member's name, has escapes.
        var hasEscapes = false
        var nameHasEscapes = false
        var parent: Int32
        /// Behind the value and all that it holds: where its next sibling is.
        var end: Int32
        /// The token's place in the text; `count` of a container counts its children, of a boolean is 1 for true.
        var start: Int32 = 0
        var count: Int32 = 0
        /// The name's place in the text; -1 for what is no member, whose index in its array is then `nameCount`.
        var nameStart: Int32 = -1
        var nameCount: Int32 = 0
    }

    let text: JSONText
    private(set) var nodes: [Node] = []

    /// Scans the value that is next, which is passed.
    init(_ json: inout JSONReader) throws(JSONSyntaxError) {
        text = json.text
        guard json.text.count < Int(Int32.max) else { throw JSONSyntaxError(offset: 0, reason: "text too long") }
        try add(from: &json, parent: -1, name: nil, index: 0)
    }

    private mutating func add(
        from json: inout JSONReader, parent: Int32, name: JSONReader.StringToken?, index: Int32
    ) throws(JSONSyntaxError) {
        let place = nodes.count
        var node = Node(kind: try json.nextKind, parent: parent, end: Int32(truncatingIfNeeded: place) &+ 1)
        if let name {
            (node.nameStart, node.nameCount) = (Int32(truncatingIfNeeded: name.start), Int32(truncatingIfNeeded: name.count))
            node.nameHasEscapes = name.hasEscapes
        } else {
            node.nameCount = index
        }
        nodes.append(node)
        let this = Int32(truncatingIfNeeded: place)
        var count: Int32 = 0
        switch node.kind {
        case .object:
            _ = json.peekToken()
            try json.enter()
            while try json.advanceInObject() {
                let name = try json.scanString()
                try json.consumeColon()
                try add(from: &json, parent: this, name: name, index: 0)
                count &+= 1
            }
        case .array:
            _ = json.peekToken()
            try json.enter()
            while try json.advanceInArray() {
                try add(from: &json, parent: this, name: nil, index: count)
                count &+= 1
            }
        case .string:
            _ = json.peekToken()
            let token = try json.scanString()
            nodes[place].start = Int32(truncatingIfNeeded: token.start)
            nodes[place].hasEscapes = token.hasEscapes
            count = Int32(truncatingIfNeeded: token.count)
        case .number:
            _ = json.peekToken()
            let token = try json.scanNumber()
            nodes[place].start = Int32(truncatingIfNeeded: token.start)
            count = Int32(truncatingIfNeeded: token.end &- token.start)
        case .boolean:
            if json.peekToken() == UInt8(ascii: "t") {
                try json.consumeLiteral("true")
                count = 1
            } else {
                try json.consumeLiteral("false")
            }
        case .null: _ = try json.readNull()
        }
        nodes[place].count = count
        nodes[place].end = Int32(truncatingIfNeeded: nodes.count)
    }

    /// Adds the name of a member as a string of its own, at the member's place.
    mutating func addName(of member: Int32) -> Int32 {
        let source = nodes[Int(member)]
        let index = Int32(truncatingIfNeeded: nodes.count)
        var node = Node(kind: .string, parent: source.parent, end: index &+ 1)
        (node.start, node.count, node.hasEscapes) = (source.nameStart, source.nameCount, source.nameHasEscapes)
        (node.nameStart, node.nameCount, node.nameHasEscapes) = (source.nameStart, source.nameCount, source.nameHasEscapes)
        nodes.append(node)
        return index
    }

    // MARK: Looking

    /// The first child, if there is one; the next is at the child's `end` while that is before the parent's.
    func children(of index: Int32) -> Children { Children(tree: self, upcoming: index &+ 1, end: nodes[Int(index)].end) }

    struct Children: Sequence, IteratorProtocol {
        let tree: JSONTree
        var upcoming: Int32
        let end: Int32

        mutating func next() -> Int32? {
            guard upcoming < end else { return nil }
            let child = upcoming
            upcoming = tree.nodes[Int(child)].end
            return child
        }
    }

    /// The bytes of a string, its escapes resolved.
    func bytes(_ index: Int32) -> [UInt8] {
        let node = nodes[Int(index)]
        return resolved(node.start, node.count, node.hasEscapes)
    }

    func nameBytes(_ index: Int32) -> [UInt8] {
        let node = nodes[Int(index)]
        return resolved(node.nameStart, node.nameCount, node.nameHasEscapes)
    }

    private func resolved(_ start: Int32, _ count: Int32, _ hasEscapes: Bool) -> [UInt8] {
        let raw = text.copy(from: Int(start), to: Int(start &+ count))
        return hasEscapes ? JSONEscapes.resolve(raw) : raw
    }

    func string(_ index: Int32) -> String { String(decoding: bytes(index), as: UTF8.self) }

    func decimal(_ index: Int32) -> JSONDecimal {
        let node = nodes[Int(index)]
        return JSONDecimal(UnsafeBufferPointer(start: text.base + Int(node.start), count: Int(node.count)))
    }

    /// The name of a member.
    func key(_ index: Int32) -> JSONKey {
        let node = nodes[Int(index)]
        guard node.nameHasEscapes else { return JSONKey(owner: text, bytes: text.base + Int(node.nameStart), count: Int(node.nameCount)) }
        let resolved = JSONText(copying: nameBytes(index))
        return JSONKey(owner: resolved, bytes: resolved.base, count: resolved.count)
    }

    /// The member of that name.
    func member(_ name: StaticString, of index: Int32) -> Int32? {
        guard nodes[Int(index)].kind == .object else { return nil }
        return children(of: index).first { name ~= key($0) }
    }

    /// The JSON pointer (RFC 6901) of a value, seen from the tree's root.
    func pointer(_ index: Int32) -> String {
        var pointer = ""
        var current = index
        while nodes[Int(current)].parent >= 0 {
            let node = nodes[Int(current)]
            let token =
                node.nameStart < 0 ? String(node.nameCount) : JSONPointer.escape(String(decoding: nameBytes(current), as: UTF8.self))
            pointer = "/" + token + pointer
            current = node.parent
        }
        return pointer
    }
}
