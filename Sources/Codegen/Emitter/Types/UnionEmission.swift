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
            case .property(let name): file.readUnion(union, by: SwiftLiteral.string(name))
            case .jsonType: file.readUnionByKind(union)
            }
        }
    }

    private mutating func readUnion(_ union: UnionType, by member: String) {
        line("guard let discriminator = try json.discriminator(\(member)) else { return nil }")
        line("switch discriminator {")
        for variant in union.variants {
            line("case \(variant.discriminatorValues.map(SwiftLiteral.string).joined(separator: ", ")):")
            indented { $0.returnVariant(variant) }
        }
        line("default:")
        indented { file in
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
        if Set(expected).count < Self.allKinds.count {
            line("default:")
            indented { file in
                file.line("try json.rejectType(\(SwiftLiteral.string("one of: " + expected.joined(separator: ", "))))")
                file.line("return nil")
            }
        }
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
            case .string, .base64, .dateTime: ["string"]
            case .boolean: ["boolean"]
            case .integer, .number: ["number"]
            case .array: ["array"]
            case .map, .anyObject, .external: ["object"]
            case .any: Self.allKinds
            case .named(let name):
                switch api.declaration(name)?.kind {
                case .stringEnum: ["string"]
                case .union(let union) where union.selection == .jsonType: union.variants.flatMap { self.kinds(of: $0.type) }
                case .object, .union, .alias, nil: ["object"]
                }
            }
        return resolved.isNullable && !kinds.contains("null") ? kinds + ["null"] : kinds
    }
}
