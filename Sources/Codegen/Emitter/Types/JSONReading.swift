import CodegenModel

/// Expressions and statements that read a value with `json: inout JSONReader`.
extension SourceFile {
    /// The head of a closure that reads a value of this Swift type.
    private func closureHead(_ type: String) -> String {
        "(json: inout \(api.supportType("JSONReader"))) throws(\(api.supportType("JSONSyntaxError"))) -> \(type)? in"
    }

    /// Writes `prefix`, an expression of the optional value, and `suffix`. Null is not looked for, and the value itself not checked.
    mutating func readValue(_ base: TypeUse.Base, prefix: String, suffix: String = "") {
        switch base {
        case .string: line("\(prefix)try json.readString()\(suffix)")
        case .base64: line("\(prefix)try json.readBase64()\(suffix)")
        case .base64URL: line("\(prefix)try json.readBase64URL()\(suffix)")
        case .boolean: line("\(prefix)try json.readBool()\(suffix)")
        case .integer(.int32): line("\(prefix)try json.readInt32()\(suffix)")
        case .integer(.int64): line("\(prefix)try json.readInt64()\(suffix)")
        case .integer(.uint64): line("\(prefix)try json.readUInt64()\(suffix)")
        case .exactNumber(let isString): line("\(prefix)try json.readExactNumber\(isString ? "String" : "")()\(suffix)")
        case .number: line("\(prefix)try json.readDouble()\(suffix)")
        case .dateTime: line("\(prefix)try json.readTimestamp()\(suffix)")
        case .array(let element): readWith("\(prefix)try json.readArray(", element, suffix: ")\(suffix)")
        case .map(let value): readWith("\(prefix)try json.readMap(", value, suffix: ")\(suffix)")
        case .named, .external, .any, .anyObject: line("\(prefix)try \(api.valueType(base)).read(from: &json)\(suffix)")
        }
    }

    /// Writes `prefix`, a function that reads the value whole, and `suffix`: a reference to the type's own `read(from:)` where
    /// that does all there is to do, otherwise a closure.
    /// - Parameter direction: Of the body that the value is.
    mutating func readWith(_ prefix: String, _ use: TypeUse, suffix: String = ")", direction: Content.Direction? = nil) {
        let resolved = api.resolve(use)
        if direction == nil, !resolved.isNullable, resolved.assertions.isEmpty, !hasChecks(resolved), readsItself(resolved.base) {
            line("\(prefix)\(api.valueType(resolved.base)).read(from:)\(suffix)")
            return
        }
        line("\(prefix){ \(closureHead(api.type(use)))")
        indented { file in
            file.setDirection(direction)
            file.assertNext(resolved.assertions)
            if resolved.isNullable { file.line("if try json.readNull() { return .some(nil) }") }
            if !resolved.isNullable && !file.hasChecks(resolved) {
                file.readValue(resolved.base, prefix: "return ")
            } else {
                file.readValue(resolved.base, prefix: "guard let value = ", suffix: " else { return nil }")
                file.checks("value", resolved, validation: "json.validation")
                file.line("return value")
            }
        }
        line("}\(suffix)")
    }

    /// Writes statements that read a member's value into an optional variable, null included, and check it.
    mutating func readMember(into variable: String, _ use: TypeUse) {
        let resolved = api.resolve(use)
        assertNext(resolved.assertions)
        guard resolved.isNullable else { return readAndCheck(into: variable, resolved) }
        block("if try !json.readNull()") { $0.readAndCheck(into: variable, resolved) }
    }

    private mutating func readAndCheck(into variable: String, _ resolved: APIContext.Resolved) {
        readValue(resolved.base, prefix: "\(variable) = ")
        guard hasChecks(resolved) else { return }
        block("if let value = \(variable)") { $0.checks("value", resolved, validation: "json.validation") }
    }

    /// Whether the type's conformance to JSONReadable reads a value completely. `[UInt8]` is base64 only where a schema says so.
    private func readsItself(_ base: TypeUse.Base) -> Bool {
        switch base {
        case .base64, .base64URL, .exactNumber(isString: true): false
        case .array(let use), .map(let use):
            !api.resolve(use).isNullable && !hasChecks(api.resolve(use)) && readsItself(api.resolve(use).base)
        case .string, .boolean, .integer, .number, .exactNumber, .dateTime, .named, .external, .any, .anyObject: true
        }
    }
}
