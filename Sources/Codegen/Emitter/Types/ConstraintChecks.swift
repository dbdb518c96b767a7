import CodegenModel

/// The statements that check a value's constraints.
extension SourceFile {
    /// Writes the checks of a value that is not null.
    ///
    /// - Parameters:
    ///   - value: The expression of the value.
    ///   - validation: The expression that collects violations, such as `json.validation`.
    mutating func checks(_ value: String, _ resolved: APIContext.Resolved, validation: String) {
        for constraints in resolved.constraints {
            for call in checkCalls(value, resolved.base, constraints) { line("\(validation).\(call)") }
        }
    }

    /// Whether a value of this type has anything to check, apart from what its elements have.
    func hasChecks(_ resolved: APIContext.Resolved) -> Bool {
        var scratch = SourceFile(api: api)
        return resolved.constraints.contains { !scratch.checkCalls("", resolved.base, $0).isEmpty }
    }

    private mutating func checkCalls(_ value: String, _ base: TypeUse.Base, _ constraints: Constraints) -> [String] {
        let calls: [String] = boundChecks(value, base, constraints)
        guard let allowed = constraints.allowed else { return calls }
        switch base {
        case .boolean, .integer, .number, .exactNumber, .any:
            return calls + ["check(\(value), oneOf: [\(allowed.map(SwiftLiteral.value).joined(separator: ", "))])"]
        default: return calls
        }
    }

    private mutating func boundChecks(_ value: String, _ base: TypeUse.Base, _ constraints: Constraints) -> [String] {
        switch base {
        case .string: stringChecks(value, constraints)
        case .integer(.uint64): unsignedChecks(value, constraints)
        case .exactNumber: numberChecks(value, constraints)
        case .integer(let format): integerChecks(value, format, constraints)
        case .number: numberChecks(value, constraints)
        case .array: arrayChecks(value, constraints)
        case .map:
            call("checkProperties", "\(value).count", [("min", constraints.minProperties), ("max", constraints.maxProperties)])
        case .anyObject:
            call("checkProperties", "\(value).members.count", [("min", constraints.minProperties), ("max", constraints.maxProperties)])
        case .base64, .base64URL, .boolean, .dateTime, .named, .external, .any: []
        }
    }

    private mutating func stringChecks(_ value: String, _ constraints: Constraints) -> [String] {
        call(
            "check", value,
            [
                ("minLength", constraints.minLength.map(String.init)),
                ("maxLength", constraints.maxLength.map(String.init)),
                ("pattern", constraints.pattern.map { pattern($0) }),
                ("format", constraints.format.map { ".\(Namer.member($0))" }),
            ]
        )
    }

    private func arrayChecks(_ value: String, _ constraints: Constraints) -> [String] {
        let count = call("checkCount", "items: \(value).count", [("min", constraints.minItems), ("max", constraints.maxItems)])
        return constraints.uniqueItems ? count + ["checkUnique(\(value))"] : count
    }

    private func numberChecks(_ value: String, _ constraints: Constraints) -> [String] {
        let limits: [(String, Double?)] = [
            ("minimum", constraints.minimum), ("maximum", constraints.maximum), ("exclusiveMinimum", constraints.exclusiveMinimum),
            ("exclusiveMaximum", constraints.exclusiveMaximum), ("multipleOf", constraints.multipleOf),
        ]
        return call("check", value, limits)
    }

    /// Limits that an unsigned integer can break.
    private func unsignedChecks(_ value: String, _ constraints: Constraints) -> [String] {
        func whole(_ limit: Double?) -> UInt64? { limit.flatMap { $0 < 0 ? nil : UInt64(exactly: $0) } }
        let limits: [(String, UInt64?)] = [
            ("minimum", whole(constraints.minimum?.rounded(.up))), ("maximum", whole(constraints.maximum?.rounded(.down))),
            ("exclusiveMinimum", whole(constraints.exclusiveMinimum?.rounded(.down))),
            ("exclusiveMaximum", whole(constraints.exclusiveMaximum?.rounded(.up))), ("multipleOf", whole(constraints.multipleOf)),
        ]
        return call("check", value, limits)
    }

    /// Limits of an integer are whole numbers in Swift. One that is not, or lies outside of Int64, moves to the next whole number
    /// that means the same where there is one; the others are compared as Double.
    private func integerChecks(_ value: String, _ format: TypeUse.IntegerFormat, _ constraints: Constraints) -> [String] {
        var whole: [(String, String?)] = []
        var other: [(String, Double?)] = []
        func add(_ label: String, _ limit: Double?) {
            guard let limit else { return }
            if let exact = Int64(exactly: limit) { whole.append((label, String(exact))) } else { other.append((label, limit)) }
        }
        add("minimum", constraints.minimum?.rounded(.up))
        add("maximum", constraints.maximum?.rounded(.down))
        add("exclusiveMinimum", constraints.exclusiveMinimum?.rounded(.down))
        add("exclusiveMaximum", constraints.exclusiveMaximum?.rounded(.up))
        add("multipleOf", constraints.multipleOf)
        let integer = format == .int64 ? value : "\(api.standardType("Int64"))(\(value))"
        return call("check", integer, whole) + call("check", "\(api.standardType("Double"))(\(value))", other)
    }

    /// A call with the arguments that are there, or nothing when none is.
    private func call<T: CustomStringConvertible>(_ name: String, _ value: String, _ arguments: [(String, T?)]) -> [String] {
        var text = ""
        for case (let label, let argument?) in arguments { text += ", \(label): \(argument)" }
        return text.isEmpty ? [] : ["\(name)(\(value)\(text))"]
    }
}
