import APISupport
import CodegenModel

/// A JSON value that breaks exactly one rule of its schema.
struct ViolatingValue {
    /// The JSON Schema keyword that no longer holds.
    var rule: String
    /// JSON pointer of the offending value, relative to the value that was varied.
    var pointer: String
    var value: JSONValue
}

/// Derives, from a schema and an accepted value, the values that each break one of its rules.
struct ViolatingValues {
    let schemas: SchemaIndex

    /// All one-rule violations of the use, found by varying `valid`.
    func violations(of use: TypeUse, valid: JSONValue) -> [ViolatingValue] {
        let use = schemas.resolved(use)
        var found: [ViolatingValue] = []
        if let wrong = wrongType(use) { found.append(ViolatingValue(rule: "type", pointer: "", value: wrong)) }
        found += assertions(use)
        if case .named(let name) = use.base, let declaration = schemas.declaration(name) {
            found += violations(of: declaration, valid: valid)
        }
        return found
    }

    private func violations(of declaration: TypeDeclaration, valid: JSONValue) -> [ViolatingValue] {
        switch declaration.kind {
        case .alias: return []
        case .stringEnum(let type):
            return type.isOpen ? [] : [ViolatingValue(rule: "enum", pointer: "", value: .string("no-such-value"))]
        case .integerEnum(let type):
            let values = Set(type.cases.map(\.rawValue))
            guard !type.isOpen, let other = (0...Int64(values.count)).first(where: { !values.contains($0) }) else { return [] }
            return [ViolatingValue(rule: "enum", pointer: "", value: .integer(other))]
        case .union(let type):
            guard case .property(let discriminator) = type.selection, case .object(let members) = valid else { return [] }
            var unknown = members
            unknown[discriminator] = .string("no-such-variant")
            var found = [ViolatingValue(rule: "discriminator", pointer: "/\(discriminator)", value: .object(unknown))]
            if case .string(let chosen) = members[discriminator],
                let variant = type.variants.first(where: { $0.discriminatorValues.contains(chosen) })
            {
                found += violations(of: variant.type, valid: valid).filter { $0.pointer != "/\(discriminator)" && !$0.pointer.isEmpty }
            }
            return found
        case .object(let type):
            guard case .object(let members) = valid else { return [] }
            return type.properties.flatMap { violations(of: $0, in: members) }
        }
    }

    private func violations(of property: Property, in members: JSONObject) -> [ViolatingValue] {
        let pointer = "/" + property.name.replacing("~", with: "~0").replacing("/", with: "~1")
        var found: [ViolatingValue] = []
        if property.isRequired {
            var without = members
            without[property.name] = nil
            found.append(ViolatingValue(rule: "required", pointer: pointer, value: .object(without)))
        }
        guard property.constant == nil else { return found }
        let sample = members[property.name] ?? SampleValue(schemas: schemas).value(of: property.type) ?? .null
        for violation in violations(of: property.type, valid: sample) {
            var changed = members
            changed[property.name] = violation.value
            found.append(ViolatingValue(rule: violation.rule, pointer: pointer + violation.pointer, value: .object(changed)))
        }
        return found
    }

    private func wrongType(_ use: TypeUse) -> JSONValue? {
        switch use.base {
        case .string, .base64, .base64URL, .dateTime, .exactNumber(isString: true): return .integer(7)
        case .boolean: return .string("yes")
        case .integer, .number, .exactNumber: return .string("seven")
        case .array, .map, .anyObject: return .string("neither")
        case .any, .external: return nil
        case .named(let name):
            switch schemas.declaration(name)?.kind {
            case .object, .stringEnum: return .integer(7)
            case .integerEnum: return .string("seven")
            case .union(let type):
                if case .property = type.selection { return .integer(7) }
                return nil
            default: return nil
            }
        }
    }

    private func assertions(_ use: TypeUse) -> [ViolatingValue] {
        let constraints = use.constraints
        var found: [ViolatingValue] = []
        func add(_ rule: String, _ value: JSONValue) { found.append(ViolatingValue(rule: rule, pointer: "", value: value)) }
        switch use.base {
        case .string:
            if let minimum = constraints.minLength, minimum > 0 { add("minLength", .string(String(repeating: "a", count: minimum - 1))) }
            if let maximum = constraints.maxLength, maximum < 100_000 {
                add("maxLength", .string(String(repeating: "a", count: maximum + 1)))
            }
            if constraints.format != nil { add("format", .string("not such a format ")) }
        case .integer:
            for (rule, limit) in limits(constraints) where abs(limit) < 9e15 { add(rule, .integer(Int64(limit))) }
        case .number:
            for (rule, limit) in limits(constraints) { add(rule, .number(limit)) }
        case .array(let element):
            guard let item = SampleValue(schemas: schemas).value(of: element) else { break }
            if let maximum = constraints.maxItems, maximum < 10_000 {
                add("maxItems", .array(Array(repeating: item, count: maximum + 1)))
            }
            if let minimum = constraints.minItems, minimum > 0 { add("minItems", .array([])) }
            if constraints.uniqueItems { add("uniqueItems", .array([item, item])) }
        default: break
        }
        return found
    }

    private func limits(_ constraints: Constraints) -> [(String, Double)] {
        [
            constraints.minimum.map { ("minimum", $0 - 1) },
            constraints.maximum.map { ("maximum", $0 + 1) },
            constraints.exclusiveMinimum.map { ("exclusiveMinimum", $0) },
            constraints.exclusiveMaximum.map { ("exclusiveMaximum", $0) },
        ].compactMap(\.self)
    }
}
