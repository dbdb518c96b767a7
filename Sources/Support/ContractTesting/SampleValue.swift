import APISupport
import CodegenModel

/// Makes the smallest JSON value that a schema accepts: the base of every derived request.
struct SampleValue {
    let schemas: SchemaIndex

    /// A value that the use accepts; nil when its constraints need a hand-given one (`pattern`).
    ///
    /// - Parameter depth: How many more levels may be opened; recursive schemas end in their optional members.
    func value(of use: TypeUse, depth: Int = 16) -> JSONValue? {
        let use = schemas.resolved(use)
        guard depth > 0 else { return use.isNullable ? .null : nil }
        let constraints = use.constraints
        switch use.base {
        case .string: return string(constraints).map(JSONValue.string)
        case .base64, .base64URL: return .string("")
        case .exactNumber(let isString): return isString ? .string("1.50") : .integer(1)
        case .boolean: return .boolean(true)
        case .integer: return .integer(Int64(number(constraints)))
        case .number: return .number(number(constraints))
        case .dateTime: return .string("2026-01-02T03:04:05Z")
        case .array(let element):
            let count = constraints.minItems ?? 0
            guard count > 0 else { return .array([]) }
            guard let item = value(of: element, depth: depth - 1), !constraints.uniqueItems || count == 1 else { return nil }
            return .array(Array(repeating: item, count: count))
        case .map, .anyObject: return .object(JSONObject())
        case .any: return .object(JSONObject())
        case .external: return nil
        case .named(let name): return schemas.declaration(name).flatMap { value(of: $0, depth: depth) }
        }
    }

    private func value(of declaration: TypeDeclaration, depth: Int) -> JSONValue? {
        switch declaration.kind {
        case .alias(let use): return value(of: use, depth: depth - 1)
        case .stringEnum(let type): return type.cases.first.map { .string($0.rawValue) }
        case .integerEnum(let type): return type.cases.first.map { .integer($0.rawValue) }
        case .object(let type):
            var members = JSONObject()
            for property in type.properties where property.isRequired {
                if let constant = property.constant {
                    members[property.name] = .string(constant)
                } else if let value = value(of: property.type, depth: depth - 1) {
                    members[property.name] = value
                } else {
                    return nil
                }
            }
            return .object(members)
        case .union(let type):
            for variant in type.variants {
                guard let value = value(of: variant.type, depth: depth - 1) else { continue }
                guard case .property(let discriminator) = type.selection, case .object(var members) = value else { return value }
                if members[discriminator] == nil, let name = variant.discriminatorValues.first {
                    members[discriminator] = .string(name)
                }
                return .object(members)
            }
            return nil
        }
    }

    private func string(_ constraints: Constraints) -> String? {
        if constraints.pattern != nil { return nil }
        switch constraints.format {
        case "uuid": return "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        case "uri": return "https://example.com/"
        case "email": return "someone@example.com"
        case "date": return "2026-01-02"
        case "ipv4": return "192.0.2.1"
        case "ipv6": return "2001:db8::1"
        case "hostname": return "example.com"
        default: return String(repeating: "a", count: max(1, constraints.minLength ?? 1))
        }
    }

    private func number(_ constraints: Constraints) -> Double {
        var low = constraints.minimum ?? constraints.exclusiveMinimum.map { $0 + 1 }
        if low == nil, let high = constraints.maximum ?? constraints.exclusiveMaximum.map({ $0 - 1 }) { low = min(high, 1) }
        guard let step = constraints.multipleOf, step > 0 else { return low ?? 1 }
        return ((low ?? step) / step).rounded(.up) * step
    }
}
