import CodegenModel

/// Finds the shapes of schemas, each once.
final class SchemaShapes {
    static let deepest = 64

    let schemas: SchemaReader
    let references: ReferenceResolver
    let merger: SchemaMerger
    let diagnostics: DiagnosticCollector
    private var known: [ObjectIdentifier: SchemaShape] = [:]
    private var open: Set<ObjectIdentifier> = []
    /// Schemas with a `discriminator` and no alternatives, and the schemas that extend them (OpenAPI 3.1, section 4.8.25).
    private var children: [ObjectIdentifier: [DocumentNode]] = [:]

    init(schemas: SchemaReader, references: ReferenceResolver, merger: SchemaMerger, diagnostics: DiagnosticCollector) {
        self.schemas = schemas
        self.references = references
        self.merger = merger
        self.diagnostics = diagnostics
    }

    /// Looks through a document's components for those that extend one with a `discriminator`. Called before any shape is asked for.
    func noteInheritance(_ components: [DocumentNode.Member]) {
        for member in components {
            // The nodes themselves: to read the schemas is for later, when it is known whose they are.
            for part in member.value["allOf"]?.elements ?? [] {
                guard part["$ref"] != nil, let base = references.resolve(part)?.node, base["discriminator"] != nil, base["oneOf"] == nil,
                    base["anyOf"] == nil
                else { continue }
                children[base.id, default: []].append(member.value)
            }
        }
    }

    /// The shape of the schema at `node`.
    func shape(of node: DocumentNode) -> SchemaShape {
        if let shape = known[node.id] { return shape }
        // A schema among its own alternatives adds nothing to what they are.
        guard open.count < Self.deepest, open.insert(node.id).inserted else {
            return SchemaShape(kind: .any, isNullable: false, schema: Schema(node: node))
        }
        defer { open.remove(node.id) }
        let shape = findShape(of: node)
        known[node.id] = shape
        return shape
    }

    private func findShape(of node: DocumentNode) -> SchemaShape {
        let raw = schemas.schema(at: node)
        if let reference = raw.reference, merger.isPlainReference(raw) {
            // The whole chain is followed here only to see that it ends.
            guard references.resolve(node) != nil, let target = references.target(of: reference) else {
                return SchemaShape(kind: .any, isNullable: false, schema: raw)
            }
            return SchemaShape(kind: .reference(target), isNullable: raw.isNullable, schema: raw)
        }
        if raw.allOf.count == 1, raw.hasOnlyAllOf, !merger.isPart(node) {
            return SchemaShape(kind: .wrapper(raw.allOf[0]), isNullable: raw.isNullable, schema: raw)
        }
        let schema = merger.merged(node)
        if !schema.alternatives.isEmpty { return withAlternatives(schema) }
        if let union = inheritance(schema) { return SchemaShape(kind: .union(union), isNullable: schema.isNullable, schema: schema) }
        return plain(schema)
    }

    // MARK: Without alternatives

    func plain(_ schema: Schema) -> SchemaShape {
        if schema.isNever { return SchemaShape(kind: .any, isNullable: false, schema: schema) }
        if schema.isNullOnly { return SchemaShape(kind: .scalar(.null), isNullable: false, schema: schema) }
        if let types = schema.types, types.count > 1 { return severalTypes(types, schema) }
        let hasNull = schema.enumValues?.contains { $0.scalar?.isNull == true } ?? false
        let isNullable = schema.isNullable || (hasNull && schema.types == nil)
        guard let type = schema.types?.first ?? schema.impliedType else {
            return SchemaShape(kind: .any, isNullable: schema.isNullable, schema: schema)
        }
        return SchemaShape(kind: plainKind(type, schema), isNullable: isNullable, schema: schema)
    }

    private func plainKind(_ type: JSONType, _ schema: Schema) -> SchemaShape.Kind {
        switch type {
        case .object: return objectKind(schema)
        case .array: return schema.prefixItems.isEmpty ? .array : .tuple
        case .string:
            if let values = schema.enumValues { return .stringEnum(values, isOpen: schema.isExtensible) }
            if let constant = schema.constant, constant.string != nil { return .stringEnum([constant], isOpen: false) }
            return .scalar(.string)
        case .integer:
            guard let values = schema.enumValues, isPlainInteger(schema) else { return .scalar(.integer) }
            return .integerEnum(values, isOpen: schema.isExtensible)
        case .boolean, .number, .null: return .scalar(type)
        }
    }

    /// Of Swift's two signed sizes, and with no bounds beside its values.
    func isPlainInteger(_ schema: Schema) -> Bool {
        let isSized = schema.format == nil || schema.format == "int32" || schema.format == "int64"
        return isSized && schema.constraints.ofNumbers.isEmpty && schema.constant == nil
    }

    private func objectKind(_ schema: Schema) -> SchemaShape.Kind {
        let additional = schema.additionalProperties
        if !schema.properties.isEmpty || !schema.required.isEmpty { return .object }
        if !schema.patternProperties.isEmpty { return .map }
        if additional?.scalar?.boolean == false { return .object }
        guard let additional, additional.scalar?.boolean != true, !additional.members.isEmpty else { return .anyObject }
        return .map
    }

    /// `type: [string, integer]`: an alternative a type, each with the keywords that speak of it.
    private func severalTypes(_ types: [JSONType], _ schema: Schema) -> SchemaShape {
        let values = schema.constant.map { [$0] } ?? schema.enumValues
        let variants = types.compactMap { type -> SchemaShape.Union.Variant? in
            var part = schema
            part.types = [type]
            part.isNullable = false
            part.constant = nil
            part.description = nil
            if let values {
                part.enumValues = values.filter { $0.jsonType == type || ($0.jsonType == .integer && type == .number) }
                if part.enumValues?.isEmpty == true { return nil }
            }
            if type != .string { (part.contentEncoding, part.contentMediaType) = (nil, nil) }
            if let format = schema.format, let spokenOf = SchemaFormats.types[format], spokenOf != type { part.format = nil }
            let node = merger.part(part, of: schema.node)
            return .init(node: node, origin: node, type: type)
        }
        if variants.count == 1 { return SchemaShape(kind: .wrapper(variants[0].node), isNullable: schema.isNullable, schema: schema) }
        return SchemaShape(kind: .union(.init(keyword: "type", variants: variants)), isNullable: schema.isNullable, schema: schema)
    }

    /// A schema with a `discriminator` whose alternatives are the schemas that extend it.
    private func inheritance(_ schema: Schema) -> SchemaShape.Union? {
        guard let discriminator = schema.discriminator, schema.node["$ref"] == nil else { return nil }
        var nodes: [DocumentNode] = []
        for entry in discriminator.mapping {
            guard let target = references.mappingTarget(entry.value)?.node, target !== schema.node else { continue }
            if !nodes.contains(where: { $0 === target }) { nodes.append(target) }
        }
        for child in children[schema.node.id] ?? [] where !nodes.contains(where: { $0 === child }) { nodes.append(child) }
        let extending = nodes.filter { extends($0, schema.node, depth: 0) }
        guard !extending.isEmpty, extending.count == nodes.count else { return nil }
        return .init(keyword: "oneOf", variants: nodes.map { .init(node: $0, origin: $0) }, discriminator: discriminator)
    }

    private func extends(_ node: DocumentNode, _ base: DocumentNode, depth: Int) -> Bool {
        guard depth < Self.deepest else { return false }
        return schemas.schema(at: node).allOf.contains { part in
            guard part["$ref"] != nil, let target = references.resolve(part)?.node else { return false }
            return target === base || extends(target, base, depth: depth + 1)
        }
    }
}

extension Schema {
    /// `allOf` with nothing but annotations beside it.
    fileprivate var hasOnlyAllOf: Bool {
        node.members.allSatisfy { $0.key == "allOf" || SchemaMerger.annotations.contains($0.key) || $0.key.hasPrefix("x-") }
    }
}
