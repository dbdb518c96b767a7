import CodegenModel

/// Reads schemas into assertions: whole ones, or the keywords that typed reading leaves over.
///
/// Each selection of a schema's keywords is read once, and what it refers to from a list of pending ones: schemas may refer to each other
/// in a chain of any length, and in circles.
final class AssertionReader {
    /// Which of a schema's keywords are read, and what for.
    enum Selection: Hashable {
        /// All of them.
        case all
        /// These ones; when an `unevaluated…` is among them, the others are read for what they evaluate.
        case only(Set<String>)
        /// None is asserted: only what the schema evaluates is read.
        case evaluation
    }

    /// How `format` is read.
    enum Formats: Hashable {
        /// As typed reading does: known ones are asserted.
        case asserted
        /// As JSON Schema does: told to readers, unless the metaschema says otherwise.
        case annotations
    }

    struct Key: Hashable {
        let node: ObjectIdentifier
        let selection: Selection
        let formats: Formats
    }

    struct DynamicReference {
        let owner: Int
        /// Index of its assertion.
        let place: Int
        let name: String
        let formats: Formats
        let selection: Selection
    }

    let resources: SchemaResources
    let references: ReferenceResolver
    let diagnostics: DiagnosticCollector
    private let store: DocumentStore
    private var indices: [Key: Int] = [:]
    var schemas: [AssertionSchema] = []
    /// Where each schema is written, in the order of ``schemas``.
    private var nodes: [DocumentNode] = []
    private var pending: [(index: Int, key: Key)] = []
    var dynamicReferences: [DynamicReference] = []
    private var resourcesInUse: [Int: Set<Formats>] = [:]

    init(resources: SchemaResources, references: ReferenceResolver, store: DocumentStore, diagnostics: DiagnosticCollector) {
        self.resources = resources
        self.references = references
        self.store = store
        self.diagnostics = diagnostics
    }

    /// The assertions of the schema at `node`, by their index.
    func schema(at node: DocumentNode, _ selection: Selection, formats: Formats) -> Int {
        let key = Key(node: node.id, selection: selection, formats: formats)
        if let index = indices[key] { return index }
        let index = schemas.count
        indices[key] = index
        let file = node.position.file.split(separator: "/").last ?? ""
        schemas.append(
            AssertionSchema(assertions: [], resource: resources.resource(of: node).number, location: "\(file):\(node.position.line)"))
        nodes.append(node)
        pending.append((index, key))
        return index
    }

    /// The schema that allows any value.
    var anything: Int { schema(at: Self.trueNode, .all, formats: .annotations) }

    private static let trueNode = DocumentNode(
        .scalar(Scalar(text: "true", isPlain: true)), at: NodePlace(line: 1, column: 1), in: FileIdentity(path: "", realPath: ""))

    /// What the schema at `node` asserts by some of its keywords; nil when it has none of them.
    func residual(of node: DocumentNode, _ keywords: Set<String>) -> Int? {
        if node.scalar?.boolean == false { return root(at: node, .all, formats: .asserted) }
        guard node.members.contains(where: { keywords.contains($0.key) }) else { return nil }
        return root(at: node, .only(keywords), formats: .asserted)
    }

    /// The assertions of the schema at `node` for a part of the model.
    func root(at node: DocumentNode, _ selection: Selection, formats: Formats) -> Int {
        let index = schema(at: node, selection, formats: formats)
        schemas[index].isRoot = true
        return index
    }

    /// An assertion that no keyword makes: one of these lists of members is there as a whole.
    func anyRequired(_ lists: [[String]], at node: DocumentNode) -> Int {
        func add(_ assertion: Assertion, isRoot: Bool) -> Int {
            let file = node.position.file.split(separator: "/").last ?? ""
            schemas.append(
                AssertionSchema(
                    assertions: [assertion], resource: resources.resource(of: node).number, location: "\(file):\(node.position.line)",
                    isRoot: isRoot
                ))
            nodes.append(node)
            return schemas.count - 1
        }
        return add(.anyOf(lists.map { add(.required($0), isRoot: false) }), isRoot: true)
    }

    /// All that was asked for, and what it refers to.
    func graph(validators: [AssertionValidator]) -> AssertionGraph {
        repeat { drain() } while findCandidates()
        AssertionCycles.cut(&schemas, at: nodes.map(\.position), diagnostics)
        return AssertionGraph(schemas: schemas, validators: validators.sorted { $0.name < $1.name })
    }

    private func drain() {
        var next = 0
        while next < pending.count {
            let (index, key) = pending[next]
            next += 1
            let node = nodes[index]
            var reading = SchemaAssertions(node: node, index: index, key: key, reader: self)
            schemas[index].assertions = reading.read()
            resourcesInUse[schemas[index].resource, default: []].insert(key.formats)
        }
        pending = []
    }

    /// Adds the schemas that dynamic references may lead to in the resources that are in use by now.
    /// - Returns: Whether there were any that are not read yet.
    private func findCandidates() -> Bool {
        for reference in dynamicReferences {
            guard case .dynamicReference(_, let initial) = schemas[reference.owner].assertions[reference.place] else { continue }
            let candidates = resources.dynamicAnchors(reference.name).filter {
                resourcesInUse[$0.resource.number]?.contains(reference.formats) == true
            }
            schemas[reference.owner].assertions[reference.place] = .dynamicReference(
                candidates: candidates.map { resource, node in
                    Assertion.ResourceSchema(
                        resource: resource.number, schema: schema(at: node, reference.selection, formats: reference.formats))
                },
                initial: initial
            )
        }
        return !pending.isEmpty
    }

    /// Whether the file is an OpenAPI 3.0 document, in which nothing beside a `$ref` counts.
    func ignoresReferenceSiblings(_ node: DocumentNode) -> Bool {
        store.knownFile(realPath: node.realPath)?.root["openapi"]?.scalar?.text.hasPrefix("3.0") ?? false
    }
}
