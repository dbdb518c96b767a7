import CodegenModel

extension TypeModeler {
    /// The struct of an object schema.
    func objectType(_ schema: Schema, name: String) -> ObjectType {
        let merged = MergedObject.of(schema, in: context)
        let required = Set(merged.required.map(\.name))
        let declared = Set(merged.properties.map(\.key))
        for entry in merged.required where !declared.contains(entry.name) {
            diagnostics.report(
                .requiredUndeclared, "`\(entry.name)` is required but not among the properties", at: entry.node.position,
                help: NearName.of(entry.name, among: declared.sorted()).map { "did you mean `\($0)`?" }
            )
        }
        if schema.discriminator != nil, let member = schema.node.member("discriminator") {
            diagnostics.report(
                .unsupported, "a `discriminator` without `oneOf` is not supported", at: member.keyPosition,
                help: "list the alternatives in a schema with `oneOf` and move the `discriminator` there"
            )
        }
        let additional = additionalProperties(merged, name: name)
        var scope = NameScope(reserved: additional.isTyped ? ["additionalProperties"] : [])
        let key = componentKeys[schema.node.id]
        let properties = merged.properties.map { member in
            property(member, isRequired: required.contains(member.key), owner: name, ownerKey: key, scope: &scope)
        }
        return ObjectType(
            properties: properties, additional: additional, minProperties: merged.minProperties, maxProperties: merged.maxProperties
        )
    }

    private func property(
        _ member: DocumentNode.Member, isRequired: Bool, owner: String, ownerKey: String?, scope: inout NameScope
    ) -> Property {
        let schema = context.schemas.schema(at: member.value)
        let chosen = context.chosenName(ownerKey.map { "\($0).\(member.key)" }, member.value)
        let swiftName = scope.claim(chosen.map(Namer.escaped) ?? Namer.member(member.key))
        if let constant = constant(schema) {
            return Property(
                name: member.key, swiftName: swiftName, description: schema.description, type: TypeUse(.string), isRequired: isRequired,
                constant: constant, isDeprecated: schema.isDeprecated
            )
        }
        let type = use(of: member.value, hint: owner + " " + member.key)
        return Property(
            name: member.key, swiftName: swiftName, description: schema.description, type: type, isRequired: isRequired,
            defaultValue: defaultValue(of: schema, type: type), isDeprecated: schema.isDeprecated
        )
    }

    /// The only string a property can be, when it is written in place.
    private func constant(_ schema: Schema) -> String? {
        guard schema.reference == nil, !schema.isNullable, schema.types == nil || schema.types == [.string] else { return nil }
        if let constant = schema.constant?.string { return constant }
        guard let values = schema.enumValues, values.count == 1, !schema.isExtensible else { return nil }
        return values[0].string
    }

    private func additionalProperties(_ merged: MergedObject, name: String) -> AdditionalProperties {
        guard let node = merged.additionalProperties else { return .ignored }
        if let boolean = node.scalar?.boolean { return boolean ? .ignored : .forbidden }
        if node.isMapping, node.members.isEmpty { return .ignored }
        return .typed(use(of: node, hint: name + " value"))
    }

    // MARK: Defaults

    /// The default of a property or parameter, its own or that of the schema it refers to.
    func defaultValue(of schema: Schema, type: TypeUse) -> LiteralValue? {
        var node = schema.defaultValue
        if node == nil, schema.reference != nil {
            node = context.references.resolve(schema.node).flatMap { context.schemas.schema(at: $0.node).defaultValue }
        }
        guard let node else { return nil }
        if node.scalar?.isNull == true {
            if !type.isNullable { reportDefault("null is not a value of the schema", at: node) }
            return nil
        }
        if let literal = literal(node, type: type) { return literal }
        switch type.base {
        case .string, .boolean, .integer, .number:
            reportDefault("the default is \(node.kindDescription), which the schema does not allow", at: node)
        case .named where stringEnum(of: type) != nil: reportDefault("the default is not among the enum's values", at: node)
        default:
            diagnostics.report(
                .unsupported, "a default is supported for strings, numbers, booleans and enums only", at: node.position,
                help: "remove it and let the handler choose"
            )
        }
        return nil
    }

    private func literal(_ node: DocumentNode, type: TypeUse) -> LiteralValue? {
        guard let scalar = node.scalar else { return nil }
        switch type.base {
        case .string: return scalar.string.map { .string($0) }
        case .boolean: return scalar.boolean.map { .boolean($0) }
        case .integer: return scalar.integer.map { .integer($0) }
        case .number: return scalar.number.map { .number($0) }
        default:
            guard let declaration = stringEnum(of: type), let value = scalar.string else { return nil }
            return declaration.cases.first { $0.rawValue == value }.map { .enumCase($0.swiftName) }
        }
    }

    private func reportDefault(_ message: String, at node: DocumentNode) {
        diagnostics.report(.defaultInvalid, message, at: node.position)
    }
}

extension AdditionalProperties {
    fileprivate var isTyped: Bool { if case .typed = self { true } else { false } }
}
