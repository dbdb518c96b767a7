import CodegenModel

/// Schemas with alternatives.
extension SchemaShapes {
    /// `oneOf` and `anyOf`: without null, an enum in parts, an open enum, a union, or no more than an assertion.
    func withAlternatives(_ schema: Schema) -> SchemaShape {
        var rest = schema
        rest.alternatives = []
        var isNullable = schema.isNullable
        var unions: [Schema.Alternatives] = []
        var demands: [SchemaShape.Demand] = []
        for group in schema.alternatives {
            var group = group
            let (nodes, allowsNull) = withoutNull(group)
            group.nodes = nodes
            // Beside a type that has no null, null among the alternatives has no effect.
            if allowsNull, rest.types == nil || schema.isNullable { isNullable = true }
            if nodes.isEmpty { continue }
            if isAssertion(group, beside: rest) {
                demands.append(.keyword(group.keyword, group.owner))
                continue
            }
            unions.append(group)
        }
        guard let union = unions.first else {
            if schema.alternatives.allSatisfy({ withoutNull($0).nodes.isEmpty }), rest.isEmpty {
                return SchemaShape(kind: .scalar(.null), isNullable: false, schema: rest)
            }
            var shape = plain(rest)
            shape.isNullable = shape.isNullable || isNullable
            shape.demands += demands
            return shape
        }
        rest.alternatives = Array(unions.dropFirst())
        var shape = self.shape(of: union, beside: rest, whole: schema)
        shape.isNullable = shape.isNullable || isNullable
        shape.demands += demands
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
        if standsAlone, group.nodes.count > 1 {
            if let values = enumValues(merged, whole) {
                return SchemaShape(kind: .stringEnum(values.values, isOpen: values.isOpen), isNullable: false, schema: whole)
            }
            if let values = openIntegers(merged) {
                var shape = plain(values.schema)
                shape.kind = .integerEnum(values.values, isOpen: true)
                return shape
            }
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
            return SchemaShape(
                kind: .object, isNullable: false, schema: object, demands: [demand(ofAny: variants, in: group)].compactMap { $0 })
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

    /// `anyOf: [{type: integer, enum: […]}, {type: integer}]`, in either order.
    private func openIntegers(_ schemas: [Schema]) -> (values: [DocumentNode], schema: Schema)? {
        guard schemas.count == 2, schemas.allSatisfy({ ($0.types ?? $0.impliedType.map { [$0] }) == [.integer] }),
            let any = schemas.first(where: { $0.enumValues == nil }), let other = schemas.first(where: { $0.enumValues != nil }),
            isPlainInteger(any), isPlainInteger(other), let values = other.enumValues
        else { return nil }
        var schema = other
        schema.format = any.format
        return (values, schema)
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

    /// What ``objectOfAny(_:_:)`` leaves open: that at least one of the objects is there. Since the members of all are checked, only what they
    /// require tells, unless they say more than that.
    private func demand(ofAny variants: [SchemaShape.Union.Variant], in group: Schema.Alternatives) -> SchemaShape.Demand? {
        let told: Set<String> = ["type", "properties", "required"]
        let areTold = variants.allSatisfy { variant in
            guard let node = references.resolve(variant.origin)?.node else { return false }
            return node.members.allSatisfy { told.contains($0.key) || SchemaMerger.annotations.contains($0.key) || $0.key.hasPrefix("x-") }
        }
        guard areTold else { return .keyword(group.keyword, group.owner) }
        let required = variants.map { variant in
            references.resolve(variant.origin).map { schemas.schema(at: $0.node).required.map(\.name) } ?? []
        }
        return required.contains(where: \.isEmpty) ? nil : .anyRequired(required, group.owner)
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
