import CodegenModel

/// Statements that read texts: parameters, header fields, parts.
extension SourceFile {
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
