import CodegenModel

extension TypeModeler {
    /// The enum of `oneOf` or `anyOf`: its variants told apart by a string property, else by their JSON types.
    func unionType(_ nodes: [DocumentNode], schema: Schema, name: String) -> UnionType {
        if let discriminator = schema.discriminator { return discriminatedUnion(nodes, by: discriminator, name: name) }
        let finder = DiscriminatorFinder(context: context)
        if let property = finder.commonProperty(of: nodes) {
            let alternatives = nodes.map { Alternative(node: $0, values: finder.values(of: property, in: $0) ?? []) }
            return UnionType(variants: variants(alternatives, name: name), selection: .property(property))
        }
        return jsonTypeUnion(nodes, name: name)
    }

    /// `type: [string, integer]`: one variant a type.
    func typeUnion(_ types: [JSONType], schema: Schema, name: String) -> UnionType {
        var scope = NameScope()
        let variants = types.map { type in
            let use: TypeUse
            switch type {
            case .array:
                let element = schema.items.map { self.use(of: $0, hint: name + " item") } ?? TypeUse(.any)
                use = TypeUse(.array(element), constraints: schema.constraints.ofArrays)
            case .object:
                if let member = schema.node.member("properties") {
                    diagnostics.report(
                        .unsupported, "`properties` in a schema of several types is not supported", at: member.keyPosition,
                        help: "use `oneOf` with a schema for each type"
                    )
                }
                use = TypeUse(.anyObject, constraints: schema.constraints.ofObjects)
            default: use = scalarUse(type, schema: schema)
            }
            return UnionType.Variant(swiftName: scope.claim(Namer.member(type.rawValue)), type: use)
        }
        return UnionType(variants: variants, selection: .jsonType)
    }

    // MARK: By a property

    private struct Alternative {
        let node: DocumentNode
        var values: [String]
    }

    private func discriminatedUnion(_ nodes: [DocumentNode], by discriminator: Schema.Discriminator, name: String) -> UnionType {
        let finder = DiscriminatorFinder(context: context)
        var mapped: [ObjectIdentifier: [String]] = [:]
        for entry in discriminator.mapping {
            guard let target = mappingTarget(entry, among: nodes) else { continue }
            mapped[target.id, default: []].append(entry.key)
        }
        var alternatives: [Alternative] = []
        for node in nodes {
            guard let target = context.references.resolve(node)?.node else { continue }
            let declared = finder.values(of: discriminator.property, in: node)
            let mappedValues = mapped[target.id]
            if let declared, let mappedValues, Set(declared) != Set(mappedValues) {
                diagnostics.report(
                    .discriminatorMismatch,
                    "`mapping` selects this alternative by \(mappedValues.listed), but its `\(discriminator.property)` is \(declared.listed)",
                    at: node.position, help: "make the two agree, or remove `mapping`"
                )
            }
            guard let values = mappedValues ?? declared ?? referenceName(node).map({ [$0] }) else {
                diagnostics.report(
                    .unionAmbiguous, "no value of `\(discriminator.property)` selects this alternative", at: node.position,
                    help: "give its property `\(discriminator.property)` a `const`"
                )
                continue
            }
            alternatives.append(Alternative(node: node, values: values))
        }
        checkDistinct(alternatives)
        return UnionType(variants: variants(alternatives, name: name), selection: .property(discriminator.property))
    }

    /// A mapping's value is a reference, or the name of a component (OpenAPI 3.1, section 4.8.25).
    private func mappingTarget(_ entry: DocumentNode.Member, among nodes: [DocumentNode]) -> DocumentNode? {
        guard let text = entry.value.string else {
            diagnostics.report(
                .wrongType, "a mapping's value must be a string, not \(entry.value.kindDescription)", at: entry.value.position)
            return nil
        }
        let isReference = text.contains("/") || text.contains("#")
        let target: DocumentNode?
        if isReference {
            target = context.references.target(of: entry.value).flatMap { context.references.resolve($0.node)?.node }
            if target == nil { return nil }
        } else {
            target = nodes.first { referenceName($0) == text }.flatMap { context.references.resolve($0)?.node }
        }
        if let target, nodes.contains(where: { context.references.resolve($0)?.node === target }) { return target }
        diagnostics.report(
            .discriminatorMismatch, "`\(text)` is not among the alternatives", at: entry.value.position,
            help: "add it to `oneOf`, or remove the entry"
        )
        return nil
    }

    private func referenceName(_ node: DocumentNode) -> String? {
        node["$ref"].flatMap { context.references.target(of: $0)?.componentName }
    }

    private func checkDistinct(_ alternatives: [Alternative]) {
        var seen: Set<String> = []
        for alternative in alternatives {
            for value in alternative.values where !seen.insert(value).inserted {
                diagnostics.report(.unionAmbiguous, "`\(value)` selects another alternative too", at: alternative.node.position)
            }
        }
    }

    private func variants(_ alternatives: [Alternative], name: String) -> [UnionType.Variant] {
        var scope = NameScope()
        return alternatives.map { alternative in
            let only = alternative.values.count == 1 ? alternative.values[0] : nil
            let type = use(of: alternative.node, hint: name + " " + (only ?? "variant"))
            if type.isNullable {
                diagnostics.report(
                    .unsupported, "an alternative that may be null is not supported", at: alternative.node.position,
                    help: "add `{type: 'null'}` to `oneOf` instead"
                )
            }
            return UnionType.Variant(
                swiftName: scope.claim(Namer.member(only ?? typeName(type))), type: type, discriminatorValues: alternative.values
            )
        }
    }

    // MARK: By the JSON type

    private func jsonTypeUnion(_ nodes: [DocumentNode], name: String) -> UnionType {
        var scope = NameScope()
        var kinds: Set<JSONType> = []
        let finder = JSONTypeFinder(context: context)
        let variants = nodes.map { node in
            let kind = finder.type(of: node)
            let isDistinct = kind.map { kinds.insert($0).inserted } ?? false
            if !isDistinct {
                let what = kind.map { "another alternative is \($0.rawValue) too" } ?? "its JSON type is not told"
                diagnostics.report(
                    .unionAmbiguous, "this alternative cannot be told from the others: \(what)", at: node.position,
                    help: "give each alternative a property such as `type` with a `const` of its own"
                )
            }
            let type = use(of: node, hint: name + " " + (kind?.rawValue ?? "variant"))
            return UnionType.Variant(swiftName: scope.claim(Namer.member(typeName(type))), type: type)
        }
        return UnionType(variants: variants, selection: .jsonType)
    }

    /// What a variant without a discriminator's value is called.
    private func typeName(_ use: TypeUse) -> String {
        switch use.base {
        case .named(let name): name
        case .external(let name): String(name.split(separator: ".").last ?? "value")
        case .string, .base64, .dateTime: "string"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .array: "array"
        case .map, .anyObject: "object"
        case .any: "value"
        }
    }
}

extension [String] {
    /// For messages: `a`, `b`.
    fileprivate var listed: String { map { "`\($0)`" }.joined(separator: ", ") }
}
