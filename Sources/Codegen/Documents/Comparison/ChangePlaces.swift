import CodegenModel

/// Finds places of changes in the texts of a document's files.
struct ChangePlaces {
    private struct Found {
        var node: DocumentNode
        /// What holds it: an operation's path item.
        var holder: DocumentNode?
        var position: SourcePosition
    }

    private let context: ReadContext
    private var keys: [SourcePosition: Found] = [:]
    private var values: [SourcePosition: Found] = [:]
    private var roots: [String: DocumentNode] = [:]

    /// - Parameters:
    ///   - texts: What was read, by the path that positions name.
    ///   - places: All that will be asked for.
    init(texts: [String: String], places: some Sequence<ChangePlace>) {
        let files = Dictionary(texts.map { (Path.normalized($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        let limits = DocumentLimits()
        context = ReadContext(access: .memory(files), limits: limits)
        let wanted = Set(places.map(\.anchor.position))
        let wantedFiles = Set(wanted.map(\.file))
        // A file keeps the path that it is first read by: the one that positions name.
        for path in texts.keys.sorted() {
            guard let file = context.store.file(at: path) else { continue }
            roots[path] = file.root
            if wantedFiles.contains(path) { note(file.root, wanted: wanted, key: nil) }
        }
    }

    private mutating func note(_ node: DocumentNode, wanted: Set<SourcePosition>, key: SourcePosition?) {
        // Of values that begin at one place the outermost is meant.
        if !node.isScalar, wanted.contains(node.position), values[node.position] == nil {
            values[node.position] = Found(node: node, position: key ?? node.position)
        }
        for member in node.members {
            let position = member.keyPosition
            if wanted.contains(position) { keys[position] = Found(node: member.value, holder: node, position: position) }
            if !member.value.isScalar { note(member.value, wanted: wanted, key: position) }
        }
        for element in node.elements where !element.isScalar { note(element, wanted: wanted, key: nil) }
    }

    /// The position of a place, or of the nearest thing on the way that is there.
    func position(of place: ChangePlace) -> SourcePosition {
        let anchor =
            switch place.anchor {
            case .key(let position): keys[position]
            case .value(let position): values[position]
            case .file(let position): roots[position.file].map { Found(node: $0, position: $0.position) }
            }
        guard var found = anchor else { return place.anchor.position }
        for step in place.steps {
            guard let node = resolved(found.node), let next = self.step(step, from: node, holder: found.holder) else { break }
            found = next
        }
        return found.position
    }

    private func resolved(_ node: DocumentNode) -> DocumentNode? { context.references.resolve(node)?.node }

    private func step(_ step: ChangePlace.Step, from node: DocumentNode, holder: DocumentNode?) -> Found? {
        switch step {
        case .field(let name):
            found(node.member(name) ?? node.members.first { $0.key.lowercased() == name.lowercased() })
        case .parameter(let name):
            parameter(name, of: node) ?? holder.flatMap { parameter(name, of: $0) }
        case .content(let mediaType):
            found(
                node["content"]?.members.first { member in
                    member.key.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() == mediaType
                })
        case .security:
            found(node.member("security") ?? context.store.knownFile(realPath: node.realPath)?.root.member("security"))
        case .schema:
            found(node.member("schema") ?? node.member("itemSchema") ?? content(node)?.member("schema"))
        case .keyword(let name): found(inParts(of: node) { $0.member(name) })
        case .property(let name): found(inParts(of: node) { $0["properties"]?.member(name) })
        case .value(let text):
            inParts(of: node) { $0["enum"]?.elements.first { $0.scalar?.text == text } }.map { Found(node: $0, position: $0.position) }
                ?? found(inParts(of: node) { $0.member("enum") })
        case .alternative(let type): alternative(type, of: node)
        }
    }

    private func found(_ member: DocumentNode.Member?) -> Found? {
        member.map { Found(node: $0.value, position: $0.keyPosition) }
    }

    private func content(_ node: DocumentNode) -> DocumentNode? { node["content"]?.members.first?.value }

    private func parameter(_ name: String, of node: DocumentNode) -> Found? {
        for element in node["parameters"]?.elements ?? [] {
            guard let parameter = resolved(element), let written = parameter["name"]?.string else { continue }
            let isNamed = written == name || parameter["in"]?.string == "header" && written.lowercased() == name.lowercased()
            if isNamed { return Found(node: parameter, position: parameter.position) }
        }
        if let member = node["parameters"]?.member(name) { return found(member) }
        let binding = node["bindings"].flatMap(resolved)?["ws"].flatMap(resolved)
        let schemas = [binding?["query"], binding?["headers"]].compactMap { $0.flatMap(resolved) }
        return found(schemas.lazy.compactMap { $0["properties"]?.member(name) }.first)
    }

    private func alternative(_ type: String, of node: DocumentNode) -> Found? {
        let member = inParts(of: node) { $0.member("oneOf") ?? $0.member("anyOf") }
        let element = member?.value.elements.first { element in
            guard let name = element["$ref"]?.string?.split(separator: "/").last else { return false }
            return Namer.type(String(name)) == type
        }
        return element.map { Found(node: $0, position: $0.position) } ?? found(member)
    }

    /// The first answer of a schema and the parts of its `allOf`; no deeper than people write them.
    private func inParts<Result>(of node: DocumentNode, depth: Int = 0, _ find: (DocumentNode) -> Result?) -> Result? {
        if let result = find(node) { return result }
        guard depth < 8 else { return nil }
        for part in node["allOf"]?.elements ?? [] {
            if let result = resolved(part).flatMap({ inParts(of: $0, depth: depth + 1, find) }) { return result }
        }
        return nil
    }
}

extension DocumentNode {
    fileprivate var isScalar: Bool { if case .scalar = content { true } else { false } }
}
