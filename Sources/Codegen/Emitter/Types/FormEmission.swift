import CodegenModel

/// Form bodies (`application/x-www-form-urlencoded`): objects of scalars and arrays of scalars.
extension SourceFile {
    mutating func readForm(_ object: ObjectType, name: String) {
        let shape = ObjectShape(object, name: name, api: api)
        block("\(api.modifier)static func read(from form: inout \(api.supportType("FormReader"))) -> Self?") { file in
            for member in shape.members { file.readField(member) }
            let known = SwiftLiteral.strings(object.properties.map(\.name))
            switch object.additional {
            case .ignored: break
            case .forbidden: file.line("form.rejectOthers(than: \(known))")
            case .typed(let use):
                let type = "[\(file.api.standardType("String")): \(file.api.type(use))]"
                file.textValue("let additionalProperties: \(type) = form.additional(except: \(known)", use)
            }
            file.returnForm(shape)
        }
    }

    private mutating func readField(_ member: ObjectShape.Member) {
        let property = member.property
        let name = SwiftLiteral.string(property.name)
        if let constant = property.constant {
            return line("form.constant(\(name), \(SwiftLiteral.string(constant)), required: \(property.isRequired))")
        }
        let type = api.valueType(api.resolve(property.type).base)
        let function = isArray(property.type) ? "values" : "value"
        textValue("let \(member.local): \(type)? = form.\(function)(\(name), required: \(property.isRequired)", property.type)
    }

    private mutating func returnForm(_ shape: ObjectShape) {
        let required = shape.stored.filter(\.property.isRequired)
        if !required.isEmpty {
            line("guard \(required.map { "let \($0.local)" }.joined(separator: ", ")) else { return nil }")
        }
        var arguments = shape.stored.map { member in
            let label = "\(SwiftLiteral.label(member.property.swiftName)): "
            guard let value = member.property.defaultValue, !member.property.isRequired else { return label + member.local }
            return "\(label)\(member.local) ?? \(SwiftLiteral.value(value))"
        }
        if shape.additional != nil { arguments.append("additionalProperties: additionalProperties") }
        guard !leadingAssertions.isEmpty else { return line("return Self(\(arguments.joined(separator: ", ")))") }
        line("let value = Self(\(arguments.joined(separator: ", ")))")
        assert("value", leadingAssertions, validation: "form.validation")
        leadingAssertions = []
        line("return value")
    }

    mutating func writeForm(_ object: ObjectType, name: String) {
        let shape = ObjectShape(object, name: name, api: api)
        block("\(api.modifier)func write(to form: inout \(api.supportType("FormWriter")))") { file in
            for member in shape.members {
                let name = SwiftLiteral.string(member.property.name)
                let value = "self.\(SwiftLiteral.identifier(member.property.swiftName))"
                if let constant = member.property.constant {
                    file.line("form.write(\(name), \(SwiftLiteral.string(constant)))")
                } else {
                    file.line("form.write(\(name), \(file.isArray(member.property.type) ? "values: " : "")\(value))")
                }
            }
            if shape.additional != nil {
                file.block("for (name, value) in self.additionalProperties.sorted(by: { $0.key < $1.key })") {
                    $0.line("form.write(name, value)")
                }
            }
        }
    }

    /// Whether a text value of this type is a list.
    func isArray(_ use: TypeUse) -> Bool {
        if case .array = api.resolve(use).base { true } else { false }
    }

    /// Writes `head`, which is a call without its closing parenthesis, completed by a closure that checks the constraints of the
    /// value, and of its elements when it is an array.
    mutating func textValue(_ head: String, _ use: TypeUse) {
        let resolved = api.resolve(use)
        var element: TypeUse?
        if case .array(let use) = resolved.base { element = use }
        let resolvedElement = element.map(api.resolve)
        let checksElements = resolvedElement.map { hasChecks($0) || !$0.assertions.isEmpty } ?? false
        guard hasChecks(resolved) || checksElements || !resolved.assertions.isEmpty else { return line("\(head))") }
        line("\(head)) { (value: \(api.valueType(resolved.base)), validation: inout \(api.supportType("Validation"))) in")
        indented { file in
            file.checks("value", resolved, validation: "validation")
            file.assert(file.jsonForm("value", resolved.base), resolved.assertions, validation: "validation")
            if checksElements, let resolvedElement {
                file.block("for element in value") { file in
                    file.checks("element", resolvedElement, validation: "validation")
                    file.assert(file.jsonForm("element", resolvedElement.base), resolvedElement.assertions, validation: "validation")
                }
            }
        }
        line("}")
    }

    /// The expression of what a text value is in JSON: bytes are base64 there too.
    private func jsonForm(_ value: String, _ base: TypeUse.Base) -> String {
        switch base {
        case .base64: return "\(value).parameterText"
        case .array(let element):
            if case .base64 = api.resolve(element).base { return "\(value).map(\\.parameterText)" }
            return value
        default: return value
        }
    }
}
