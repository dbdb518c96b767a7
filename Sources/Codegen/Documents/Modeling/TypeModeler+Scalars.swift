import CodegenModel

extension TypeModeler {
    /// The use of a schema whose instances are numbers, strings, booleans or null.
    func scalarUse(_ type: JSONType, schema: Schema) -> TypeUse {
        if let format = schema.format, let external = options.formats[format] { return TypeUse(.external(external)) }
        checkFormat(schema)
        var use: TypeUse
        switch type {
        case .null: return TypeUse(.any, constraints: Constraints(allowed: [.null]))
        case .boolean: use = TypeUse(.boolean)
        case .integer: use = integerUse(schema)
        case .number:
            let isExact = schema.format.map(SchemaFormats.exact.contains) ?? false
            use = TypeUse(isExact ? .exactNumber(isString: false) : .number, constraints: schema.constraints.ofNumbers)
        default: return stringUse(schema)
        }
        use.constraints.allowed = allowedValues(schema, of: use, type)
        return use
    }

    /// The smallest Swift type that holds what the format, or the bounds, allow.
    private func integerUse(_ schema: Schema) -> TypeUse {
        var constraints = schema.constraints.ofNumbers
        func within(_ minimum: Double, _ maximum: Double) {
            constraints = constraints.and(Constraints(minimum: minimum, maximum: maximum))
        }
        switch schema.format {
        case "int32": return TypeUse(.integer(.int32), constraints: constraints)
        case "int8": within(-128, 127)
        case "int16": within(-32_768, 32_767)
        case "uint8": within(0, 255)
        case "uint16": within(0, 65_535)
        case "uint32":
            within(0, 4_294_967_295)
            return TypeUse(.integer(.int64), constraints: constraints)
        case "uint", "uint64": return TypeUse(.integer(.uint64), constraints: constraints)
        case let format? where SchemaFormats.exact.contains(format):
            return TypeUse(.exactNumber(isString: false), constraints: constraints.and(Constraints(multipleOf: 1)))
        default:
            // 2^63 and 2^64: a bound beyond says that such values are meant to come.
            let largest = schema.constraints.maximum ?? schema.constraints.exclusiveMaximum ?? 0
            let smallest = schema.constraints.minimum ?? schema.constraints.exclusiveMinimum ?? 0
            if largest < 9.3e18, smallest > -9.3e18 { return TypeUse(.integer(.int64), constraints: constraints) }
            if smallest >= 0, largest < 1.85e19 { return TypeUse(.integer(.uint64), constraints: constraints) }
            return TypeUse(.exactNumber(isString: false), constraints: constraints.and(Constraints(multipleOf: 1)))
        }
        return TypeUse(.integer(.int32), constraints: constraints)
    }

    private func stringUse(_ schema: Schema) -> TypeUse {
        switch schema.contentEncoding?.lowercased() ?? schema.format {
        case "base64", "byte", "binary": return TypeUse(.base64)
        case "base64url": return TypeUse(.base64URL)
        case "date-time": return TypeUse(.dateTime)
        case let format? where SchemaFormats.exact.contains(format): return TypeUse(.exactNumber(isString: true))
        default: break
        }
        var constraints = schema.constraints.ofStrings
        constraints.format = schema.format.flatMap { SchemaFormats.asserted.contains($0) ? $0 : nil }
        return TypeUse(.string, constraints: constraints)
    }

    private func checkFormat(_ schema: Schema) {
        guard let format = schema.format, !SchemaFormats.isKnown(format) else { return }
        let position = schema.node.member("format")?.value.position ?? schema.position
        diagnostics.report(.formatUnknown, "the format `\(format)` is not known and not checked", at: position)
    }

    /// The values of `enum` or `const` that are of the type; others are reported.
    private func allowedValues(_ schema: Schema, of use: TypeUse, _ type: JSONType) -> [LiteralValue]? {
        guard let values = schema.constant.map({ [$0] }) ?? schema.enumValues, !schema.isExtensible else { return nil }
        var allowed: [LiteralValue] = []
        for node in values where node.scalar?.isNull != true {
            let value: LiteralValue? =
                switch use.base {
                case .boolean: node.scalar?.boolean.map { .boolean($0) }
                case .integer: node.scalar?.number.flatMap { Int64(exactly: $0) }.map { .integer(node.scalar?.integer ?? $0) }
                case .exactNumber: node.scalar?.number.flatMap { _ in node.scalar.map { .exactNumber($0.text) } }
                default: node.scalar?.number.map { .number($0) }
                }
            if let value {
                allowed.append(value)
            } else {
                diagnostics.report(
                    .enumValueType, "a value of the \(type.rawValue) enum is \(node.kindDescription), which its `type` does not allow",
                    at: node.position, help: "remove it")
            }
        }
        if allowed.isEmpty, values.contains(where: { $0.scalar?.isNull != true }) {
            diagnostics.report(.enumInvalid, "the enum has no value", at: schema.position)
        }
        return allowed
    }

    /// The values of `enum` or `const`; nil when any is allowed.
    func allowedValues(_ schema: Schema) -> [LiteralValue]? {
        guard let values = schema.constant.map({ [$0] }) ?? schema.enumValues, !schema.isExtensible else { return nil }
        return values.map(\.literal)
    }
}

extension DocumentNode {
    /// The JSON value that the node is.
    var literal: LiteralValue {
        switch content {
        case .mapping(let members): .map(members.map { LiteralValue.Member(name: $0.key, value: $0.value.literal) })
        case .sequence(let elements): .array(elements.map(\.literal))
        case .scalar(let scalar):
            if scalar.isNull {
                .null
            } else if let boolean = scalar.boolean {
                .boolean(boolean)
            } else if let integer = scalar.integer {
                .integer(integer)
            } else {
                scalar.number.map { .number($0) } ?? .string(scalar.text)
            }
        }
    }
}
