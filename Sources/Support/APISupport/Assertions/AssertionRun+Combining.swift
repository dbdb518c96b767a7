/// Keywords that apply schemas to the value itself (JSON Schema 2020-12 core §10.2).
extension AssertionRun {
    public mutating func anyOf(_ value: JSONNode, _ schemas: [Assertion], evaluates: Bool = false) {
        var isSatisfied = false
        for schema in schemas where holds(value, schema) {
            isSatisfied = true
            // The others count only for what they evaluate.
            if !evaluates { return }
        }
        if !isSatisfied { report(value, "anyOf", "is none of the alternatives") }
    }

    public mutating func oneOf(_ value: JSONNode, _ schemas: [Assertion]) {
        var matches = 0
        for schema in schemas where holds(value, schema) {
            matches += 1
            if matches > 1 { break }
        }
        if matches == 0 { report(value, "oneOf", "is none of the alternatives") }
        if matches > 1 { report(value, "oneOf", "is more than one of the alternatives") }
    }

    /// `anyOf` of schemas that only require members.
    public mutating func anyOf(_ value: JSONNode, required lists: [[StaticString]]) {
        guard kind(value) == .object, !lists.contains(where: { hasMembers(value, $0) }) else { return }
        report(value, "anyOf", "must have \(Self.phrase(lists))")
    }

    /// `oneOf` of schemas that only require members.
    public mutating func oneOf(_ value: JSONNode, required lists: [[StaticString]]) {
        let isObject = kind(value) == .object
        let matches = lists.count { !isObject || hasMembers(value, $0) }
        if matches != 1 { report(value, "oneOf", "must have exactly one of: \(Self.phrase(lists))") }
    }

    private func hasMembers(_ value: JSONNode, _ names: [StaticString]) -> Bool { names.allSatisfy { hasMember(value, $0) } }

    private static func phrase(_ lists: [[StaticString]]) -> String {
        lists.map { names in names.map(\.description).joined(separator: " and ") }.joined(separator: ", or ")
    }

    /// Learns what the schemas that hold evaluate.
    public mutating func evaluate(_ value: JSONNode, _ schemas: [Assertion]) {
        for schema in schemas { _ = holds(value, schema) }
    }

    public mutating func not(_ value: JSONNode, _ schema: Assertion) {
        let outer = beginEvaluation()
        let isSatisfied = holds(value, schema)
        forgetEvaluation(outer)
        if isSatisfied { report(value, "not", "is what it must not be") }
    }

    /// `if`, `then`, `else`.
    public mutating func condition(_ value: JSONNode, _ condition: Assertion, then: Assertion? = nil, else otherwise: Assertion? = nil) {
        if holds(value, condition) { then?(value, &self) } else { otherwise?(value, &self) }
    }

    /// `$dynamicRef`: the schema of the outermost resource that is being evaluated and has one.
    public mutating func dynamicReference(_ value: JSONNode, _ candidates: [(resource: Int, schema: Assertion)], initial: Assertion) {
        for resource in activeResources {
            if let candidate = candidates.first(where: { $0.resource == resource }) { return candidate.schema(value, &self) }
        }
        initial(value, &self)
    }
}
