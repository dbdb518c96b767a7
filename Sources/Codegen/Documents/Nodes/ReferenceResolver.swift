import CodegenModel

/// Follows `$ref`s (OpenAPI 3.1, Reference Object; JSON Schema 2020-12, section 8.2.3.1) inside a file, to files beside it, and to schemas
/// that have a name of their own.
final class ReferenceResolver {
    /// What a reference leads to, at the end of a chain of references.
    struct Target {
        let node: DocumentNode
        /// Where in its file; the last token names a component.
        let pointer: JSONPointer
    }

    private static let longestChain = 64

    private let store: DocumentStore
    private let diagnostics: DiagnosticCollector
    private let resources: SchemaResources
    private var targets: [ObjectIdentifier: Target?] = [:]

    init(store: DocumentStore, resources: SchemaResources, diagnostics: DiagnosticCollector) {
        self.store = store
        self.resources = resources
        self.diagnostics = diagnostics
    }

    /// Files by the URI that they give themselves (`$self` of OpenAPI 3.2).
    private var filesByURI: [String: SourceFile] = [:]

    /// Makes references to `uri` lead to `file`.
    func register(_ file: SourceFile, as uri: String) { filesByURI[String(uri.prefix { $0 != "#" })] = file }

    /// The target of one reference, not following further ones; nil after a diagnostic.
    /// - Parameter reference: The node of the `$ref` value.
    func target(of reference: DocumentNode) -> Target? {
        if let known = targets[reference.id] { return known }
        let target = findTarget(of: reference)
        targets[reference.id] = .some(target)
        return target
    }

    /// The target of a reference that may lead nowhere: without a diagnostic.
    func optionalTarget(of reference: DocumentNode) -> Target? {
        let resolver = ReferenceResolver(store: store, resources: resources, diagnostics: DiagnosticCollector())
        resolver.filesByURI = filesByURI
        return resolver.target(of: reference)
    }

    /// `node` itself, or what its chain of references ends in; nil after a diagnostic.
    func resolve(_ node: DocumentNode) -> Target? {
        var current = Target(node: node, pointer: JSONPointer(tokens: []))
        var visited: Set<ObjectIdentifier> = []
        while let reference = current.node["$ref"] {
            guard visited.insert(current.node.id).inserted else {
                diagnostics.report(.referenceCycle, "the reference leads back to itself", at: reference.position)
                return nil
            }
            guard visited.count <= Self.longestChain else {
                diagnostics.report(.referenceCycle, "more than \(Self.longestChain) references follow each other", at: reference.position)
                return nil
            }
            guard let next = target(of: reference) else { return nil }
            current = next
        }
        return current
    }

    /// The schema of this name among the components of the document that holds `node`.
    func component(named name: String, from node: DocumentNode) -> DocumentNode? {
        store.knownFile(realPath: node.realPath)?.root["components"]?["schemas"]?[name]
    }

    private func findTarget(of reference: DocumentNode) -> Target? {
        guard let text = reference.string else {
            diagnostics.report(.wrongType, "`$ref` must be a string, not \(reference.kindDescription)", at: reference.position)
            return nil
        }
        let (uri, fragment) = URIReference.split(text)
        switch filesByURI[uri] == nil ? resources.target(of: reference, text, diagnostics) : .path {
        case .found(let node, let pointer): return Target(node: node, pointer: pointer)
        case .nothing: return nil
        case .path: break
        }
        guard let file = file(named: uri, from: reference) else { return nil }
        guard let pointer = JSONPointer(fragment: fragment ?? "") else {
            let resource = resources.resource(of: file.root)
            guard case .found(let node, let pointer) = resources.find(fragment ?? "", in: resource, from: reference, text, diagnostics)
            else { return nil }
            return Target(node: node, pointer: pointer)
        }
        guard let node = pointer.node(below: file.root) else {
            diagnostics.report(
                .referenceUnresolved, "nothing is at `\(text)`", at: reference.position, help: suggestion(for: pointer, in: file)
            )
            return nil
        }
        return Target(node: node, pointer: pointer)
    }

    private func file(named name: String, from reference: DocumentNode) -> SourceFile? {
        if name.isEmpty { return store.knownFile(realPath: reference.realPath) }
        if let file = filesByURI[name] { return file }
        // A link stands for the file it leads to, so a reference starts from there; beside the link comes second.
        for name in [name, JSONPointer.percentDecoded(name) ?? name] {
            let beside = Path.join(Path.directory(of: reference.realPath), name)
            let besideLink = Path.join(Path.directory(of: reference.position.file), name)
            for path in [besideLink, beside]
            where store.exists(path) && (path == beside || !store.exists(beside) || store.isSameFile(beside, path)) {
                return store.file(at: Path.normalized(path), askedFrom: reference.position)
            }
        }
        diagnostics.report(
            .fileUnreadable, "there is no file `\(name)`", at: reference.position,
            help: "a path is relative to the file that holds the reference"
        )
        return nil
    }

    /// The nearest name beside the missing one.
    private func suggestion(for pointer: JSONPointer, in file: SourceFile) -> String? {
        guard let missing = pointer.tokens.last else { return nil }
        var parent = pointer
        parent.tokens.removeLast()
        guard let container = parent.node(below: file.root) else { return nil }
        return NearName.of(missing, among: container.members.map(\.key)).map { "did you mean `\($0)`?" }
    }
}
