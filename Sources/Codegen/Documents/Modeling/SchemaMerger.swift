import CodegenModel

/// Gives schemas in one piece: references followed, `allOf` merged, `oneOf` and `anyOf` of all parts side by side.
///
/// A merged schema's subschemas are nodes as ever. Where two parts speak of the same member, the node is one made here, `allOf` of both, so
/// that the merging goes on by itself when the member is looked at.
final class SchemaMerger {
    private static let deepest = 64
    /// Alternatives within alternatives multiply; no document that people write comes near.
    private static let mostMade = 50_000

    private let schemas: SchemaReader
    let references: ReferenceResolver
    private let store: DocumentStore
    let diagnostics: DiagnosticCollector
    private var known: [ObjectIdentifier: Schema] = [:]
    private var open: Set<ObjectIdentifier> = []
    /// Nodes made here; what is known of them is known by their identity.
    private var made: [ObjectIdentifier: DocumentNode] = [:]
    private var parts: Set<ObjectIdentifier> = []
    private var combined: [Pair: DocumentNode] = [:]
    /// For a node made of an alternative and what holds beside it: the alternatives, and their schemas, that lead to it.
    private var expansions: [ObjectIdentifier: Set<ObjectIdentifier>] = [:]
    /// While contradictions are counted and not reported.
    private var conflicts: Int?
    private var ignoresSiblings: [String: Bool] = [:]

    private struct Pair: Hashable {
        let first: ObjectIdentifier
        let second: ObjectIdentifier
    }

    init(schemas: SchemaReader, references: ReferenceResolver, store: DocumentStore, diagnostics: DiagnosticCollector) {
        self.schemas = schemas
        self.references = references
        self.store = store
        self.diagnostics = diagnostics
    }

    /// The schema at `node` in one piece. What cannot be merged is reported and left out.
    func merged(_ node: DocumentNode) -> Schema {
        if let schema = known[node.id] { return schema }
        let schema = schemas.schema(at: node)
        guard schema.reference != nil || !schema.allOf.isEmpty else {
            let merged = closed(withAlternatives(schema))
            known[node.id] = merged
            return merged
        }
        guard open.insert(node.id).inserted else {
            diagnostics.report(.recursiveType, "the schema is part of its own `allOf`", at: schema.position)
            return Schema(node: node)
        }
        defer { open.remove(node.id) }
        guard open.count <= Self.deepest else {
            diagnostics.report(.documentTooLarge, "`allOf` is nested more than \(Self.deepest) levels deep", at: schema.position)
            return Schema(node: node)
        }
        let merged = closed(merge(schema))
        known[node.id] = merged
        return merged
    }

    private func merge(_ schema: Schema) -> Schema {
        var parts: [(schema: Schema, position: SourcePosition)] = []
        if let reference = schema.reference {
            guard references.resolve(schema.node) != nil, let target = references.target(of: reference) else {
                return Schema(node: schema.node)
            }
            let referred = merged(target.node)
            if isPlainReference(schema) {
                var result = referred
                result.isNullable = result.isNullable || schema.isNullable
                return result
            }
            parts.append((referred, schema.position))
        }
        for part in schema.allOf where references.resolve(part) != nil { parts.append((merged(part), part.position)) }
        var own = schema
        own.reference = nil
        own.allOf = []
        own = withAlternatives(own)
        guard var result = parts.first?.schema else { return own }
        for part in parts.dropFirst() { result = intersection(result, part.schema, at: part.position) }
        result = intersection(result, own, at: schema.position)
        result.node = schema.node
        result.isNullable = result.isNullable || schema.isNullable
        if !isMade(schema.node) {
            // A part's annotations speak of the part.
            result.title = schema.title
            result.description = schema.description
            result.isDeprecated = schema.isDeprecated
        }
        result.defaultValue = schema.defaultValue ?? result.defaultValue
        result.discriminator = schema.discriminator
        return result
    }

    private func withAlternatives(_ schema: Schema) -> Schema {
        var result = schema
        if !schema.oneOf.isEmpty {
            result.alternatives.append(
                .init(keyword: "oneOf", owner: schema.node, nodes: schema.oneOf, discriminator: schema.discriminator))
        }
        if !schema.anyOf.isEmpty {
            let discriminator = schema.oneOf.isEmpty ? schema.discriminator : nil
            result.alternatives.append(.init(keyword: "anyOf", owner: schema.node, nodes: schema.anyOf, discriminator: discriminator))
        }
        result.oneOf = []
        result.anyOf = []
        return result
    }

    // MARK: References

    /// A `$ref` with nothing beside it that says more about the value (in OpenAPI 3.0: with nothing that counts).
    func isPlainReference(_ schema: Schema) -> Bool {
        guard schema.reference != nil else { return false }
        let siblings = schema.node.members.filter {
            !Self.annotations.contains($0.key) && !Self.isAssertion($0.key) && !$0.key.hasPrefix("x-")
        }
        if siblings.isEmpty { return true }
        guard referencesStandAlone(in: schema.node.realPath) else { return false }
        for member in siblings where SchemaFields.table.read.contains(member.key) {
            diagnostics.report(
                .referenceSiblings, "`\(member.key)` beside `$ref` has no effect in OpenAPI 3.0", at: member.keyPosition,
                help: "write `allOf: [{$ref: …}]` with it, or use OpenAPI 3.1"
            )
        }
        return true
    }

    private func referencesStandAlone(in file: String) -> Bool {
        if let known = ignoresSiblings[file] { return known }
        let version = store.knownFile(realPath: file)?.root["openapi"]?.string
        let answer = version?.hasPrefix("3.0.") ?? false
        ignoresSiblings[file] = answer
        return answer
    }

    /// Keywords that may stand beside `$ref`, or beside a lone `allOf`, without making another type of it.
    static let annotations: Set<String> = [
        "$ref", "description", "title", "default", "deprecated", "nullable", "example", "examples", "readOnly", "writeOnly", "externalDocs",
        "$comment", "xml", "summary", "$id", "$anchor", "$dynamicAnchor", "$defs", "definitions", "$schema",
    ]

    /// A keyword that assertions check and that makes no other type.
    private static func isAssertion(_ keyword: String) -> Bool {
        keyword != "patternProperties" && SchemaKeywords.untyped.contains(keyword)
    }

    // MARK: Made nodes

    /// Whether `node` is `whole` itself, or one of the alternatives that were taken on the way to it: among the alternatives of `whole` it
    /// adds nothing.
    func isExpanded(_ node: DocumentNode, in whole: DocumentNode) -> Bool {
        node === whole || expansions[whole.id]?.contains(node.id) ?? false
    }

    /// A node for `variant` with all that `rest` asks for beside it.
    /// - Parameter whole: The schema that holds `variant` among its alternatives, and `rest`.
    func combine(_ variant: DocumentNode, with rest: Schema, of whole: DocumentNode) -> DocumentNode {
        let pair = Pair(first: variant.id, second: whole.id)
        if let node = combined[pair] { return node }
        guard made.count < Self.mostMade else {
            diagnostics.report(
                .documentTooLarge, "the alternatives of the schema multiply to more than \(Self.mostMade)", at: whole.position)
            return variant
        }
        let node = allOf([variant, whole], at: variant)
        combined[pair] = node
        let earlier = expansions[whole.id] ?? []
        expansions[node.id] = earlier.union([whole.id, references.resolve(variant)?.node.id ?? variant.id])
        let schema = merged(variant)
        // An alternative that contradicts what stands beside it is no mistake: it is one that never comes.
        conflicts = 0
        var result = intersection(rest, schema, at: variant.position)
        if conflicts ?? 0 > 0 { result.isNever = true }
        conflicts = nil
        result.node = node
        result.title = schema.title
        result.description = schema.description ?? rest.description
        result.discriminator = schema.discriminator
        known[node.id] = result
        return node
    }

    /// A node that stands for `schema`, which is a part of what the node `whole` says.
    func part(_ schema: Schema, of whole: DocumentNode) -> DocumentNode {
        let node = allOf([whole], at: whole)
        var schema = schema
        schema.node = node
        known[node.id] = schema
        parts.insert(node.id)
        return node
    }

    /// Whether the node was made by ``part(_:of:)``: what it stands for is known here only.
    func isPart(_ node: DocumentNode) -> Bool { parts.contains(node.id) }

    /// Whether the node was made here, and is no part of a document.
    func isMade(_ node: DocumentNode) -> Bool { made[node.id] != nil }

    private func allOf(_ nodes: [DocumentNode], at origin: DocumentNode) -> DocumentNode {
        let node = DocumentNode.allOf(nodes, at: origin)
        made[node.id] = node
        return node
    }

    /// A node for what satisfies both; one of the two where that says it all.
    private func both(_ first: DocumentNode, _ second: DocumentNode) -> DocumentNode {
        let pair = Pair(first: first.id, second: second.id)
        if let node = combined[pair] { return node }
        let node = findBoth(first, second)
        combined[pair] = node
        return node
    }

    private func findBoth(_ first: DocumentNode, _ second: DocumentNode) -> DocumentNode {
        guard let one = references.resolve(first)?.node, let other = references.resolve(second)?.node else { return second }
        let (early, late) = (schemas.schema(at: one), schemas.schema(at: other))
        if one === other || SchemaEquality(references: references).holds(first, second) { return second }
        if early.saysNothingButTypes, early.types == nil || (early.types == late.types && early.isNullable == late.isNullable) {
            return second
        }
        if late.saysNothingButTypes, late.description == nil,
            late.types == nil || late.types == early.types && early.isNullable == late.isNullable
        {
            return first
        }
        // `second` is a special case of `first`: one of its parts is just that.
        if late.allOf.contains(where: { references.resolve($0)?.node === one }) { return second }
        return allOf([first, second], at: second)
    }
}

// MARK: Intersection

extension SchemaMerger {
    /// What satisfies both; contradictions are reported at `position`.
    private func intersection(_ first: Schema, _ second: Schema, at position: SourcePosition) -> Schema {
        var result = first
        mergeTypes(second, into: &result, at: position)
        mergeValues(second, into: &result, at: position)
        result.title = second.title ?? first.title
        result.description = second.description ?? first.description
        result.isDeprecated = first.isDeprecated || second.isDeprecated
        result.isReadOnly = first.isReadOnly || second.isReadOnly
        result.isWriteOnly = first.isWriteOnly || second.isWriteOnly
        result.isNever = first.isNever || second.isNever
        result.defaultValue = second.defaultValue ?? first.defaultValue
        result.format = second.format ?? first.format
        result.contentMediaType = second.contentMediaType ?? first.contentMediaType
        result.contentEncoding = second.contentEncoding ?? first.contentEncoding
        result.contentSchema = second.contentSchema ?? first.contentSchema
        result.constraints = first.constraints.and(second.constraints)
        warnOfClosed(first, second)
        warnOfClosed(second, first)
        for property in second.properties { add(property, to: &result) }
        result.required += second.required
        result.additionalProperties = additional(first.additionalProperties, second.additionalProperties)
        result.patternProperties += second.patternProperties
        result.items = first.items.map { items in second.items.map { both(items, $0) } ?? items } ?? second.items
        for (index, item) in second.prefixItems.enumerated() {
            if index < result.prefixItems.count {
                result.prefixItems[index] = both(result.prefixItems[index], item)
            } else {
                result.prefixItems.append(item)
            }
        }
        result.alternatives += second.alternatives
        return result
    }

    private func mergeTypes(_ second: Schema, into result: inout Schema, at position: SourcePosition) {
        guard let types = second.types else {
            result.isNullable = result.isNullable || second.isNullable
            return
        }
        guard let earlier = result.types else {
            result.types = types
            result.isNullable = result.isNullable || second.isNullable
            return
        }
        let isNullable = result.isNullable && second.isNullable
        var common: [JSONType] = []
        for type in earlier {
            if types.contains(type) {
                common.append(type)
            } else if type == .number, types.contains(.integer) {
                common.append(.integer)
            } else if type == .integer, types.contains(.number) {
                common.append(.integer)
            }
        }
        if common.isEmpty, !isNullable {
            return reportConflict("the parts of `allOf` are of different types: \(earlier.listed) and \(types.listed)", at: position)
        }
        result.types = common
        result.isNullable = isNullable
    }

    private func mergeValues(_ second: Schema, into result: inout Schema, at position: SourcePosition) {
        result.isExtensible = result.isExtensible || second.isExtensible
        guard let values = second.constant.map({ [$0] }) ?? second.enumValues else { return }
        guard let earlier = result.constant.map({ [$0] }) ?? result.enumValues else {
            (result.constant, result.enumValues) = (second.constant, second.enumValues)
            return
        }
        let equality = SchemaEquality(references: references)
        let common = values.filter { value in earlier.contains { equality.isSameValue($0, value) } }
        if common.isEmpty {
            return reportConflict("no value is allowed by all parts of `allOf`", at: position)
        }
        if second.constant != nil || result.constant != nil {
            (result.constant, result.enumValues) = (common[0], nil)
        } else {
            result.enumValues = common
        }
    }

    /// A property that an earlier part has too must satisfy both.
    private func add(_ property: DocumentNode.Member, to result: inout Schema) {
        guard let index = result.properties.firstIndex(where: { $0.key == property.key }) else {
            result.properties.append(property)
            return
        }
        let earlier = result.properties[index]
        let (first, second) = (types(of: earlier.value), types(of: property.value))
        if let first, let second, !first.overlaps(second) {
            return reportConflict(
                "`\(property.key)` is \(first.listed) in one part of `allOf` and \(second.listed) here", at: property.keyPosition)
        }
        let value = both(earlier.value, property.value)
        result.properties[index] = value === earlier.value ? earlier : property.with(value)
    }

    private func reportConflict(_ message: String, at position: SourcePosition) {
        if let count = conflicts { conflicts = count + 1 } else { diagnostics.report(.allOfConflict, message, at: position) }
    }

    private func types(of node: DocumentNode) -> [JSONType]? {
        guard let target = references.resolve(node)?.node else { return nil }
        let schema = schemas.schema(at: target)
        guard let types = schema.types ?? schema.impliedType.map({ [$0] }), !types.isEmpty else { return nil }
        return schema.isNullable ? types + [.null] : types
    }

    private func additional(_ first: DocumentNode?, _ second: DocumentNode?) -> DocumentNode? {
        guard let first, let second else { return first ?? second }
        if first.scalar?.boolean == false || second.scalar?.boolean == true { return first }
        if second.scalar?.boolean == false || first.scalar?.boolean == true { return second }
        return both(first, second)
    }
}

extension [JSONType] {
    /// For messages: `string or integer`.
    fileprivate var listed: String { map(\.rawValue).joined(separator: " or ") }

    fileprivate func overlaps(_ other: [JSONType]) -> Bool {
        contains { type in
            other.contains(type) || (type == .number && other.contains(.integer)) || (type == .integer && other.contains(.number))
        }
    }
}
