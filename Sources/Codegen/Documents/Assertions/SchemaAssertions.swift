import CodegenModel

/// Reads the keywords of one schema into assertions.
struct SchemaAssertions {
    let node: DocumentNode
    let index: Int
    let key: AssertionReader.Key
    let reader: AssertionReader
    private var found: [Assertion] = []

    init(node: DocumentNode, index: Int, key: AssertionReader.Key, reader: AssertionReader) {
        self.node = node
        self.index = index
        self.key = key
        self.reader = reader
    }

    /// What becomes of a keyword.
    private enum Use {
        case asserted
        /// Only what it evaluates counts.
        case evaluated
    }

    private func use(_ keyword: String) -> Use? {
        switch key.selection {
        case .all: .asserted
        case .evaluation: .evaluated
        case .only(let keywords):
            keywords.contains(keyword) ? .asserted : isTracking(keywords) ? .evaluated : nil
        }
    }

    private func isTracking(_ keywords: Set<String>) -> Bool {
        ["unevaluatedProperties", "unevaluatedItems"].contains { keywords.contains($0) && node[$0] != nil }
    }

    mutating func read() -> [Assertion] {
        if let boolean = node.scalar?.boolean { return boolean || key.selection == .evaluation ? [] : [.never] }
        guard let object = ObjectReader(node, as: SchemaFields.table, diagnostics: reader.diagnostics) else { return [] }
        if node["$ref"] == nil || !reader.ignoresReferenceSiblings(node) {
            let vocabulary = reader.resources.vocabulary(of: reader.resources.resource(of: node))
            var limits = SchemaLimits(object: object, diagnostics: reader.diagnostics) { [self] in use($0) == .asserted }
            if vocabulary.hasValidation { found += limits.read() }
            if key.formats == .asserted || vocabulary.assertsFormats { found += limits.format() }
            readItems(object, countsMatches: vocabulary.hasValidation)
            readMembers(object)
            readReferences(object)
            readAlternatives(object)
            // What they speak of is known only when all else is done.
            readUnevaluated(object)
        } else {
            readReferences(object)
        }
        return found
    }

    // MARK: Subschemas

    private func subschema(_ node: DocumentNode, _ use: Use) -> Int {
        reader.schema(at: node, use == .asserted ? .all : .evaluation, formats: key.formats)
    }

    private func whole(_ node: DocumentNode) -> Int { subschema(node, .asserted) }

    // MARK: Arrays

    private mutating func readItems(_ object: ObjectReader, countsMatches: Bool) {
        let (prefixUse, restUse) = (use("prefixItems"), use("items"))
        let prefix = object.elements("prefixItems")
        let rest = object["items"]
        if !prefix.isEmpty, prefixUse != nil || restUse != nil, prefixUse == .asserted || rest != nil || restUse == .evaluated {
            let schemas = prefix.map { prefixUse == .asserted ? whole($0) : reader.anything }
            found.append(.items(prefix: schemas, rest: items(rest, restUse)))
        } else if prefix.isEmpty, let rest = items(rest, restUse) {
            found.append(.items(prefix: [], rest: rest))
        }
        guard let contained = object["contains"], let use = use("contains") else { return }
        let minimum = use == .asserted && countsMatches ? object.count("minContains") : nil
        let maximum = use == .asserted && countsMatches ? object.count("maxContains") : nil
        found.append(.contains(whole(contained), minimum: use == .asserted ? minimum ?? 1 : 0, maximum: maximum))
    }

    private func items(_ node: DocumentNode?, _ use: Use?) -> Int? {
        guard let node, let use else { return nil }
        if use == .asserted { return whole(node) }
        return node.scalar?.boolean == false ? nil : reader.anything
    }

    // MARK: Objects

    private mutating func readMembers(_ object: ObjectReader) {
        let additional = additional(object)
        // What `additionalProperties` speaks of depends on the others, whoever checks them.
        let names = use("properties") == nil && additional == .absent ? [] : object.members("properties")
        let patterns = use("patternProperties") == nil && additional == .absent ? [] : object.members("patternProperties")
        for pattern in patterns { PatternValid.check(pattern.key, at: pattern.keyPosition, reader.diagnostics) }
        let members = MemberAssertions(
            properties: names.map { entry($0, use("properties")) }, patterns: patterns.map { entry($0, use("patternProperties")) },
            additional: additional
        )
        if members != MemberAssertions() { found.append(.members(members)) }
        if use("propertyNames") == .asserted, let names = object["propertyNames"] { found.append(.propertyNames(whole(names))) }
        if let use = use("dependentSchemas") {
            let dependencies = object.members("dependentSchemas").map {
                Assertion.Dependency(member: $0.key, value: subschema($0.value, use))
            }
            if !dependencies.isEmpty { found.append(.dependentSchemas(dependencies)) }
        }
    }

    private func entry(_ member: DocumentNode.Member, _ use: Use?) -> MemberAssertions.Entry {
        MemberAssertions.Entry(key: member.key, schema: use == .asserted ? whole(member.value) : nil)
    }

    private func additional(_ object: ObjectReader) -> MemberAssertions.Additional {
        guard let node = object["additionalProperties"], let use = use("additionalProperties") else { return .absent }
        if use == .evaluated { return node.scalar?.boolean == false ? .absent : .anything }
        if node.scalar?.boolean == true { return .anything }
        return .schema(whole(node))
    }

    // MARK: In place

    private mutating func readReferences(_ object: ObjectReader) {
        if let reference = object["$ref"], let use = use("$ref"), let target = reader.references.target(of: reference) {
            found.append(.reference(subschema(target.node, use)))
        }
        guard let reference = object["$dynamicRef"], let use = use("$dynamicRef"), let target = reader.references.target(of: reference)
        else {
            return
        }
        let initial = subschema(target.node, use)
        let name = reference.string.flatMap { URIReference.split($0).fragment } ?? ""
        // Without a dynamic anchor at its first target it is a plain reference (JSON Schema 2020-12 core, section 8.2.3.2).
        guard reader.resources.resource(of: target.node).dynamicAnchors[name] === target.node else {
            found.append(.reference(initial))
            return
        }
        reader.dynamicReferences.append(
            AssertionReader.DynamicReference(
                owner: index, place: found.count, name: name, formats: key.formats, selection: use == .asserted ? .all : .evaluation
            ))
        found.append(.dynamicReference(candidates: [], initial: initial))
    }

    private mutating func readAlternatives(_ object: ObjectReader) {
        if let use = use("allOf") {
            let parts = object.elements("allOf").map { subschema($0, use) }
            if !parts.isEmpty { found.append(.allOf(parts)) }
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let use = use(keyword) else { continue }
            let alternatives = object.elements(keyword).map(whole)
            if alternatives.isEmpty { continue }
            switch use {
            case .asserted: found.append(keyword == "anyOf" ? .anyOf(alternatives) : .oneOf(alternatives))
            case .evaluated: found.append(.evaluates(alternatives))
            }
        }
        if let excluded = object["not"], use("not") == .asserted { found.append(.not(whole(excluded))) }
        guard let condition = object["if"], let use = use("if") else { return }
        let branches = [object["then"], object["else"]].map { $0.map { subschema($0, use) } }
        found.append(.conditional(if: whole(condition), then: branches[0], else: branches[1]))
    }

    private mutating func readUnevaluated(_ object: ObjectReader) {
        if let rest = object["unevaluatedItems"] {
            switch use("unevaluatedItems") {
            case .asserted: found.append(.unevaluatedItems(whole(rest)))
            case .evaluated: found.append(.items(prefix: [], rest: reader.anything))
            case nil: break
            }
        }
        guard let rest = object["unevaluatedProperties"] else { return }
        switch use("unevaluatedProperties") {
        case .asserted: found.append(.unevaluatedProperties(whole(rest)))
        case .evaluated: found.append(.members(MemberAssertions(additional: .anything)))
        case nil: break
        }
    }
}
