import CodegenModel

/// `oneOf` as an enum with payloads; the messages of a channel's direction are one too.
extension SourceFile {
    /// Writes the declaration. `conformances` follow `Sendable`.
    mutating func declareUnion(_ name: String, _ union: UnionType, conformances: String, isIndirect: Bool) {
        block("\(api.modifier)\(isIndirect ? "indirect " : "")enum \(name): Sendable\(conformances)") { file in
            for variant in union.variants {
                file.expose(variant.type)
                file.line("case \(SwiftLiteral.identifier(variant.swiftName))(\(file.api.type(variant.type)))")
            }
        }
    }

    mutating func readUnion(_ union: UnionType) {
        readerFunction { file in
            switch union.selection {
            case .property(let name): file.readUnion(union, among: Array(union.variants.indices), by: SwiftLiteral.string(name))
            case .jsonType: file.readUnionByKind(union)
            case .kinds(let groups): file.readUnion(union, of: groups)
            case .members: file.readUnionByMembers(union, among: Array(union.variants.indices))
            case .trial: file.tryVariants(union, among: Array(union.variants.indices))
            }
        }
    }

    /// Statements that read one of several variants and return it.
    private mutating func readUnion(_ union: UnionType, of groups: [UnionType.KindGroup]) {
        line("switch try json.nextKind {")
        for group in groups {
            line("case \(group.kinds.map { ".\($0)" }.joined(separator: ", ")):")
            indented { file in
                if group.variants.count == 1 { return file.returnVariant(union.variants[group.variants[0]]) }
                switch group.selection {
                case .property(let name): file.readUnion(union, among: group.variants, by: SwiftLiteral.string(name))
                case .members: file.readUnionByMembers(union, among: group.variants)
                case .jsonType, .kinds, .trial: file.tryVariants(union, among: group.variants)
                }
            }
        }
        rejectOtherKinds(than: groups.flatMap(\.kinds))
        line("}")
    }

    /// Which variant it is shows a member that only it has.
    private mutating func readUnionByMembers(_ union: UnionType, among indices: [Int]) {
        let named = indices.flatMap { index in union.variants[index].members.map { (index: index, name: $0) } }
        let owners = named.map { String($0.index) }.joined(separator: ", ")
        let names = SwiftLiteral.strings(named.map(\.name))
        line("switch try json.firstMember(of: \(names)\(union.isExclusive ? ", each: [\(owners)]" : "")) {")
        for index in indices where !union.variants[index].members.isEmpty {
            let places = named.indices.filter { named[$0].index == index }
            line("case \(places.map(String.init).joined(separator: ", ")):")
            indented { $0.returnVariant(union.variants[index]) }
        }
        if union.isExclusive {
            line("case \(named.count):")
            indented { $0.tryVariants(union, among: indices) }
        }
        line("default:")
        indented { file in
            if let other = indices.first(where: { union.variants[$0].members.isEmpty }) {
                file.returnVariant(union.variants[other])
            } else {
                file.rejectAlternatives(union)
            }
        }
        line("}")
    }

    /// The first variant that can be read without a violation; of exclusive ones the only one.
    private mutating func tryVariants(_ union: UnionType, among indices: [Int]) {
        if union.isExclusive { return tryAllVariants(union, among: indices) }
        for index in indices {
            let variant = union.variants[index]
            readWith(
                "if let value = try json.attempt(", variant.type,
                suffix: ") { return .\(SwiftLiteral.identifier(variant.swiftName))(value) }")
        }
        rejectAlternatives(union)
    }

    private mutating func tryAllVariants(_ union: UnionType, among indices: [Int]) {
        line("var found = \(api.supportType("OneOf"))<Self>()")
        for index in indices {
            let variant = union.variants[index]
            readWith(
                "try json.attempt(", variant.type, suffix: ", as: Self.\(SwiftLiteral.identifier(variant.swiftName)), in: &found)")
        }
        line("return try json.only(found)")
    }

    private mutating func rejectAlternatives(_ union: UnionType) {
        line("try json.rejectAlternatives(\"\(union.isExclusive ? "oneOf" : "anyOf")\")")
        line("return nil")
    }

    private mutating func rejectOtherKinds(than expected: [String]) {
        guard Set(expected).count < Self.allKinds.count else { return }
        line("default:")
        indented { file in
            file.line("try json.rejectType(\(SwiftLiteral.string("one of: " + expected.joined(separator: ", "))))")
            file.line("return nil")
        }
    }

    private mutating func readUnion(_ union: UnionType, among indices: [Int], by member: String) {
        if union.defaultVariant != nil {
            line("switch try json.peekString(member: \(member)) {")
        } else {
            line("guard let discriminator = try json.discriminator(\(member)) else { return nil }")
            line("switch discriminator {")
        }
        for (values, variants) in union.byDiscriminator(among: indices) {
            line("case \(values.map(SwiftLiteral.string).joined(separator: ", ")):")
            indented { file in
                if variants.count == 1 { file.returnVariant(union.variants[variants[0]]) } else { file.tryVariants(union, among: variants) }
            }
        }
        line("default:")
        indented { file in
            if let index = union.defaultVariant { return file.returnVariant(union.variants[index]) }
            file.line("try json.rejectDiscriminator(\(member), discriminator)")
            file.line("return nil")
        }
        line("}")
    }

    private mutating func readUnionByKind(_ union: UnionType) {
        line("switch try json.nextKind {")
        var expected: [String] = []
        for variant in union.variants {
            let kinds = kinds(of: variant.type)
            expected += kinds
            line("case \(kinds.map { ".\($0)" }.joined(separator: ", ")):")
            indented { $0.returnVariant(variant) }
        }
        rejectOtherKinds(than: expected)
        line("}")
    }

    /// Reads a variant's payload and returns the case.
    mutating func returnVariant(_ variant: UnionType.Variant) {
        let resolved = api.resolve(variant.type)
        let name = SwiftLiteral.identifier(variant.swiftName)
        assertNext(resolved.assertions)
        if resolved.isNullable { line("if try json.readNull() { return .\(name)(nil) }") }
        readValue(resolved.base, prefix: "guard let value = ", suffix: " else { return nil }")
        checks("value", resolved, validation: "json.validation")
        line("return .\(name)(value)")
    }

    mutating func writeUnion(_ union: UnionType) {
        writerFunction { file in
            file.line("switch self {")
            for variant in union.variants {
                file.line("case .\(SwiftLiteral.identifier(variant.swiftName))(let payload):")
                file.indented { $0.writeValue("payload", variant.type) }
            }
            file.line("}")
        }
    }

    private static let allKinds = ["object", "array", "string", "number", "boolean", "null"]

    /// The cases of JSONKind that a type's values have.
    private func kinds(of use: TypeUse) -> [String] {
        let resolved = api.resolve(use)
        let kinds: [String] =
            switch resolved.base {
            case .string, .base64, .base64URL, .dateTime, .exactNumber(isString: true): ["string"]
            case .boolean: ["boolean"]
            case .integer, .number, .exactNumber: ["number"]
            case .array: ["array"]
            case .map, .anyObject, .external: ["object"]
            case .any: Self.allKinds
            case .named(let name):
                switch api.declaration(name)?.kind {
                case .stringEnum: ["string"]
                case .integerEnum: ["number"]
                case .object(let object) where object.isTuple: ["array"]
                case .union(let union): unionKinds(union)
                case .object, .alias, nil: ["object"]
                }
            }
        return resolved.isNullable && !kinds.contains("null") ? kinds + ["null"] : kinds
    }

    private func unionKinds(_ union: UnionType) -> [String] {
        switch union.selection {
        case .jsonType: union.variants.flatMap { self.kinds(of: $0.type) }
        case .kinds(let groups): groups.flatMap(\.kinds)
        case .property, .members, .trial: ["object"]
        }
    }
}

extension UnionType {
    /// The discriminator's values, those that select the same variants together.
    fileprivate func byDiscriminator(among indices: [Int]) -> [(values: [String], variants: [Int])] {
        var order: [String] = []
        var selected: [String: [Int]] = [:]
        for index in indices {
            for value in variants[index].discriminatorValues {
                if selected[value] == nil { order.append(value) }
                if selected[value]?.last != index { selected[value, default: []].append(index) }
            }
        }
        var result: [(values: [String], variants: [Int])] = []
        for value in order {
            let variants = selected[value] ?? []
            if let place = result.firstIndex(where: { $0.variants == variants }) {
                result[place].values.append(value)
            } else {
                result.append(([value], variants))
            }
        }
        return result
    }
}
