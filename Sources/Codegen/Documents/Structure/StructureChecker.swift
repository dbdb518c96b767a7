import CodegenModel

/// Checks an OpenAPI document against the structure that its version's specification gives it: all of it that a filter does not leave out,
/// whether or not code is made from it.
///
/// Every object is visited once for each kind it is used as. Inside an object the check recurses, which the limit on nesting bounds; what a
/// reference leads to waits in a list, so chains of references may have any length.
final class StructureChecker {
    private struct Visit: Hashable {
        let node: ObjectIdentifier
        let kind: ObjectKind
    }

    let version: OpenAPIVersion
    let context: ReadContext
    private let root: DocumentNode
    private var visited: Set<Visit> = []
    private var pending: [(node: DocumentNode, kind: ObjectKind)] = []
    /// The path, webhook or expression whose path item is being checked.
    private var path = ""

    var diagnostics: DiagnosticCollector { context.diagnostics }

    private init(root: DocumentNode, version: OpenAPIVersion, context: ReadContext) {
        self.root = root
        self.version = version
        self.context = context
    }

    /// Checks the document in `file`; one without a version that is known is left to the reader, which says so.
    static func check(_ file: SourceFile, context: ReadContext) {
        guard let version = file.root["openapi"]?.string.flatMap(OpenAPIVersion.init) else { return }
        let checker = StructureChecker(root: file.root, version: version, context: context)
        checker.check(file.root, as: .document)
        while let next = checker.pending.popLast() { checker.check(next.node, as: next.kind) }
    }

    // MARK: Objects

    private func check(_ node: DocumentNode, as kind: ObjectKind) {
        let structure = ObjectStructure.of(kind)
        if kind == .schema, node.scalar?.boolean != nil {
            if version == .v3_0 {
                reportVersion("a schema that is only `true` or `false`", first: .v3_1, at: node.position, help: "use `{}` or `not: {}`")
            }
            return
        }
        guard node.isMapping else {
            diagnostics.report(
                .wrongType, "\(structure.name.withArticle) must be an object, not \(node.kindDescription)", at: node.position)
            return
        }
        // What a filter leaves out is not checked: with one, components are those that something reaches.
        if kind != .components || context.filter.isEmpty { for member in node.members { check(member, of: structure) } }
        for requirement in structure.required where version <= requirement.last && node[requirement.field] == nil {
            diagnostics.report(
                .fieldMissing, "\(structure.name.withArticle) needs `\(requirement.field)`", at: node.position,
                help: "add `\(requirement.field):`"
            )
        }
        for group in structure.exclusive + structure.exactlyOne { checkExclusive(group, in: node, structure) }
        for group in structure.exactlyOne where !group.contains(where: { node[$0] != nil }) {
            diagnostics.report(
                .fieldMissing, "\(structure.name.withArticle) needs `\(group[0])`", at: node.position,
                help: "add " + group.map { "`\($0):`" }.joined(separator: " or ")
            )
        }
        checkRules(of: kind, node)
    }

    private func checkExclusive(_ group: [String], in node: DocumentNode, _ structure: ObjectStructure) {
        let present = group.compactMap { node.member($0) }
        guard present.count > 1 else { return }
        diagnostics.report(
            .fieldsExclusive, "\(structure.name.withArticle) has either `\(present[0].key)` or `\(present[1].key)`, not both",
            at: present[1].keyPosition, help: "remove one of the two"
        )
    }

    private func check(_ member: DocumentNode.Member, of structure: ObjectStructure) {
        if let field = structure.fields[member.key] {
            if !field.exists(in: version) {
                reportVersion(
                    "`\(member.key)` of \(structure.name.withArticle)", first: field.first, last: field.last, at: member.keyPosition,
                    help: field.help
                )
                // What it says is not judged by a version that does not know it.
                if field.last < version { return }
            }
            check(member.value, field.kind, key: member.key)
        } else if member.key.hasPrefix("x-") {
            return
        } else if let kind = structure.members {
            check(member.value, kind, key: member.key)
        } else {
            reportUnknown(member, structure)
        }
    }

    private func reportUnknown(_ member: DocumentNode.Member, _ structure: ObjectStructure) {
        let names = structure.fields.filter { $0.value.exists(in: version) }.keys.sorted()
        let suggestion = NearName.of(member.key, among: names).map { "did you mean `\($0)`?" }
        // A Schema Object may have keywords of other vocabularies. The schema of 3.0 forbids unknown fields as those of 3.1 and 3.2 do, but
        // documents of its time are full of them.
        let isTolerated = structure.name == ObjectStructure.schema.name || version == .v3_0
        diagnostics.report(
            isTolerated ? .unknownField : .fieldUndefined, "\(structure.name.withArticle) has no field `\(member.key)`",
            at: member.keyPosition, help: suggestion
        )
    }

    // MARK: References

    /// Checks what stands at a place for an object or a reference to one.
    private func checkReferable(_ node: DocumentNode, as kind: ObjectKind) {
        guard let reference = node["$ref"] else { return checkOnce(node, as: kind) }
        if kind == .schema || kind == .pathItem { checkOnce(node, as: kind) } else { checkSiblings(of: node) }
        guard let text = reference.string else {
            diagnostics.report(.wrongType, "`$ref` must be a string, not \(reference.kindDescription)", at: reference.position)
            return
        }
        // A component is visited in its own place.
        if context.filter.isEmpty, let field = kind.componentsField, text.hasPrefix("#/components/\(field)/"),
            node.realPath == root.realPath
        {
            let name = text.dropFirst("#/components/\(field)/".count)
            if !name.contains("/"), root["components"]?[field]?[String(name)] != nil { return }
        }
        // Nothing is fetched from another host; the reader says so where it needs what is there.
        guard !text.contains("://"), let target = context.references.target(of: reference) else { return }
        if target.node["$ref"] != nil || visited.insert(Visit(node: target.node.id, kind: kind)).inserted {
            guard visited.insert(Visit(node: node.id, kind: kind)).inserted else { return }
            if target.node["$ref"] != nil { pendingReference(target.node, kind) } else { pending.append((target.node, kind)) }
        }
    }

    private func pendingReference(_ node: DocumentNode, _ kind: ObjectKind) {
        // A chain is followed here; one that leads back to itself was seen before.
        guard visited.insert(Visit(node: node.id, kind: kind)).inserted else { return }
        guard let target = context.references.resolve(node) else { return }
        if visited.insert(Visit(node: target.node.id, kind: kind)).inserted { pending.append((target.node, kind)) }
    }

    private func checkSiblings(of node: DocumentNode) {
        let allowed: Set<String> = version == .v3_0 ? ["$ref"] : ["$ref", "summary", "description"]
        for member in node.members where !allowed.contains(member.key) && !member.key.hasPrefix("x-") {
            diagnostics.report(
                .referenceSiblings, "`\(member.key)` beside `$ref` has no effect", at: member.keyPosition,
                help: "put it into what is referred to, or remove it"
            )
        }
    }

    private func checkOnce(_ node: DocumentNode, as kind: ObjectKind) {
        if visited.insert(Visit(node: node.id, kind: kind)).inserted { check(node, as: kind) }
    }

    // MARK: Values

    private func check(_ node: DocumentNode, _ kind: ValueKind, key: String) {
        switch kind {
        case .any: return
        case .schema: checkReferable(node, as: .schema)
        case .schemaOrFlag: if node.scalar?.boolean == nil { checkReferable(node, as: .schema) }
        case .object(.operation):
            let subject = OperationFilter.Subject(node: node, method: key, path: path)
            if context.filter.isEmpty || context.filter.selects(subject) { checkOnce(node, as: .operation) }
        case .object(.pathItem), .referable(.pathItem):
            path = key
            checkReferable(node, as: .pathItem)
        case .object(let kind): checkOnce(node, as: kind)
        case .referable(let kind): checkReferable(node, as: kind)
        case .list(let element, let isNonEmpty): checkList(node, element, isNonEmpty: isNonEmpty, key: key)
        case .map(let value, let keys):
            guard node.isMapping else { return reportType(node, key, "an object") }
            for member in node.members {
                check(key: member, keys)
                check(member.value, value, key: member.key)
            }
        case .string: if node.string == nil { reportType(node, key, "a string") }
        case .text: checkText(node, key)
        case .boolean: if node.scalar?.boolean == nil { reportType(node, key, "true or false") }
        case .number: if node.scalar?.number == nil { reportType(node, key, "a number") }
        case .count: checkCount(node, key)
        case .choice(let values): checkChoice(node, values, key: key)
        case .url, .uri: checkURL(node, key, isAbsolute: { if case .uri = kind { true } else { false } }())
        case .schemaType: checkSchemaType(node)
        case .exclusiveBound: checkExclusiveBound(node, key)
        }
    }

    private func checkList(_ node: DocumentNode, _ element: ValueKind, isNonEmpty: Bool, key: String) {
        guard node.isSequence else { return reportType(node, key, "an array") }
        if isNonEmpty, node.elements.isEmpty {
            diagnostics.report(.listEmpty, "`\(key)` must not be empty", at: node.position, help: "remove it, or give it an element")
        }
        for value in node.elements { check(value, element, key: key) }
    }

    /// A value that must be one of `values`.
    func checkChoice(_ node: DocumentNode, _ values: [String], key: String) {
        guard let text = node.string else { return reportType(node, key, "a string") }
        guard !values.contains(text) else { return }
        let list = values.count > 1 ? values.dropLast().joined(separator: ", ") + " or " + (values.last ?? "") : values[0]
        diagnostics.report(.wrongType, "`\(key)` must be \(list), not `\(text)`", at: node.position)
    }

    private func checkText(_ node: DocumentNode, _ key: String) {
        guard node.string == nil else { return }
        guard let scalar = node.scalar, !scalar.isNull else { return reportType(node, key, "a string") }
        diagnostics.report(
            .textUnquoted, "`\(key)` is \(scalar.kindDescription) and read as a string", at: node.position,
            help: "quote it: '\(scalar.text)'"
        )
    }

    private func checkCount(_ node: DocumentNode, _ key: String) {
        guard let value = node.scalar?.number else { return reportType(node, key, "an integer") }
        // `10.0` is an integer to JSON Schema, and `1e400` is none to anybody.
        guard value == value.rounded(), abs(value) < 1e18 else { return reportType(node, key, "an integer") }
        if value < 0 { reportType(node, key, "an integer of 0 or more") }
    }

    private func checkURL(_ node: DocumentNode, _ key: String, isAbsolute: Bool) {
        guard let text = node.string else { return reportType(node, key, "a string") }
        if isAbsolute {
            let scheme = text.prefix { $0 != ":" }
            let isURI = scheme.count < text.count && scheme.first?.isLetter == true && !text.contains(" ")
            if !isURI {
                diagnostics.report(.wrongType, "`\(key)` must be a URI, not `\(text)`", at: node.position, help: "begin it with `https://`")
            }
        } else if text.utf8.contains(where: { " <>\"{}|\\^`".utf8.contains($0) }) {
            diagnostics.report(.urlInvalid, "`\(key)` is no URL", at: node.position)
        }
    }

    private func checkSchemaType(_ node: DocumentNode) {
        if node.isSequence, version == .v3_0 {
            reportVersion(
                "a list of types", first: .v3_1, at: node.position,
                help: "use `oneOf`, or `nullable: true` in place of 'null', or begin the document with `openapi: 3.1.0`"
            )
        }
        for element in node.isSequence ? node.elements : [node] {
            // A null that was meant to be the type's name is the schema reader's to judge.
            if element.scalar?.isNull == true { continue }
            guard let type = element.string.flatMap(JSONType.init(rawValue:)) else {
                let names = JSONType.allCases.map(\.rawValue).joined(separator: ", ")
                let written = element.scalar.map { "`\($0.text)`" } ?? element.kindDescription
                diagnostics.report(.wrongType, "`type` must be one of \(names), not \(written)", at: element.position)
                continue
            }
            if type == .null, version == .v3_0, !node.isSequence {
                reportVersion("the type 'null'", first: .v3_1, at: element.position, help: "use `nullable: true`")
            }
        }
    }

    private func checkExclusiveBound(_ node: DocumentNode, _ key: String) {
        let isFlag = node.scalar?.boolean != nil
        if !isFlag, node.scalar?.number == nil { return reportType(node, key, version == .v3_0 ? "true or false" : "a number") }
        if isFlag, version > .v3_0 {
            let bound = key == "exclusiveMinimum" ? "minimum" : "maximum"
            reportVersion(
                "`\(key)` as a flag", last: .v3_0, at: node.position, help: "write the number under `\(key)` in place of `\(bound)`")
        } else if !isFlag, version == .v3_0 {
            reportVersion("`\(key)` as a number", first: .v3_1, at: node.position, help: "write `true` here and the number as the bound")
        }
    }

    // MARK: Findings

    private func reportType(_ node: DocumentNode, _ key: String, _ expectation: String) {
        if node.scalar?.isNull == true {
            diagnostics.report(.nullValue, "`\(key)` is null and read as absent", at: node.position)
            return
        }
        let help = expectation == "a string" ? node.scalar.map { "quote it: '\($0.text)'" } : nil
        diagnostics.report(.wrongType, "`\(key)` must be \(expectation), not \(node.kindDescription)", at: node.position, help: help)
    }

    /// Something belongs to other versions of OpenAPI than the document's.
    func reportVersion(
        _ what: String, first: OpenAPIVersion = .v3_0, last: OpenAPIVersion = .v3_2, at position: SourcePosition, help: String? = nil
    ) {
        let versions =
            first > version ? "belongs to OpenAPI \(first.name)\(first < .v3_2 ? " and later" : "")" : "ended with OpenAPI \(last.name)"
        diagnostics.report(
            .versionFeature, "\(what) \(versions); the document is OpenAPI \(version.name)", at: position,
            help: help ?? (first > version ? "begin the document with `openapi: \(first.name).0`" : nil)
        )
    }
}
