import CodegenModel

/// The statements of one assertion.
extension AssertionFunctions {
    /// - Parameter isTracked: What the schema evaluates counts for somebody.
    mutating func write(_ assertion: Assertion, isTracked: Bool, into file: inout SourceFile) {
        switch assertion {
        case .never: file.line("run.never(value, \"false\")")
        case .types(let types): file.line("run.type(value, [\(types.map { ".\($0.rawValue)" }.joined(separator: ", "))])")
        case .constant(let json): file.line("run.constant(value, \(literal(json)))")
        case .enumeration(let values): file.line("run.enumeration(value, \(literal("[" + values.joined(separator: ",") + "]")))")
        case .multipleOf(let text): writeNumber("multipleOf", text, into: &file)
        case .minimum(let text): writeNumber("minimum", text, into: &file)
        case .maximum(let text): writeNumber("maximum", text, into: &file)
        case .exclusiveMinimum(let text): writeNumber("exclusiveMinimum", text, into: &file)
        case .exclusiveMaximum(let text): writeNumber("exclusiveMaximum", text, into: &file)
        case .minLength(let count): file.line("run.length(value, min: \(count))")
        case .maxLength(let count): file.line("run.length(value, max: \(count))")
        case .pattern(let source): file.line("run.pattern(value, \(file.pattern(source)))")
        case .format(let format): file.line("run.format(value, .\(format))")
        case .minItems(let count): file.line("run.itemCount(value, min: \(count))")
        case .maxItems(let count): file.line("run.itemCount(value, max: \(count))")
        case .uniqueItems: file.line("run.uniqueItems(value)")
        case .minProperties(let count): file.line("run.memberCount(value, min: \(count))")
        case .maxProperties(let count): file.line("run.memberCount(value, max: \(count))")
        case .required(let names): file.line("run.required(value, \(SwiftLiteral.strings(names)))")
        case .dependentRequired(let dependencies):
            for item in dependencies where !item.value.isEmpty {
                file.line("run.dependentRequired(value, \(SwiftLiteral.string(item.member)), \(SwiftLiteral.strings(item.value)))")
            }
        case .items, .contains, .unevaluatedItems: writeArray(assertion, isTracked: isTracked, into: &file)
        case .members(let members): writeMembers(members, isTracked: isTracked, into: &file)
        case .propertyNames(let schema):
            if !shape.isTrivial(schema) { file.line("run.propertyNames(value, \(function(schema)))") }
        case .dependentSchemas(let dependencies):
            for item in dependencies where !shape.isTrivial(item.value) {
                file.line("if run.hasMember(value, \(SwiftLiteral.string(item.member))) { \(function(item.value))(value, &run) }")
            }
        case .unevaluatedProperties(let schema):
            file.line("run.unevaluatedProperties(value, \(shape.isNever(schema) ? "nil" : function(schema)))")
        case .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .conditional, .evaluates:
            writeInPlace(assertion, isTracked: isTracked, into: &file)
        }
    }

    private mutating func writeNumber(_ keyword: String, _ text: String, into file: inout SourceFile) {
        file.line("run.\(keyword)(value, \(decimal(text)), \"\(text)\")")
    }

    // MARK: Arrays

    private mutating func writeArray(_ assertion: Assertion, isTracked: Bool, into file: inout SourceFile) {
        switch assertion {
        case .items(let prefix, let rest):
            let isClosed = rest.map(shape.isNever) ?? false
            let tail = rest.flatMap { isClosed || shape.isTrivial($0) ? nil : $0 }
            if tail != nil || !prefix.allSatisfy(shape.isTrivial) {
                var arguments = "value"
                if !prefix.isEmpty {
                    arguments += ", prefix: [" + prefix.map { shape.isTrivial($0) ? "nil" : function($0) }.joined(separator: ", ") + "]"
                }
                if let tail { arguments += ", rest: \(function(tail))" }
                file.line("run.items(\(arguments))")
            }
            if isClosed { file.line("run.noItems(value, after: \(prefix.count))") }
            if isTracked { file.line(rest == nil ? "run.markItems(value, first: \(prefix.count))" : "run.markItems(value)") }
        case .contains(let schema, let minimum, let maximum):
            var arguments = "value, \(function(schema))"
            if minimum != 1 { arguments += ", minimum: \(minimum)" }
            if let maximum { arguments += ", maximum: \(maximum)" }
            if minimum == 0, maximum == nil, !isTracked { return }
            file.line("run.contains(\(arguments)\(isTracked ? ", evaluates: true" : ""))")
        case .unevaluatedItems(let schema):
            file.line("run.unevaluatedItems(value, \(shape.isNever(schema) ? "nil" : function(schema)))")
        default: break
        }
    }

    // MARK: Objects

    private mutating func writeMembers(_ members: MemberAssertions, isTracked: Bool, into file: inout SourceFile) {
        func applied(_ schema: Int?) -> Int? { schema.flatMap { shape.isTrivial($0) ? nil : $0 } }
        let rest: Int? = if case .schema(let schema) = members.additional { applied(schema) } else { nil }
        let keys = members.properties.map { ($0.key, applied($0.schema)) }
        let patterns = members.patterns.map { ($0.key, applied($0.schema)) }
        let isOpen = rest == nil
        guard isTracked || !isOpen || (keys + patterns).contains(where: { $0.1 != nil }) else { return }
        // Names without a schema matter only where they are told from the others.
        let tellsNames = isTracked || !isOpen
        let cases = tellsNames ? keys : keys.filter { $0.1 != nil }
        let matches = tellsNames ? patterns : patterns.filter { $0.1 != nil }
        let marksAll = isTracked && members.additional != .absent
        let needsKnown = tellsNames && !matches.isEmpty && !(marksAll && isOpen)
        let head =
            "(member: \(api.supportType("JSONNode")), name: \(api.supportType("JSONKey")), run: inout \(api.supportType("AssertionRun"))) in"
        file.line("run.members(value) { \(head)")
        file.indented { file in
            var others: [String] = []
            if let rest {
                others.append(shape.isNever(rest) ? "run.unexpected(member)" : "\(function(rest))(member, &run)")
            } else if isTracked, !marksAll {
                others.append("return")
            }
            if needsKnown, !cases.isEmpty { file.line("var isKnown = true") }
            if needsKnown, cases.isEmpty { file.line("var isKnown = false") }
            writeCases(cases, otherwise: needsKnown ? ["isKnown = false"] : others, into: &file)
            for (pattern, schema) in matches {
                file.block("if run.matches(name, \(file.pattern(pattern)))") { file in
                    if needsKnown { file.line("isKnown = true") }
                    if let schema { file.line("\(function(schema))(member, &run)") }
                }
            }
            if needsKnown, let other = others.first { file.line("if !isKnown { \(other) }") }
            if isTracked { file.line("run.markEvaluated(member)") }
        }
        file.line("}")
    }

    private mutating func writeCases(_ cases: [(String, Int?)], otherwise: [String], into file: inout SourceFile) {
        guard !cases.isEmpty else {
            if otherwise.first != "isKnown = false" { for statement in otherwise { file.line(statement) } }
            return
        }
        file.line("switch name {")
        let plain = cases.filter { $0.1 == nil }.map { SwiftLiteral.string($0.0) }
        if !plain.isEmpty { file.line("case \(plain.joined(separator: ", ")): break") }
        for (name, schema) in cases {
            guard let schema else { continue }
            file.line("case \(SwiftLiteral.string(name)): \(function(schema))(member, &run)")
        }
        file.line("default: \(otherwise.first ?? "break")")
        file.line("}")
    }

    // MARK: In place

    private mutating func writeInPlace(_ assertion: Assertion, isTracked: Bool, into file: inout SourceFile) {
        switch assertion {
        case .reference(let target): writeCalls([target], into: &file)
        case .dynamicReference(let candidates, let initial):
            guard !candidates.isEmpty else { return writeCalls([initial], into: &file) }
            let choices = candidates.map { "(\($0.resource), \(function($0.schema)))" }.joined(separator: ", ")
            file.line("run.dynamicReference(value, [\(choices)], initial: \(function(initial)))")
        case .allOf(let parts): writeCalls(parts, into: &file)
        case .anyOf(let alternatives):
            if !isTracked, alternatives.contains(where: shape.isTrivial) { return }
            if let lists = required(alternatives) { return file.line("run.anyOf(value, required: \(lists))") }
            file.line("run.anyOf(value, \(functions(alternatives))\(isTracked ? ", evaluates: true" : ""))")
        case .oneOf(let alternatives):
            if let lists = required(alternatives) { return file.line("run.oneOf(value, required: \(lists))") }
            file.line("run.oneOf(value, \(functions(alternatives)))")
        case .not(let schema): file.line("run.not(value, \(function(schema)))")
        case .conditional(let condition, let then, let otherwise):
            if !isTracked, then.map(shape.isTrivial) ?? true, otherwise.map(shape.isTrivial) ?? true { return }
            var arguments = "value, \(function(condition))"
            if let then { arguments += ", then: \(function(then))" }
            if let otherwise { arguments += ", else: \(function(otherwise))" }
            file.line("run.condition(\(arguments))")
        case .evaluates(let schemas): if isTracked { file.line("run.evaluate(value, \(functions(schemas)))") }
        default: break
        }
    }

    /// The members that each of the alternatives requires, where they ask for nothing else.
    private func required(_ alternatives: [Int]) -> String? {
        var lists: [String] = []
        for alternative in alternatives {
            guard case .required(let names)? = shape.schemas[alternative].assertions.first,
                shape.schemas[alternative].assertions.count == 1
            else { return nil }
            lists.append(SwiftLiteral.strings(names))
        }
        return "[\(lists.joined(separator: ", "))]"
    }

    private mutating func writeCalls(_ schemas: [Int], into file: inout SourceFile) {
        for schema in schemas where !shape.isTrivial(schema) { file.line("\(function(schema))(value, &run)") }
    }
}
