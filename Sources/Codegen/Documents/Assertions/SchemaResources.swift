import CodegenModel

/// The schema resources of a run and their names: `$id`, `$anchor`, `$dynamicAnchor`, and documents that are known by a URI.
///
/// A file without any of these keywords is one resource, whose references are paths and JSON pointers; it is never searched.
final class SchemaResources {
    /// What a reference names.
    enum Outcome {
        case found(DocumentNode, JSONPointer)
        /// It is a path, or a pointer into its own file.
        case path
        /// After a diagnostic.
        case nothing
    }

    private let store: DocumentStore
    private let diagnostics: DiagnosticCollector
    /// URI → path; a URI that ends in `/` stands for all below it.
    private let knownDocuments: [String: String]
    private var resources: [SchemaResource] = []
    private var byURI: [String: SchemaResource] = [:]
    private var byFile: [String: SchemaResource] = [:]
    /// By schemas, and by the values of their `$ref` and `$dynamicRef`, in files that use identifiers.
    private var byNode: [ObjectIdentifier: SchemaResource] = [:]
    private var preparedCount = 0
    private var vocabularies: [String: Vocabulary] = [:]

    init(store: DocumentStore, diagnostics: DiagnosticCollector, knownDocuments: [String: String]) {
        self.store = store
        self.diagnostics = diagnostics
        self.knownDocuments = knownDocuments
    }

    // MARK: Questions

    /// The resource that a schema, or the value of its `$ref`, belongs to.
    func resource(of node: DocumentNode) -> SchemaResource {
        prepare()
        if let resource = byNode[node.id] { return resource }
        return fileResource(realPath: node.realPath, root: store.knownFile(realPath: node.realPath)?.root ?? node)
    }

    /// What the value of a `$ref` or `$dynamicRef` names.
    func target(of reference: DocumentNode, _ text: String, _ diagnostics: DiagnosticCollector) -> Outcome {
        let (uri, fragment) = URIReference.split(text)
        let isPointer = fragment.map { $0.isEmpty || $0.hasPrefix("/") } ?? true
        let resource = resource(of: reference)
        var target = resource
        if uri.isEmpty {
            if isPointer, resource.isFile { return .path }
        } else {
            let absolute = URIReference(uri).resolved(against: resource.base)
            guard let named = named(absolute) else {
                if resource.isFile, absolute.scheme == "file" { return .path }
                diagnostics.report(
                    .referenceRemote, "a reference to another host (`\(absolute.text)`) is not followed", at: reference.position)
                return .nothing
            }
            target = named
        }
        return find(fragment ?? "", in: target, from: reference, text, diagnostics)
    }

    /// What a fragment names in a resource: a JSON pointer or an anchor.
    func find(
        _ fragment: String, in resource: SchemaResource, from reference: DocumentNode, _ text: String, _ diagnostics: DiagnosticCollector
    ) -> Outcome {
        prepare()
        guard let pointer = JSONPointer(fragment: fragment) else {
            if let node = resource.anchors[fragment] { return .found(node, JSONPointer(tokens: [fragment])) }
            diagnostics.report(
                .referenceUnresolved, "no schema has the anchor `\(fragment)`", at: reference.position,
                help: NearName.of(fragment, among: resource.anchors.keys.sorted()).map { "did you mean `\($0)`?" }
                    ?? "write a JSON pointer such as '#/components/schemas/Name', or give a schema that `$anchor`"
            )
            return .nothing
        }
        guard let node = pointer.node(below: resource.root) else {
            diagnostics.report(.referenceUnresolved, "nothing is at `\(text)`", at: reference.position)
            return .nothing
        }
        index(node, in: enclosing(pointer, below: resource))
        return .found(node, pointer)
    }

    /// The `$dynamicAnchor`s of a name, one for each resource that has it.
    func dynamicAnchors(_ name: String) -> [(resource: SchemaResource, node: DocumentNode)] {
        resources.compactMap { resource in resource.dynamicAnchors[name].map { (resource, $0) } }
    }

    // MARK: Vocabularies

    /// What a metaschema's `$vocabulary` says about the keywords of its schemas.
    struct Vocabulary {
        var hasValidation = true
        var assertsFormats = false
    }

    /// The vocabularies in force for a resource (JSON Schema 2020-12 core, section 8.1.2).
    func vocabulary(of resource: SchemaResource) -> Vocabulary {
        guard let dialect = resource.dialect else { return Vocabulary() }
        if let known = vocabularies[dialect] { return known }
        var vocabulary = Vocabulary()
        let names = named(URIReference(URIReference.split(dialect).uri))?.root["$vocabulary"]?.members.map(\.key) ?? []
        if !names.isEmpty {
            vocabulary.hasValidation = names.contains("https://json-schema.org/draft/2020-12/vocab/validation")
            vocabulary.assertsFormats = names.contains("https://json-schema.org/draft/2020-12/vocab/format-assertion")
        }
        vocabularies[dialect] = vocabulary
        return vocabulary
    }

    // MARK: Files

    /// The resource with an absolute URI, from the files read so far, the known documents and the metaschemas.
    private func named(_ uri: URIReference) -> SchemaResource? {
        prepare()
        let text = uri.text
        if let resource = byURI[text] { return resource }
        if let metaSchema = MetaSchemas.texts[text], let file = store.file(named: text, text: metaSchema) {
            return retrieved(file, as: uri)
        }
        guard let path = path(of: text), store.exists(path), let file = store.file(at: Path.normalized(path)) else { return nil }
        return retrieved(file, as: uri)
    }

    private func path(of uri: String) -> String? {
        if let path = knownDocuments[uri] { return path }
        let prefix = knownDocuments.keys.filter { $0.hasSuffix("/") && uri.hasPrefix($0) }.max { $0.count < $1.count }
        guard let prefix, let folder = knownDocuments[prefix] else { return nil }
        return Path.join(folder, String(uri.dropFirst(prefix.count)))
    }

    /// The resource of a file that was asked for by `uri`. It may have another `$id`; both name it.
    private func retrieved(_ file: SourceFile, as uri: URIReference) -> SchemaResource {
        if byFile[file.realPath] == nil {
            byFile[file.realPath] = add(file.root, base: uri, isFile: false, parent: nil)
        }
        prepare()
        let resource = byNode[file.root.id] ?? fileResource(realPath: file.realPath, root: file.root)
        byURI[uri.text] = resource
        return resource
    }

    private func fileResource(realPath: String, root: DocumentNode) -> SchemaResource {
        if let resource = byFile[realPath] { return resource }
        var base = URIReference(realPath)
        (base.scheme, base.authority) = ("file", "")
        let resource = add(root, base: base, isFile: true, parent: nil)
        byFile[realPath] = resource
        return resource
    }

    private func add(_ root: DocumentNode, base: URIReference, isFile: Bool, parent: SchemaResource?) -> SchemaResource {
        let dialect = root["$schema"]?.string ?? root["jsonSchemaDialect"]?.string ?? parent?.dialect
        let resource = SchemaResource(number: resources.count, root: root, base: base, isFile: isFile, dialect: dialect)
        resources.append(resource)
        if byURI[base.text] == nil { byURI[base.text] = resource }
        return resource
    }

    // MARK: Index

    /// Indexes files that were read since.
    private func prepare() {
        while preparedCount < store.filesWithIdentifiers.count {
            let file = store.filesWithIdentifiers[preparedCount]
            preparedCount += 1
            let resource = fileResource(realPath: file.realPath, root: file.root)
            if file.root["openapi"] == nil, file.root["asyncapi"] == nil {
                index(file.root, in: resource)
            } else {
                for schema in Self.schemaRoots(below: file.root) { index(schema, in: resource) }
            }
        }
    }

    /// The schemas that an API document holds, outermost ones only.
    private static func schemaRoots(below root: DocumentNode) -> [DocumentNode] {
        var found: [DocumentNode] = []
        var pending: [DocumentNode] = [root]
        while let node = pending.popLast() {
            pending += node.elements
            for member in node.members {
                switch member.key {
                case "schema", "payload", "itemSchema": found.append(member.value)
                case "schemas": found += member.value.members.map(\.value)
                case "example", "examples", "default", "enum", "const": continue
                default: if !member.key.hasPrefix("x-") { pending.append(member.value) }
                }
            }
        }
        return found
    }

    /// Notes the resource of a schema and of all below it.
    private func index(_ schema: DocumentNode, in resource: SchemaResource) {
        var pending = [(schema, resource)]
        while let (node, outer) = pending.popLast() {
            guard node.isMapping, byNode[node.id] == nil else { continue }
            let resource = identified(node, in: outer)
            byNode[node.id] = resource
            for keyword in ["$ref", "$dynamicRef"] { if let reference = node[keyword] { byNode[reference.id] = resource } }
            if let name = node["$anchor"]?.string { resource.anchors[name] = resource.anchors[name] ?? node }
            if let name = node["$dynamicAnchor"]?.string {
                resource.anchors[name] = resource.anchors[name] ?? node
                resource.dynamicAnchors[name] = resource.dynamicAnchors[name] ?? node
            }
            pending += SchemaKeywords.subschemas(of: node).map { ($0, resource) }
        }
    }

    /// The resource that begins at `node` with its `$id`, or the one around it.
    private func identified(_ node: DocumentNode, in outer: SchemaResource) -> SchemaResource {
        guard let identifier = node["$id"], let text = identifier.string else { return outer }
        let base = URIReference(URIReference.split(text).uri).resolved(against: outer.base)
        if base == outer.base { return outer }
        if let other = byURI[base.text], other.root !== node {
            diagnostics.report(
                .schemaIdentifier, "another schema has the URI `\(base.text)` too", at: identifier.position,
                help: "give each its own `$id`, or remove this one and refer to the other"
            )
            return outer
        }
        return add(node, base: base, isFile: false, parent: outer)
    }

    /// The innermost resource on the way of a pointer.
    private func enclosing(_ pointer: JSONPointer, below resource: SchemaResource) -> SchemaResource {
        var node = resource.root
        var innermost = resource
        for token in pointer.tokens {
            guard let next = node[token] ?? Int(token).flatMap({ node.elements.indices.contains($0) ? node.elements[$0] : nil }) else {
                break
            }
            if let known = byNode[next.id] { innermost = known }
            node = next
        }
        return innermost
    }
}
