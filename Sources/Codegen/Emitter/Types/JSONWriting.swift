import CodegenModel

/// Statements that write a value with `json: inout JSONWriter`.
extension SourceFile {
    /// Writes statements that write a value; null is written for nil.
    mutating func writeValue(_ value: String, _ use: TypeUse) {
        let resolved = api.resolve(use)
        guard resolved.isNullable else { return writePresent(value, resolved.base) }
        line("if let value = \(value) {")
        indented { $0.writePresent("value", resolved.base) }
        line("} else {")
        indented { $0.line("json.writeNull()") }
        line("}")
    }

    /// Writes statements that write a value that is not null.
    mutating func writePresent(_ value: String, _ base: TypeUse.Base) {
        switch base {
        case .integer(.uint64): line("\(value).write(to: &json)")
        case .string, .boolean, .integer, .number, .exactNumber(isString: false), .dateTime: line("json.write(\(value))")
        case .exactNumber: line("json.write(\(value).text)")
        case .base64URL: line("json.writeBase64URL(\(value))")
        case .base64: line("json.writeBase64(\(value))")
        case .named, .external, .any, .anyObject: line("\(value).write(to: &json)")
        case .array(let element): writeWith("json.writeArray(\(value))", element)
        case .map(let element): writeWith("json.writeMap(\(value))", element)
        }
    }

    /// Writes `head` with a trailing closure that writes one value.
    mutating func writeWith(_ head: String, _ use: TypeUse, suffix: String = "", direction: Content.Direction? = nil) {
        line("\(head) { (value: \(api.type(use)), json: inout \(api.supportType("JSONWriter"))) in")
        indented { file in
            file.setDirection(direction)
            file.writeValue("value", use)
        }
        line("}\(suffix)")
    }

    /// Writes which way the body goes that is written or read next, where that matters.
    mutating func setDirection(_ direction: Content.Direction?) {
        if let direction { line("json.direction = .\(direction.rawValue)") }
    }

    /// Whether the type's conformance to JSONWritable writes a value completely. `[UInt8]` is base64 only where a schema says so.
    func writesItself(_ base: TypeUse.Base) -> Bool {
        switch base {
        case .base64, .base64URL, .exactNumber(isString: true): false
        case .array(let use), .map(let use):
            !api.resolve(use).isNullable && writesItself(api.resolve(use).base)
        case .string, .boolean, .integer, .number, .exactNumber, .dateTime, .named, .external, .any, .anyObject: true
        }
    }
}
