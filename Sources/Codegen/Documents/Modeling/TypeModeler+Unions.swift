import CodegenModel

extension TypeModeler {
    /// The enum of `oneOf`, `anyOf` or several types: its variants told apart by a discriminator, else by a string property that has other
    /// values in each, else by their JSON types; those of the same type by members that only one requires, else by trial.
    func unionType(_ union: SchemaShape.Union, name: String) -> UnionType {
        var type = told(union, name: name)
        type.isExclusive = union.keyword == "oneOf" && type.leavesOpen
        return type
    }

    private func told(_ union: SchemaShape.Union, name: String) -> UnionType {
        if let discriminator = union.discriminator { return discriminatedUnion(union, by: discriminator, name: name) }
        let nodes = union.variants.map(\.node)
        let types = nodes.map { jsonTypes.types(of: $0) }
        if types.allSatisfy({ $0 == [.object] }), let property = finder.commonProperty(of: nodes) {
            let alternatives = union.variants.map { Alternative(variant: $0, values: finder.values(of: property, in: $0.node) ?? []) }
            return UnionType(variants: variants(alternatives, name: name), selection: .property(property))
        }
        if areDisjoint(types) { return jsonTypeUnion(union, types: types, name: name) }
        return mixedUnion(union, types: types, name: name)
    }

    private func areDisjoint(_ types: [Set<JSONType>]) -> Bool {
        var seen: Set<JSONType> = []
        return types.allSatisfy { types in !types.isEmpty && types.allSatisfy { seen.insert($0).inserted } }
    }

    // MARK: By a property

    private struct Alternative {
        let variant: SchemaShape.Union.Variant
        var values: [String]
    }

    private func discriminatedUnion(_ union: SchemaShape.Union, by discriminator: Schema.Discriminator, name: String) -> UnionType {
        var mapped: [ObjectIdentifier: [String]] = [:]
        for entry in discriminator.mapping {
            guard let target = mappingTarget(entry, among: union.variants) else { continue }
            mapped[target.id, default: []].append(entry.key)
        }
        let fallback = discriminator.defaultMapping.flatMap { node in
            context.references.mappingTarget(node).flatMap { target in union.variants.firstIndex { resolved($0) === target.node } }
        }
        var alternatives: [Alternative] = []
        for (index, variant) in union.variants.enumerated() {
            guard let target = resolved(variant) else { continue }
            let declared = finder.values(of: discriminator.property, in: variant.node)
            let mappedValues = mapped[target.id]
            if let declared, let mappedValues, Set(declared).isDisjoint(with: mappedValues) {
                diagnostics.report(
                    .discriminatorMismatch,
                    "`mapping` selects this alternative by \(mappedValues.listed), but its `\(discriminator.property)` is \(declared.listed)",
                    at: variant.origin.position, help: "make the two agree, or remove `mapping`"
                )
            }
            let values = mappedValues ?? declared ?? referenceName(variant.origin).map { [$0] } ?? componentName(of: target).map { [$0] }
            if values == nil, index != fallback {
                diagnostics.report(
                    .unionAmbiguous, "no value of `\(discriminator.property)` selects this alternative", at: variant.origin.position,
                    help: "give its property `\(discriminator.property)` a `const`"
                )
            }
            alternatives.append(Alternative(variant: variant, values: values ?? []))
        }
        return UnionType(
            variants: variants(alternatives, name: name), selection: .property(discriminator.property), defaultVariant: fallback)
    }

    private func resolved(_ variant: SchemaShape.Union.Variant) -> DocumentNode? { context.references.resolve(variant.origin)?.node }

    /// A mapping's value is a reference, or the name of a component (OpenAPI 3.1, section 4.8.25).
    private func mappingTarget(_ entry: DocumentNode.Member, among variants: [SchemaShape.Union.Variant]) -> DocumentNode? {
        guard let text = entry.value.string else {
            diagnostics.report(
                .wrongType, "a mapping's value must be a string, not \(entry.value.kindDescription)", at: entry.value.position)
            return nil
        }
        let named = variants.first { referenceName($0.origin) == text }.flatMap(resolved)
        if let named { return named }
        let target = context.references.mappingTarget(entry.value)?.node
        if target == nil, text.contains("/") || text.contains("#") { return nil }
        if let target, variants.contains(where: { resolved($0) === target }) { return target }
        diagnostics.report(
            .discriminatorMismatch, "`\(text)` is not among the alternatives", at: entry.value.position,
            help: "add it to `oneOf`, or remove the entry"
        )
        return nil
    }

    private func referenceName(_ node: DocumentNode) -> String? {
        node["$ref"].flatMap { context.references.target(of: $0)?.componentName }
    }

    private func variants(_ alternatives: [Alternative], name: String) -> [UnionType.Variant] {
        var counts: [String: Int] = [:]
        for value in alternatives.flatMap(\.values) { counts[value, default: 0] += 1 }
        var scope = NameScope()
        return alternatives.map { alternative in
            let only = alternative.values.count == 1 && counts[alternative.values[0]] == 1 ? alternative.values[0] : nil
            let type = variantUse(alternative.variant, hint: name + " " + (only ?? variantWord(alternative.variant) ?? "variant"))
            return UnionType.Variant(
                swiftName: scope.claim(Namer.member(only ?? typeName(type))), type: type, discriminatorValues: alternative.values
            )
        }
    }

    /// The use of a variant. Null is a matter of the whole union.
    private func variantUse(_ variant: SchemaShape.Union.Variant, hint: String) -> TypeUse {
        var type = use(of: variant.node, hint: hint)
        type.isNullable = false
        return type
    }

    /// What a variant that has no name is called by: its reference, with more beside it, or its title.
    private func variantWord(_ variant: SchemaShape.Union.Variant) -> String? {
        referenceName(variant.origin) ?? context.schemas.schema(at: variant.origin).title
    }

    // MARK: By the JSON type

    private func jsonTypeUnion(_ union: SchemaShape.Union, types: [Set<JSONType>], name: String) -> UnionType {
        var scope = NameScope()
        let variants = zip(union.variants, types).map { variant, types in
            let kind = types.count == 1 ? types.first : nil
            let type = variantUse(variant, hint: name + " " + (kind?.rawValue ?? variantWord(variant) ?? "variant"))
            return UnionType.Variant(swiftName: scope.claim(Namer.member(variant.type?.rawValue ?? typeName(type))), type: type)
        }
        return UnionType(variants: variants, selection: .jsonType)
    }

    // MARK: By both, and by trial

    private func mixedUnion(_ union: SchemaShape.Union, types: [Set<JSONType>], name: String) -> UnionType {
        var scope = NameScope()
        let objects = types.indices.filter { types[$0].contains(.object) }
        let (selection, values, members) = objectSelection(objects.map { union.variants[$0].node }, isExclusive: union.keyword == "oneOf")
        var variants: [UnionType.Variant] = []
        for (index, variant) in union.variants.enumerated() {
            let place = objects.firstIndex(of: index)
            let values = place.flatMap { values[$0] } ?? []
            let only = values.count == 1 ? values[0] : nil
            let kind = types[index].count == 1 ? types[index].first?.rawValue : nil
            let word = variantWord(variant) ?? only ?? place.flatMap { members[$0].first } ?? kind ?? "variant"
            let type = variantUse(variant, hint: name + " " + word)
            variants.append(
                .init(
                    swiftName: scope.claim(Namer.member(longTypeName(type))), type: type, discriminatorValues: values,
                    members: place.map { members[$0] } ?? []
                ))
        }
        var groups: [UnionType.KindGroup] = []
        for kind: JSONType in [.object, .array, .string, .number, .boolean, .null] {
            let indices = types.indices.filter { types[$0].contains(kind) }
            if indices.isEmpty { continue }
            if kind != .object || indices.count == 1, let same = groups.firstIndex(where: { $0.variants == indices }) {
                groups[same].kinds.append(kind.rawValue)
            } else {
                groups.append(.init(kinds: [kind.rawValue], variants: indices, selection: kind == .object ? selection : .trial))
            }
        }
        if groups.count == 1, groups[0].variants.count == variants.count, types.allSatisfy({ $0 == [.object] }) {
            return UnionType(variants: variants, selection: selection)
        }
        return UnionType(variants: variants, selection: .kinds(groups))
    }

    /// How objects are told apart, and for each the discriminator's values and the members that only it has.
    private func objectSelection(
        _ nodes: [DocumentNode], isExclusive: Bool
    ) -> (selection: UnionType.Selection, values: [[String]], members: [[String]]) {
        let none: [[String]] = nodes.map { _ in [] }
        if let property = finder.commonProperty(of: nodes) ?? finder.dividingProperty(of: nodes) {
            return (.property(property), nodes.map { finder.values(of: property, in: $0) ?? [] }, none)
        }
        let schemas = nodes.map { context.merger.merged($0) }
        guard schemas.allSatisfy({ $0.alternatives.isEmpty && $0.types != nil || $0.impliedType == .object }) else {
            return (.trial, none, none)
        }
        let names = schemas.map { Set($0.properties.map(\.key)).union($0.required.map(\.name)) }
        let members = schemas.indices.map { index in
            var seen: Set<String> = []
            return schemas[index].required.map(\.name).filter { name in
                seen.insert(name).inserted && names.indices.allSatisfy { $0 == index || !names[$0].contains(name) }
            }
        }
        guard members.count(where: \.isEmpty) <= 1, nodes.count > 1 else { return (.trial, none, none) }
        // One that requires nothing of its own may hold as well, unless it refuses what the others require.
        if isExclusive, let other = members.firstIndex(where: \.isEmpty), !isClosed(schemas[other]) { return (.trial, none, none) }
        return (.members, none, members)
    }

    private func isClosed(_ schema: Schema) -> Bool {
        schema.additionalProperties?.scalar?.boolean == false && schema.patternProperties.isEmpty
    }

    /// What a variant without a discriminator's value is called.
    private func typeName(_ use: TypeUse) -> String {
        switch use.base {
        case .named(let name): name
        case .external(let name): String(name.split(separator: ".").last ?? "value")
        case .string, .base64, .base64URL, .dateTime: "string"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number, .exactNumber: "number"
        case .array: "array"
        case .map, .anyObject: "object"
        case .any: "value"
        }
    }

    /// The same where several variants may be strings or arrays: with what they hold.
    private func longTypeName(_ use: TypeUse) -> String {
        switch use.base {
        case .dateTime: "date time"
        case .base64, .base64URL: "bytes"
        case .array(let element): longTypeName(element) + " array"
        case .map(let value): longTypeName(value) + " map"
        case .string: use.constraints.format ?? "string"
        default: typeName(use)
        }
    }
}

extension UnionType {
    /// Several of the variants may hold for one value, as far as the selection tells.
    fileprivate var leavesOpen: Bool {
        switch selection {
        case .jsonType: false
        case .members, .trial: true
        case .kinds(let groups): groups.contains { $0.variants.count > 1 }
        case .property:
            Set(variants.flatMap(\.discriminatorValues)).count < variants.reduce(0) { $0 + $1.discriminatorValues.count }
        }
    }
}

extension [String] {
    /// For messages: `a`, `b`.
    fileprivate var listed: String { map { "`\($0)`" }.joined(separator: ", ") }
}
