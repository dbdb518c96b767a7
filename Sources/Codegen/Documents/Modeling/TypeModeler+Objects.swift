import CodegenModel

extension TypeModeler {
    /// The struct of an object schema.
    func objectType(_ schema: Schema, name: String) -> ObjectType {
        let required = Set(schema.required.map(\.name))
        let declared = Set(schema.properties.map(\.key))
        let additional = additionalProperties(schema, name: name)
        var scope = NameScope(reserved: additional.isTyped ? ["additionalProperties"] : [])
        let key = componentKeys[schema.node.id]
        var properties: [Property] = []
        var forbidden: [String] = []
        for member in schema.properties {
            if context.merger.merged(member.value).isNever {
                forbidden.append(member.key)
                continue
            }
            let property = property(member, isRequired: required.contains(member.key), owner: name, ownerKey: key, scope: &scope)
            noteDefault(of: member.value, name: name, index: properties.count, type: property.type)
            properties.append(property)
        }
        var undeclared: Set<String> = []
        for entry in schema.required where !declared.contains(entry.name) && undeclared.insert(entry.name).inserted {
            properties.append(undeclaredProperty(entry, among: declared, additional: additional, scope: &scope))
        }
        return ObjectType(
            properties: properties, additional: additional, forbidden: forbidden, minProperties: schema.constraints.minProperties,
            maxProperties: schema.constraints.maxProperties,
            closing: isClosedByEvaluation(schema) ? .unevaluatedProperties : .additionalProperties
        )
    }

    private func isClosedByEvaluation(_ schema: Schema) -> Bool {
        schema.additionalProperties.map { $0 === schema.node["unevaluatedProperties"] } ?? false
    }

    private func property(
        _ member: DocumentNode.Member, isRequired: Bool, owner: String, ownerKey: String?, scope: inout NameScope
    ) -> Property {
        let merged = context.merger.merged(member.value)
        let written = context.merger.isMade(member.value) ? merged : context.schemas.schema(at: member.value)
        let chosen = context.chosenName(ownerKey.map { "\($0).\(member.key)" }, member.value)
        var property = Property(
            name: member.key, swiftName: scope.claim(chosen.map(Namer.escaped) ?? Namer.member(member.key)),
            description: written.description, type: TypeUse(.string), isRequired: isRequired, isDeprecated: written.isDeprecated,
            isReadOnly: written.isReadOnly || merged.isReadOnly,
            isWriteOnly: written.isWriteOnly || merged.isWriteOnly
        )
        if member.value["$ref"] == nil, let constant = constant(merged) {
            property.constant = constant
        } else {
            property.type = use(of: member.value, hint: owner + " " + member.key)
        }
        return property
    }

    /// A member that is required and not described: any value will do, and it is kept.
    private func undeclaredProperty(
        _ entry: (name: String, node: DocumentNode), among declared: Set<String>, additional: AdditionalProperties, scope: inout NameScope
    ) -> Property {
        if let near = NearName.of(entry.name, among: declared.sorted()) {
            diagnostics.report(
                .requiredUndeclared, "`\(entry.name)` is required but not among the properties", at: entry.node.position,
                help: "did you mean `\(near)`?"
            )
        }
        var type = TypeUse(.any)
        if case .typed(let use) = additional { type = use }
        return Property(name: entry.name, swiftName: scope.claim(Namer.member(entry.name)), type: type, isRequired: true)
    }

    /// The only string a property can be, when it is written in place.
    private func constant(_ schema: Schema) -> String? {
        guard !schema.isNullable, schema.types == nil || schema.types == [.string], schema.alternatives.isEmpty else { return nil }
        if let constant = schema.constant?.string { return constant }
        guard let values = schema.enumValues, values.count == 1, !schema.isExtensible else { return nil }
        return values[0].string
    }

    private func additionalProperties(_ schema: Schema, name: String) -> AdditionalProperties {
        if let use = patternedUse(schema, hint: name) { return .typed(use) }
        guard let node = schema.additionalProperties else { return options.keepsAdditionalProperties ? .typed(TypeUse(.any)) : .ignored }
        if let boolean = node.scalar?.boolean { return boolean ? .typed(TypeUse(.any)) : .forbidden }
        return .typed(use(of: node, hint: name + " value"))
    }

    /// What members can be whose names match a pattern; nil when no patterns are given. Where others are allowed too, or several patterns
    /// ask for different things, they are kept as any JSON.
    func patternedUse(_ schema: Schema, hint: String) -> TypeUse? {
        guard let first = schema.patternProperties.first else { return nil }
        guard schema.additionalProperties?.scalar?.boolean == false else { return TypeUse(.any) }
        let equality = SchemaEquality(references: context.references)
        guard schema.patternProperties.allSatisfy({ equality.holds($0.value, first.value) }) else { return TypeUse(.any) }
        return use(of: first.value, hint: hint + " value")
    }

    // MARK: Tuples

    /// The struct of an array whose first items have schemas of their own (`prefixItems`).
    func tupleType(_ schema: Schema, name: String) -> ObjectType {
        var additional = AdditionalProperties.typed(TypeUse(.any))
        if let items = schema.items {
            additional = context.merger.merged(items).isNever ? .forbidden : .typed(use(of: items, hint: name + " item"))
        }
        var scope = NameScope(reserved: additional.isTyped ? ["items"] : [])
        let properties = schema.prefixItems.enumerated().map { index, node in
            let item = context.schemas.schema(at: node)
            let word = item.title ?? "item \(index + 1)"
            return Property(
                name: String(index), swiftName: scope.claim(Namer.member(word)), description: item.description,
                type: use(of: node, hint: name + " " + word), isRequired: index < schema.constraints.minItems ?? 0,
                isDeprecated: item.isDeprecated
            )
        }
        return ObjectType(
            properties: properties, additional: additional, isTuple: true, minProperties: schema.constraints.minItems,
            maxProperties: schema.constraints.maxItems
        )
    }
}

extension AdditionalProperties {
    fileprivate var isTyped: Bool { if case .typed = self { true } else { false } }
}
