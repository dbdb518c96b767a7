import CodegenModel

/// Reads the fields of one object of a document. What is wrong is reported where it stands; the reading goes on with nil in its place.
struct ObjectReader {
    let node: DocumentNode
    let table: FieldTable
    let diagnostics: DiagnosticCollector

    /// - Returns: nil, after a diagnostic, when the node is no object. Fields outside the table are reported at once.
    init?(_ node: DocumentNode, as table: FieldTable, diagnostics: DiagnosticCollector) {
        self.node = node
        self.table = table
        self.diagnostics = diagnostics
        guard node.isMapping else {
            diagnostics.report(.wrongType, "\(table.object.withArticle) must be an object, not \(node.kindDescription)", at: node.position)
            return nil
        }
        for member in node.members where !table.read.contains(member.key) { check(member) }
    }

    private func check(_ member: DocumentNode.Member) {
        if table.ignored.contains(member.key) || member.key.hasPrefix("x-") { return }
        if let help = table.unsupported[member.key] {
            diagnostics.report(
                .unsupported, "`\(member.key)` of \(table.object.withArticle) is not supported", at: member.keyPosition, help: help
            )
        } else {
            let candidates = table.read.union(table.ignored).sorted()
            let suggestion = NearName.of(member.key, among: candidates).map { "did you mean `\($0)`?" }
            diagnostics.report(
                .unknownField, "\(table.object.withArticle) has no field `\(member.key)`", at: member.keyPosition, help: suggestion
            )
        }
    }

    subscript(key: String) -> DocumentNode? { node[key] }

    /// The value of a field that must be there.
    func required(_ key: String) -> DocumentNode? {
        if let value = node[key] { return value }
        diagnostics.report(
            .fieldMissing, "\(table.object.withArticle) needs `\(key)`", at: node.position, help: "add `\(key):`"
        )
        return nil
    }

    /// The value of an optional field. YAML's `key:` with nothing behind it is null, and read as if the key were not there.
    private func value(_ key: String) -> DocumentNode? {
        guard let value = node[key] else { return nil }
        guard value.scalar?.isNull == true else { return value }
        diagnostics.report(.nullValue, "`\(key)` is null and read as absent", at: value.position)
        return nil
    }

    func string(_ key: String) -> String? { value(key).flatMap { string($0, key) } }

    func requiredString(_ key: String) -> String? { required(key).flatMap { string($0, key) } }

    func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        return checked(value.scalar?.boolean, value, key, "true or false")
    }

    func integer(_ key: String) -> Int? {
        guard let value = value(key) else { return nil }
        // 2.0 is an integer too (JSON Schema 2020-12 core, section 4.2.3).
        let integer = value.scalar?.integer.flatMap(Int.init(exactly:)) ?? value.scalar?.number.flatMap(Int.init(exactly:))
        return checked(integer, value, key, "an integer")
    }

    /// A count: an integer that is not negative.
    func count(_ key: String) -> Int? {
        guard let value = integer(key), let node = node[key] else { return nil }
        return checked(value >= 0 ? value : nil, node, key, "an integer of 0 or more")
    }

    func number(_ key: String) -> Double? {
        guard let value = value(key) else { return nil }
        return checked(value.scalar?.number, value, key, "a number")
    }

    /// The members of a field that is a map; empty when absent.
    func members(_ key: String) -> [DocumentNode.Member] {
        guard let value = value(key) else { return [] }
        return checked(value.isMapping ? value.members : nil, value, key, "an object") ?? []
    }

    /// The elements of a field that is a list; empty when absent.
    func elements(_ key: String) -> [DocumentNode] {
        guard let value = value(key) else { return [] }
        return checked(value.isSequence ? value.elements : nil, value, key, "an array") ?? []
    }

    func strings(_ key: String) -> [String] { elements(key).compactMap { string($0, key) } }

    private func string(_ value: DocumentNode, _ key: String) -> String? {
        if let string = value.string { return string }
        let help = value.scalar.map { "quote it: '\($0.text)'" }
        diagnostics.report(.wrongType, "`\(key)` must be a string, not \(value.kindDescription)", at: value.position, help: help)
        return nil
    }

    private func checked<Value>(_ value: Value?, _ node: DocumentNode, _ key: String, _ expectation: String) -> Value? {
        if value == nil {
            diagnostics.report(.wrongType, "`\(key)` must be \(expectation), not \(node.kindDescription)", at: node.position)
        }
        return value
    }
}

extension String {
    /// `an Operation Object`, `a Schema Object`.
    var withArticle: String { ("AEIOUX".contains(first ?? " ") ? "an " : "a ") + self }
}
