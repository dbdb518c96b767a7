import CodegenModel

/// How the values of a type are written as text.
enum TextForm {
    /// By ParameterValue.
    case scalar
    /// A list of such.
    case list
    /// By way of JSON, with a TextSchema.
    case structure
}

extension APIContext {
    func textForm(_ use: TypeUse) -> TextForm {
        let resolved = resolve(use)
        if isTextScalar(resolved.base) { return resolved.isNullable ? .structure : .scalar }
        guard case .array(let element) = resolved.base else { return .structure }
        let inner = resolve(element)
        return isTextScalar(inner.base) && !inner.isNullable ? .list : .structure
    }

    private func isTextScalar(_ base: TypeUse.Base) -> Bool {
        switch base {
        // Bytes in base64url are no ParameterValue: [UInt8] is one in base64.
        case .array, .map, .external, .any, .anyObject, .base64URL: false
        case .named(let name): declaration(name)?.kind.isEnum ?? false
        default: true
        }
    }

    // MARK: Schemas of texts

    /// The expression of a type's `TextSchema`.
    func textSchema(_ use: TypeUse) -> String {
        var open: Set<String> = []
        return textSchema(use, &open) { textSchema($0, &$1) }
    }

    /// The same of a form, whose nested fields are JSON.
    func formSchema(_ use: TypeUse, _ fields: [FieldEncoding]) -> String {
        var open: Set<String> = []
        return textSchema(use, &open, fields: fields) { fieldSchema($0, &$1) }
    }

    private func textSchema(_ use: TypeUse, _ open: inout Set<String>) -> String { textSchema(use, &open) { textSchema($0, &$1) } }

    private func textSchema(
        _ use: TypeUse, _ open: inout Set<String>, fields: [FieldEncoding] = [], _ member: (TypeUse, inout Set<String>) -> String
    ) -> String {
        let resolved = resolve(use)
        let schema: String
        switch resolved.base {
        case .boolean: schema = "boolean"
        case .integer, .number, .exactNumber(isString: false): schema = "number"
        case .array(let element): return ".array(\(textSchema(element, &open)))"
        case .map(let value): return ".object([], others: \(member(value, &open)))"
        case .anyObject: return ".object([], others: .string)"
        case .external: return ".json"
        case .named(let name): return textSchema(named: name, &open, fields, member)
        default: schema = "string"
        }
        return resolved.isNullable ? ".scalar([.null, .\(schema)])" : ".\(schema)"
    }

    private func textSchema(
        named name: String, _ open: inout Set<String>, _ fields: [FieldEncoding], _ member: (TypeUse, inout Set<String>) -> String
    ) -> String {
        guard open.insert(name).inserted else { return ".json" }
        defer { open.remove(name) }
        switch declaration(name)?.kind {
        case .object(let object)? where object.isTuple:
            var elements: [String] = []
            for property in object.properties {
                let element = property.constant == nil ? textSchema(property.type, &open) : ".string"
                if !elements.contains(element) { elements.append(element) }
            }
            switch elements.count {
            case 0: return ".array(.string)"
            case 1: return ".array(\(elements[0]))"
            default: return ".array(.union([\(elements.joined(separator: ", "))]))"
            }
        case .object(let object)?:
            let members = object.properties.map { property in
                let name = SwiftLiteral.string(property.name)
                if property.constant != nil { return "(\(name), .string)" }
                switch fields.first(where: { $0.name == property.name })?.kind {
                case .json?: return "(\(name), .json)"
                case .style?: return "(\(name), \(textSchema(property.type, &open)))"
                case nil: return "(\(name), \(member(property.type, &open)))"
                }
            }
            guard case .typed(let use) = object.additional else { return ".object([\(members.joined(separator: ", "))])" }
            return ".object([\(members.joined(separator: ", "))], others: \(member(use, &open)))"
        case .union(let union)?:
            return ".union([\(union.variants.map { textSchema($0.type, &open, fields: fields, member) }.joined(separator: ", "))])"
        case .integerEnum?: return ".number"
        default: return ".string"
        }
    }

    /// A form's field without an encoding: text when it is a scalar, each element of a list a field of its own, JSON otherwise.
    private func fieldSchema(_ use: TypeUse, _ open: inout Set<String>) -> String {
        let resolved = resolve(use)
        switch resolved.base {
        case .array(let element): return ".array(\(holdsOnlyScalars(element) ? textSchema(element, &open) : ".json"))"
        case .map, .anyObject, .external: return ".json"
        case .named(let name):
            if case .union(let union)? = declaration(name)?.kind {
                return ".union([\(union.variants.map { fieldSchema($0.type, &open) }.joined(separator: ", "))])"
            }
            if case .object? = declaration(name)?.kind { return ".json" }
            return textSchema(use, &open)
        default: return textSchema(use, &open)
        }
    }

    private func holdsOnlyScalars(_ use: TypeUse) -> Bool {
        switch resolve(use).base {
        case .array, .map, .anyObject, .external: return false
        case .named(let name):
            switch declaration(name)?.kind {
            case .object?: return false
            case .union(let union)?: return union.variants.allSatisfy { holdsOnlyScalars($0.type) }
            default: return true
            }
        default: return true
        }
    }

    /// Whether an exploded object takes members that it does not name.
    func keepsOthers(_ use: TypeUse) -> Bool {
        switch resolve(use).base {
        case .map, .anyObject: return true
        case .named(let name):
            if case .object(let object)? = declaration(name)?.kind, case .typed = object.additional { return true }
            return false
        default: return false
        }
    }
}

extension SwiftLiteral {
    /// The argument with the fields of a form that are not written the default way, and a comma; nothing when there are none.
    static func encoding(_ fields: [FieldEncoding]) -> String {
        let expressions = fields.map { field -> String in
            guard case .style(let style, let explode, let allowReserved) = field.kind else { return ".init(json: \(string(field.name)))" }
            let reserved = allowReserved ? ", allowReserved: true" : ""
            return ".init(\(string(field.name)), style: .\(style.rawValue), explode: \(explode)\(reserved))"
        }
        return expressions.isEmpty ? "" : "encoding: [\(expressions.joined(separator: ", "))], "
    }
}
