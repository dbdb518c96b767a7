import CodegenModel

/// What a schema is: which kind of type it gives, whether null is allowed, and the schema in one piece to make the type of.
struct SchemaShape {
    /// The alternatives of a union.
    struct Union {
        /// `oneOf`, `anyOf`, or `type`.
        var keyword: String
        var variants: [Variant]
        var discriminator: Schema.Discriminator?

        struct Variant {
            /// The alternative with all that holds beside it.
            var node: DocumentNode
            /// The alternative as the document has it.
            var origin: DocumentNode
            /// The one type, of a schema that lists several.
            var type: JSONType?
        }
    }

    enum Kind {
        case reference(ReferenceResolver.Target)
        /// Another schema with annotations around it, or with null beside it.
        case wrapper(DocumentNode)
        case object
        case tuple
        case stringEnum([DocumentNode], isOpen: Bool)
        case union(Union)
        case array
        case map
        case anyObject
        case any
        case scalar(JSONType)
    }

    var kind: Kind
    var isNullable: Bool
    var schema: Schema

    /// Whether it gets a declaration.
    var isDeclared: Bool {
        switch kind {
        case .object, .tuple, .stringEnum, .union: true
        default: false
        }
    }
}

/// Finds the shapes of schemas, each once.
final class SchemaShapes {
    private static let deepest = 64

    private let schemas: SchemaReader
    private let references: ReferenceResolver
    private let merger: SchemaMerger
    private let diagnostics: DiagnosticCollector
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

    private func plain(_ schema: Schema) -> SchemaShape {
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
        case .boolean, .integer, .number, .null: return .scalar(type)
        }
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

// MARK: Alternatives

extension SchemaShapes {
    /// `oneOf` and `anyOf`: without null, an enum in parts, an open enum, a union, or no more than an assertion.
    private func withAlternatives(_ schema: Schema) -> SchemaShape {
        var rest = schema
        rest.alternatives = []
        var isNullable = schema.isNullable
        var unions: [Schema.Alternatives] = []
        for group in schema.alternatives {
            var group = group
            let (nodes, allowsNull) = withoutNull(group)
            group.nodes = nodes
            // Beside a type that has no null, null among the alternatives has no effect.
            if allowsNull, rest.types == nil || schema.isNullable { isNullable = true }
            if isAssertion(group, beside: rest) || nodes.isEmpty { continue }
            unions.append(group)
        }
        guard let union = unions.first else {
            if schema.alternatives.allSatisfy({ withoutNull($0).nodes.isEmpty }), rest.isEmpty {
                return SchemaShape(kind: .scalar(.null), isNullable: false, schema: rest)
            }
            var shape = plain(rest)
            shape.isNullable = shape.isNullable || isNullable
            return shape
        }
        rest.alternatives = Array(unions.dropFirst())
        var shape = self.shape(of: union, beside: rest, whole: schema)
        shape.isNullable = shape.isNullable || isNullable
        return shape
    }

    private func shape(of group: Schema.Alternatives, beside rest: Schema, whole: Schema) -> SchemaShape {
        var group = group
        group.nodes = group.nodes.filter { node in
            references.resolve(node).map { !merger.isExpanded($0.node, in: whole.node) } ?? true
        }
        guard !group.nodes.isEmpty else { return plain(rest) }
        let merged = group.nodes.map { merger.merged($0) }
        let standsAlone = rest.saysNothingButTypes && merged.allSatisfy { accepts(rest.types, $0) }
        if standsAlone, group.nodes.count > 1, let values = enumValues(merged, whole) {
            return SchemaShape(kind: .stringEnum(values.values, isOpen: values.isOpen), isNullable: false, schema: whole)
        }
        let variants = group.nodes.map { node in
            SchemaShape.Union.Variant(node: standsAlone ? node : merger.combine(node, with: rest, of: whole.node), origin: node)
        }
        .filter { standsAlone || !merger.merged($0.node).isNever }
        if variants.isEmpty {
            diagnostics.report(.allOfConflict, "every alternative contradicts what stands beside it", at: whole.position)
            return plain(rest)
        }
        if variants.count == 1 { return SchemaShape(kind: .wrapper(variants[0].node), isNullable: false, schema: whole) }
        if group.keyword == "anyOf", group.discriminator == nil, let object = objectOfAny(variants, whole) {
            return SchemaShape(kind: .object, isNullable: false, schema: object)
        }
        let union = SchemaShape.Union(keyword: group.keyword, variants: variants, discriminator: group.discriminator)
        return SchemaShape(kind: .union(union), isNullable: false, schema: whole)
    }

    /// The alternatives that are more than null, each once; and whether null is one.
    private func withoutNull(_ group: Schema.Alternatives) -> (nodes: [DocumentNode], allowsNull: Bool) {
        let equality = SchemaEquality(references: references)
        var allowsNull = false
        var kept: [DocumentNode] = []
        for node in group.nodes {
            let schema = merger.merged(node)
            if schema.isNever { continue }
            if schema.isNullOnly {
                allowsNull = true
                continue
            }
            if shape(of: node).isNullable || isNullable(at: node) { allowsNull = true }
            // A discriminator tells apart what is otherwise alike.
            if group.discriminator != nil || !kept.contains(where: { equality.holds($0, node) }) { kept.append(node) }
        }
        return (kept, allowsNull)
    }

    /// Through references, whether the schema allows null.
    private func isNullable(at node: DocumentNode) -> Bool {
        var node = node
        for _ in 0..<Self.deepest {
            let shape = shape(of: node)
            if shape.isNullable { return true }
            switch shape.kind {
            case .reference(let target): node = target.node
            case .wrapper(let inner): node = inner
            default: return false
            }
        }
        return false
    }

    private func accepts(_ types: [JSONType]?, _ schema: Schema) -> Bool {
        guard let types else { return true }
        guard let own = schema.types ?? schema.impliedType.map({ [$0] }) else { return !schema.alternatives.isEmpty }
        return own.allSatisfy { types.contains($0) || ($0 == .integer && types.contains(.number)) }
    }

    /// Alternatives that only say which declared members are required, or which values they have: the type is told without them.
    private func isAssertion(_ group: Schema.Alternatives, beside rest: Schema) -> Bool {
        guard group.discriminator == nil else { return false }
        let declared = Set(rest.properties.map(\.key))
        return group.nodes.allSatisfy { node in
            let schema = merger.merged(node)
            guard schema.types == nil || schema.types == [.object], schema.enumValues == nil, schema.constant == nil, schema.items == nil,
                schema.alternatives.isEmpty, schema.patternProperties.isEmpty, schema.prefixItems.isEmpty, schema.format == nil,
                node["$ref"] == nil,
                schema.additionalProperties == nil || schema.additionalProperties?.scalar?.boolean == true
            else { return false }
            if rest.properties.isEmpty { return schema.properties.isEmpty && !schema.required.isEmpty }
            return schema.properties.allSatisfy { declared.contains($0.key) && isRefinement($0.value) }
        }
    }

    /// A property's schema that declares nothing of its own.
    private func isRefinement(_ node: DocumentNode) -> Bool {
        let schema = merger.merged(node)
        return schema.properties.isEmpty && schema.items == nil && schema.alternatives.isEmpty && schema.patternProperties.isEmpty
            && schema.prefixItems.isEmpty && schema.additionalProperties?.isMapping != true
    }

    /// `oneOf` of string constants; or `anyOf: [{enum: […]}, {type: string}]`, in either order.
    private func enumValues(_ schemas: [Schema], _ whole: Schema) -> (values: [DocumentNode], isOpen: Bool)? {
        if schemas.allSatisfy({ $0.constant?.string != nil && $0.properties.isEmpty }) {
            return (schemas.compactMap(\.constant), whole.isExtensible)
        }
        let enums = schemas.compactMap { schema in schema.enumValues ?? schema.constant.map { [$0] } }
        let strings = schemas.filter {
            $0.types == [.string] && $0.enumValues == nil && $0.constant == nil && SchemaFormats.isText($0.format)
        }
        guard schemas.count == 2, enums.count == 1, strings.count == 1, !enums[0].isEmpty, enums[0].allSatisfy({ $0.string != nil }) else {
            return nil
        }
        return (enums[0], true)
    }

    /// `anyOf` of objects that may hold all at once: one object with the members of all, required where each requires them.
    private func objectOfAny(_ variants: [SchemaShape.Union.Variant], _ whole: Schema) -> Schema? {
        let schemas = variants.map { merger.merged($0.node) }
        let areObjects = zip(schemas, variants).allSatisfy { schema, variant in
            guard schema.types == [.object] || (schema.types == nil && schema.impliedType == .object) else { return false }
            return schema.alternatives.isEmpty && schema.additionalProperties?.scalar?.boolean != false && !schema.properties.isEmpty
                && schema.discriminator == nil && variant.type == nil
        }
        guard areObjects, !haveSeparateValues(schemas) else { return nil }
        var result = schemas[0]
        var required = Set(result.required.map(\.name))
        for schema in schemas.dropFirst() {
            required.formIntersection(schema.required.map(\.name))
            for property in schema.properties {
                guard let earlier = result.properties.first(where: { $0.key == property.key }) else {
                    result.properties.append(property)
                    continue
                }
                // The same member with another schema in each: only a union tells them apart.
                guard SchemaEquality(references: references).holds(earlier.value, property.value) else { return nil }
            }
            result.patternProperties += schema.patternProperties
            result.additionalProperties = result.additionalProperties ?? schema.additionalProperties
        }
        result.node = whole.node
        result.required = result.required.filter { required.contains($0.name) }
        result.title = whole.title
        result.description = whole.description
        result.constraints = whole.constraints
        return result
    }

    /// Some property has a constant, or an enum, of its own in each: at most one of the schemas can hold.
    private func haveSeparateValues(_ schemas: [Schema]) -> Bool {
        schemas[0].properties.contains { property in
            var seen: Set<String> = []
            return schemas.allSatisfy { schema in
                guard let member = schema.properties.first(where: { $0.key == property.key }) else { return false }
                let value = merger.merged(member.value)
                guard let values = value.constant.map({ [$0] }) ?? value.enumValues, !value.isExtensible else { return false }
                return values.allSatisfy { $0.scalar.map { seen.insert($0.text).inserted } ?? false }
            }
        }
    }
}

extension Schema {
    /// `allOf` with nothing but annotations beside it.
    fileprivate var hasOnlyAllOf: Bool {
        node.members.allSatisfy { $0.key == "allOf" || SchemaMerger.annotations.contains($0.key) || $0.key.hasPrefix("x-") }
    }
}

extension ReferenceResolver {
    /// What a discriminator's mapping leads to: a reference, or the bare name of a component of the same document (OpenAPI 3.1, section
    /// 4.8.25); nil, without a diagnostic, for a name that is none.
    func mappingTarget(_ value: DocumentNode) -> Target? {
        guard let text = value.string else { return nil }
        if !text.contains("/"), !text.contains("#"), let component = component(named: text, from: value) {
            return Target(node: component, pointer: JSONPointer(tokens: ["components", "schemas", text]))
        }
        guard text.contains("/") || text.contains("#") || text.contains(".") else { return nil }
        return target(of: value).flatMap { resolve($0.node) }
    }
}

extension ReferenceResolver.Target {
    /// What the target is called: the component's key, the file's name for a whole file, the words on the way for something within.
    var componentName: String? {
        let keywords: Set<String> = ["components", "schemas", "properties", "items", "$defs", "definitions", "payload", "schema"]
        let words = pointer.tokens.filter { !keywords.contains($0) }
        return words.isEmpty ? Path.stem(of: node.realPath) : words.joined(separator: " ")
    }
}
