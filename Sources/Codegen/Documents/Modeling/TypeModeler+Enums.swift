import CodegenModel

/// Enums. A value that the schema's own `type` excludes can never come: it is reported and left out.
extension TypeModeler {
    /// The enum of a string schema's values.
    func stringEnum(_ values: [DocumentNode], isOpen: Bool, schema: Schema) -> StringEnum {
        let known = distinct(values, schema: schema, "string") { node in node.string.map { Value(key: $0, value: $0) } }
        let names = names(of: known, isOpen: isOpen, schema: schema)
        return StringEnum(cases: zip(known, names).map { .init(rawValue: $0.value, swiftName: $1) }, isOpen: isOpen)
    }

    /// The enum of an integer schema's values.
    func integerEnum(_ values: [DocumentNode], isOpen: Bool, schema: Schema) -> IntegerEnum {
        let format: TypeUse.IntegerFormat = schema.format == "int32" ? .int32 : .int64
        let known = distinct(values, schema: schema, "integer") { (node: DocumentNode) -> Value<Int64>? in
            guard let number = node.scalar?.integer ?? node.scalar?.number.flatMap({ Int64(exactly: $0) }) else { return nil }
            return format == .int64 || Int32(exactly: number) != nil ? Value(key: String(number), value: number) : nil
        }
        let names = names(of: known, isOpen: isOpen, schema: schema)
        return IntegerEnum(cases: zip(known, names).map { .init(rawValue: $0.value, swiftName: $1) }, isOpen: isOpen, format: format)
    }

    private struct Value<RawValue> {
        /// In words of the document.
        var key: String
        var value: RawValue
        /// Among the schema's values.
        var index = 0
    }

    private func distinct<RawValue>(
        _ nodes: [DocumentNode], schema: Schema, _ type: String, _ value: (DocumentNode) -> Value<RawValue>?
    ) -> [Value<RawValue>] {
        var found: [Value<RawValue>] = []
        var seen: Set<String> = []
        for (index, node) in nodes.enumerated() {
            let isNull = node.scalar?.isNull == true
            if isNull, schema.isNullable || schema.types == nil { continue }
            guard var value = value(node) else {
                var help = type == "string" ? node.scalar.map { "quote it: '\($0.text)'" } : "remove it"
                if isNull { help = "let `type` allow it: [\(type), 'null']" }
                diagnostics.report(
                    .enumValueType, "a value of the \(type) enum is \(node.kindDescription), which its `type` does not allow",
                    at: node.position,
                    help: help)
                continue
            }
            guard seen.insert(value.key).inserted else {
                diagnostics.report(.enumInvalid, "the value `\(value.key)` occurs twice", at: node.position, help: "remove it")
                continue
            }
            value.index = index
            found.append(value)
        }
        if found.isEmpty { diagnostics.report(.enumInvalid, "the enum has no value", at: schema.position) }
        return found
    }

    /// Names chosen by the configuration, by a list beside the values that several generators know, or by the values.
    private func names<RawValue>(of values: [Value<RawValue>], isOpen: Bool, schema: Schema) -> [String] {
        var scope = NameScope(reserved: isOpen ? ["unknown", "rawValue"] : ["rawValue", "allCases"])
        let key = componentKeys[schema.node.id]
        let written = (schema.node["x-enum-varnames"] ?? schema.node["x-enumNames"])?.elements.map(\.string) ?? []
        return values.map { value in
            let chosen = context.chosenName(key.map { "\($0).\(value.key)" }, nil).map(Namer.escaped)
            let word = (written.indices.contains(value.index) ? written[value.index] : nil) ?? value.key
            return scope.claim(chosen ?? Namer.member(word))
        }
    }
}
