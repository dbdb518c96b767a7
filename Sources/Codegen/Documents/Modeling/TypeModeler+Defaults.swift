import CodegenModel

/// A property's `default`, to be made into a value of its type.
struct OpenDefault {
    let declaration: String
    /// Among the object's properties.
    let index: Int
    let node: DocumentNode
    let type: TypeUse
}

extension TypeModeler {
    /// Remembers the default of a property, its own or that of the schema it refers to.
    func noteDefault(of property: DocumentNode, name: String, index: Int, type: TypeUse) {
        guard let node = defaultNode(property) else { return }
        openDefaults.append(OpenDefault(declaration: name, index: index, node: node, type: type))
    }

    /// Makes the defaults of all properties. Called when every type is declared.
    func makeDefaults() {
        for item in openDefaults {
            guard var declaration = declarations[item.declaration], case .object(var object) = declaration.kind,
                object.properties[item.index].constant == nil
            else { continue }
            object.properties[item.index].defaultValue = defaultValue(item.node, type: item.type)
            declaration.kind = .object(object)
            declare(declaration)
        }
        openDefaults = []
    }

    /// The default of a parameter, its own or that of the schema it refers to.
    func defaultValue(of schema: Schema, type: TypeUse) -> LiteralValue? {
        defaultNode(schema.node).flatMap { defaultValue($0, type: type) }
    }

    private func defaultNode(_ node: DocumentNode) -> DocumentNode? {
        context.schemas.schema(at: node).defaultValue ?? context.merger.merged(node).defaultValue
    }

    private func defaultValue(_ node: DocumentNode, type: TypeUse) -> LiteralValue? {
        if node.scalar?.isNull == true {
            if !type.isNullable && type.base != .any { reportDefault("null is not a value of the schema", at: node) }
            return nil
        }
        if let literal = literal(node, type: type) { return literal }
        switch type.base {
        case .named where isEnum(type): reportDefault("the default is not among the enum's values", at: node)
        case .base64: reportDefault("the default is not in base64", at: node)
        case .base64URL: reportDefault("the default is not in base64url", at: node)
        case .external(let name):
            diagnostics.report(
                .unsupported, "a default of the type `\(name)`, which is none of the generated code's, is not supported", at: node.position,
                help: "remove it and let the handler choose, or take the type out of `types` or `formats` in codegen.yaml"
            )
        default: reportDefault("the default is \(node.kindDescription), which the schema does not allow", at: node)
        }
        return nil
    }

    private func reportDefault(_ message: String, at node: DocumentNode) {
        diagnostics.report(.defaultInvalid, message, at: node.position)
    }

    // MARK: Literals

    /// The value of `type` that `node` is; nil when it is none.
    private func literal(_ node: DocumentNode, type: TypeUse) -> LiteralValue? {
        if node.scalar?.isNull == true, type.isNullable { return .null }
        if let allowed = type.constraints.allowed, !allowed.contains(node.literal) { return nil }
        switch type.base {
        case .string: return node.string.map { .string($0) }
        case .boolean: return node.scalar?.boolean.map { .boolean($0) }
        case .integer: return node.scalar?.integer.map { .integer($0) }
        case .number: return node.scalar?.number.map { .number($0) }
        case .exactNumber(let isString):
            guard let scalar = node.scalar, isString ? Double(scalar.text)?.isFinite == true : scalar.number != nil else { return nil }
            return .exactNumber(scalar.text)
        case .dateTime:
            return node.string.flatMap { RFC3339.instant($0) }.map { .timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
        case .array(let element):
            guard node.isSequence else { return nil }
            return all(node.elements.map { literal($0, type: element) }).map { .array($0) }
        case .map(let value):
            guard node.isMapping else { return nil }
            return all(node.members.map { member in literal(member.value, type: value).map { .init(name: member.key, value: $0) } })
                .map { .map($0) }
        case .any: return node.literal
        case .anyObject: return node.isMapping ? node.literal : nil
        case .named(let name): return declarations[name].flatMap { literal(node, of: $0) }
        case .base64: return node.string.flatMap { Base64Text.bytes($0) }.map { .bytes($0) }
        case .base64URL: return node.string.flatMap { Base64Text.bytes($0, isURL: true) }.map { .bytes($0) }
        case .external: return nil
        }
    }

    private func literal(_ node: DocumentNode, of declaration: TypeDeclaration) -> LiteralValue? {
        switch declaration.kind {
        case .alias(let use): return literal(node, type: use)
        case .stringEnum(let type):
            guard let value = node.string else { return nil }
            return type.cases.first { $0.rawValue == value }.map { .enumCase($0.swiftName) }
        case .integerEnum(let type):
            guard let value = node.scalar?.integer else { return nil }
            return type.cases.first { $0.rawValue == value }.map { .enumCase($0.swiftName) }
        case .object(let object): return literal(node, of: object, name: declaration.name)
        case .union(let union):
            for variant in union.variants {
                if case .property(let name) = union.selection, let value = node[name]?.string, !variant.discriminatorValues.contains(value)
                {
                    continue
                }
                if let value = literal(node, type: variant.type) { return .variant(variant.swiftName, value) }
            }
            return nil
        }
    }

    private func literal(_ node: DocumentNode, of object: ObjectType, name: String) -> LiteralValue? {
        guard node.isMapping, !object.isTuple else { return nil }
        var arguments: [LiteralValue.Member] = []
        for property in object.properties {
            guard let value = node[property.name] else {
                if property.isRequired, property.constant == nil { return nil }
                continue
            }
            if let constant = property.constant {
                guard value.string == constant else { return nil }
                continue
            }
            guard let literal = literal(value, type: property.type) else { return nil }
            arguments.append(.init(name: property.swiftName, value: literal))
        }
        let declared = Set(object.properties.map(\.name))
        let others = node.members.filter { !declared.contains($0.key) }
        guard !others.isEmpty else { return .object(name, arguments) }
        guard case .typed(let use) = object.additional else { return nil }
        let values = all(others.map { member in literal(member.value, type: use).map { LiteralValue.Member(name: member.key, value: $0) } })
        return values.map { .object(name, arguments + [.init(name: "additionalProperties", value: .map($0))]) }
    }

    private func all<Value>(_ values: [Value?]) -> [Value]? {
        let present = values.compactMap(\.self)
        return present.count == values.count ? present : nil
    }
}

/// Instants as JSON documents write them (RFC 3339, section 5.6).
enum RFC3339 {
    /// Seconds since 1970 and what is left; nil when the text is no date-time.
    static func instant(_ text: String) -> (seconds: Int64, nanoseconds: Int64)? {
        guard let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))/)
        else { return nil }
        func number(_ part: Substring?) -> Int64 { part.flatMap { Int64($0) } ?? 0 }
        let (year, month, day) = (number(match.1), number(match.2), number(match.3))
        guard (1...12).contains(month), (1...31).contains(day), number(match.4) < 24, number(match.5) < 60, number(match.6) < 61 else {
            return nil
        }
        // Days since 1970 by the civil calendar: years begin in March, so that a leap day ends one.
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let offset = (number(match.9) * 60 + number(match.10)) * 60 * (match.8 == "-" ? -1 : 1)
        let fraction = match.7.map { String($0) } ?? ""
        let nanoseconds = number(Substring(fraction + String(repeating: "0", count: 9 - fraction.count)))
        return (days * 86_400 + number(match.4) * 3_600 + number(match.5) * 60 + number(match.6) - offset, nanoseconds)
    }
}
