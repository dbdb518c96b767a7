/// Keywords for arrays and objects (JSON Schema 2020-12 core §10.3, validation §6.4 and §6.5).
extension AssertionRun {
    private func count(_ value: JSONNode) -> Int { Int(tree.nodes[Int(value.index)].count) }

    /// The items or members of a value; none when it has none.
    private func children(_ value: JSONNode, _ kind: JSONKind) -> [JSONNode] {
        guard self.kind(value) == kind else { return [] }
        return tree.children(of: value.index).map(JSONNode.init)
    }

    // MARK: Arrays

    public mutating func itemCount(_ value: JSONNode, min: Int? = nil, max: Int? = nil) {
        guard kind(value) == .array else { return }
        let count = count(value)
        if let min, count < min { report(value, "minItems", "must have at least \(min) items") }
        if let max, count > max { report(value, "maxItems", "must have at most \(max) items") }
    }

    public mutating func uniqueItems(_ value: JSONNode) {
        guard kind(value) == .array, tree.duplicate(in: value.index) != nil else { return }
        report(value, "uniqueItems", "must not have an item twice")
    }

    /// `prefixItems` and `items`. A schema that is nil allows anything.
    public mutating func items(_ value: JSONNode, prefix: [Assertion?] = [], rest: Assertion? = nil) {
        for (index, item) in children(value, .array).enumerated() {
            if index < prefix.count { prefix[index]?(item, &self) } else { rest?(item, &self) }
        }
    }

    /// `items: false`.
    public mutating func noItems(_ value: JSONNode, after prefix: Int) {
        for item in children(value, .array).dropFirst(prefix) { report(item, "items", "must not be there") }
    }

    /// Notes that the first `count` items, or all, were spoken of.
    public mutating func markItems(_ value: JSONNode, first count: Int? = nil) {
        for item in children(value, .array).prefix(count ?? Int.max) { markEvaluated(item) }
    }

    public mutating func contains(
        _ value: JSONNode, _ schema: Assertion, minimum: Int = 1, maximum: Int? = nil, evaluates: Bool = false
    ) {
        guard kind(value) == .array else { return }
        var matches = 0
        for item in children(value, .array) where holds(item, schema) {
            matches += 1
            if evaluates { markEvaluated(item) }
        }
        if matches < minimum {
            report(value, minimum == 1 ? "contains" : "minContains", "must contain at least \(minimum) such items")
        }
        if let maximum, matches > maximum { report(value, "maxContains", "must contain at most \(maximum) such items") }
    }

    /// The items that nothing spoke of; nil: none is allowed.
    public mutating func unevaluatedItems(_ value: JSONNode, _ schema: Assertion?) {
        for item in children(value, .array) where !isEvaluated(item) {
            if let schema { schema(item, &self) } else { report(item, "unevaluatedItems", "must not be there") }
            markEvaluated(item)
        }
    }

    // MARK: Objects

    public mutating func memberCount(_ value: JSONNode, min: Int? = nil, max: Int? = nil) {
        guard kind(value) == .object else { return }
        let count = count(value)
        if let min, count < min { report(value, "minProperties", "must have at least \(min) members") }
        if let max, count > max { report(value, "maxProperties", "must have at most \(max) members") }
    }

    /// Whether an object has a member; false for anything else.
    public func hasMember(_ value: JSONNode, _ name: StaticString) -> Bool { tree.member(name, of: value.index) != nil }

    public mutating func required(_ value: JSONNode, _ names: [StaticString]) { require(value, "required", names, "is required") }

    public mutating func dependentRequired(_ value: JSONNode, _ member: StaticString, _ names: [StaticString]) {
        guard hasMember(value, member) else { return }
        require(value, "dependentRequired", names, "is required beside \(member)")
    }

    private mutating func require(_ value: JSONNode, _ rule: StaticString, _ names: [StaticString], _ message: String) {
        guard kind(value) == .object else { return }
        for name in names where !hasMember(value, name) { reportMember(value, name, rule, message) }
    }

    /// Calls `body` with every member and its name; not at all for what is no object.
    public mutating func members(_ value: JSONNode, _ body: (JSONNode, JSONKey, inout AssertionRun) -> Void) {
        for member in children(value, .object) { body(member, tree.key(member.index), &self) }
    }

    /// `additionalProperties: false`.
    public mutating func unexpected(_ member: JSONNode) { report(member, "additionalProperties", "is not a known member") }

    public mutating func propertyNames(_ value: JSONNode, _ schema: Assertion) {
        for member in children(value, .object) {
            let name = JSONNode(index: tree.addName(of: member.index))
            if !holds(name, schema) { report(member, "propertyNames", "has a name that is not allowed") }
        }
    }

    /// The members that nothing spoke of; nil: none is allowed.
    public mutating func unevaluatedProperties(_ value: JSONNode, _ schema: Assertion?) {
        for member in children(value, .object) where !isEvaluated(member) {
            if let schema { schema(member, &self) } else { report(member, "unevaluatedProperties", "is not a known member") }
            markEvaluated(member)
        }
    }
}
