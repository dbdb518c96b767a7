public import APISupport
public import CodegenModel

/// Checks JSON values against the model by walking it: independent of the readers that the generator emits.
public struct SchemaChecker: Sendable {
    private let schemas: SchemaIndex

    /// - Parameter schemas: The declared types that uses refer to.
    public init(schemas: SchemaIndex) { self.schemas = schemas }

    /// What does not hold: one line a finding, each opened by a JSON pointer (RFC 6901); empty when the value conforms.
    public func findings(_ value: JSONValue, against use: TypeUse, at pointer: String = "") -> [String] {
        let use = schemas.resolved(use)
        if value == .null {
            switch use.base {
            case .any: return []
            case .external: break
            default: return use.isNullable ? [] : ["\(pointer): null is not allowed"]
            }
        }
        switch (use.base, value) {
        case (.any, _): return []
        case (.external(let name), _): return name.hasSuffix("Problem") ? problemFindings(value, at: pointer) : []
        case (.string, .string(let text)): return stringFindings(text, use.constraints, at: pointer)
        case (.exactNumber(isString: true), .string), (.exactNumber(isString: false), .integer), (.exactNumber(isString: false), .number):
            return []
        case (.base64, .string), (.base64URL, .string), (.boolean, .boolean), (.anyObject, .object): return []
        case (.dateTime, .string(let text)): return Timestamp(text) == nil ? ["\(pointer): no RFC 3339 date-time"] : []
        case (.integer, .integer(let number)): return numberFindings(Double(number), use.constraints, at: pointer)
        case (.number, .integer(let number)): return numberFindings(Double(number), use.constraints, at: pointer)
        case (.number, .number(let number)): return numberFindings(number, use.constraints, at: pointer)
        case (.array(let element), .array(let items)):
            return countFindings(items.count, use.constraints.minItems, use.constraints.maxItems, "items", at: pointer)
                + items.enumerated().flatMap { findings($1, against: element, at: "\(pointer)/\($0)") }
        case (.map(let element), .object(let members)):
            return countFindings(
                members.count, use.constraints.minProperties, use.constraints.maxProperties, "properties", at: pointer)
                + members.members.flatMap { findings($0.value, against: element, at: "\(pointer)/\($0.name)") }
        case (.named(let name), _):
            guard let declaration = schemas.declaration(name) else { return ["\(pointer): schema \(name) is not declared"] }
            return findings(value, against: declaration, at: pointer)
        default: return ["\(pointer): has the wrong type"]
        }
    }

    private func findings(_ value: JSONValue, against declaration: TypeDeclaration, at pointer: String) -> [String] {
        switch (declaration.kind, value) {
        case (.alias(let use), _): return findings(value, against: use, at: pointer)
        case (.stringEnum(let type), .string(let text)):
            return type.isOpen || type.cases.contains { $0.rawValue == text } ? [] : ["\(pointer): \(text) is not in the enum"]
        case (.integerEnum(let type), .integer(let number)):
            return type.isOpen || type.cases.contains { $0.rawValue == number } ? [] : ["\(pointer): \(number) is not in the enum"]
        case (.union(let type), _): return unionFindings(value, type, at: pointer)
        case (.object(let type), .object(let members)): return objectFindings(members, type, at: pointer)
        default: return ["\(pointer): has the wrong type"]
        }
    }

    private func unionFindings(_ value: JSONValue, _ type: UnionType, at pointer: String) -> [String] {
        switch type.selection {
        case .jsonType, .kinds, .members, .trial:
            let matches = type.variants.contains { findings(value, against: $0.type, at: pointer).isEmpty }
            return matches ? [] : ["\(pointer): matches no alternative"]
        case .property(let name):
            guard case .object(let members) = value, case .string(let chosen)? = members[name] else {
                return ["\(pointer)/\(name): the discriminator is missing"]
            }
            guard let variant = type.variants.first(where: { $0.discriminatorValues.contains(chosen) }) else {
                return ["\(pointer)/\(name): \(chosen) selects no alternative"]
            }
            return findings(value, against: variant.type, at: pointer)
        }
    }

    private func objectFindings(_ members: JSONObject, _ type: ObjectType, at pointer: String) -> [String] {
        var found = countFindings(members.count, type.minProperties, type.maxProperties, "properties", at: pointer)
        for property in type.properties {
            guard let value = members[property.name] else {
                if property.isRequired { found.append("\(pointer)/\(property.name): is missing") }
                continue
            }
            if let constant = property.constant, value != .string(constant) {
                found.append("\(pointer)/\(property.name): is not \(constant)")
            }
            if property.constant == nil { found += findings(value, against: property.type, at: "\(pointer)/\(property.name)") }
        }
        let known = Set(type.properties.map(\.name))
        for (key, value) in members.members where !known.contains(key) {
            switch type.additional {
            case .ignored: continue
            case .forbidden: found.append("\(pointer)/\(key): is not declared")
            case .typed(let use): found += findings(value, against: use, at: "\(pointer)/\(key)")
            }
        }
        return found
    }

    /// RFC 9457 members, as every document of ours declares them.
    private func problemFindings(_ value: JSONValue, at pointer: String) -> [String] {
        guard case .object(let members) = value else { return ["\(pointer): is no problem details object"] }
        var found: [String] = []
        for name in ["type", "title"] {
            if case .string? = members[name] { continue }
            found.append("\(pointer)/\(name): is no string")
        }
        if case .integer(let status)? = members["status"], (100...599).contains(status) { return found }
        return found + ["\(pointer)/status: is no HTTP status"]
    }

    private func stringFindings(_ text: String, _ constraints: Constraints, at pointer: String) -> [String] {
        countFindings(text.unicodeScalars.count, constraints.minLength, constraints.maxLength, "characters", at: pointer)
    }

    private func countFindings(_ count: Int, _ minimum: Int?, _ maximum: Int?, _ unit: String, at pointer: String) -> [String] {
        if let minimum, count < minimum { return ["\(pointer): \(count) \(unit), fewer than \(minimum)"] }
        if let maximum, count > maximum { return ["\(pointer): \(count) \(unit), more than \(maximum)"] }
        return []
    }

    private func numberFindings(_ number: Double, _ constraints: Constraints, at pointer: String) -> [String] {
        if let limit = constraints.minimum, number < limit { return ["\(pointer): \(number) is less than \(limit)"] }
        if let limit = constraints.maximum, number > limit { return ["\(pointer): \(number) is more than \(limit)"] }
        if let limit = constraints.exclusiveMinimum, number <= limit { return ["\(pointer): \(number) is not more than \(limit)"] }
        if let limit = constraints.exclusiveMaximum, number >= limit { return ["\(pointer): \(number) is not less than \(limit)"] }
        return []
    }
}
