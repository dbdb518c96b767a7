import CodegenModel

extension Rule {
    static let recursiveType = Rule(
        "recursive-type", "A type that holds itself can come to an end.",
        isSkippable: true,
        explanation: """
            A value that must hold another value of its own type has no end, neither in JSON nor in memory. A tree comes to an end where a
            property is optional or may be null, where an array or a map is empty, or where a union has an alternative that is none. References
            may otherwise be as circular as they like.
            """
    )
}

/// Finds types that have no finite value.
enum FiniteTypes {
    static func check(_ types: [TypeDeclaration], _ diagnostics: DiagnosticCollector) {
        let endless = endless(types)
        for type in types {
            guard let name = endless[type.name], case .object = type.kind else { continue }
            diagnostics.report(
                .recursiveType, "a \(type.name) must hold \(name == type.name ? "another one" : "a \(name)"), and so on without end",
                at: type.position, help: "make the property optional, or hold it in an array or a map"
            )
        }
    }

    /// Every type without a finite value, with a part that keeps it from being finite.
    ///
    /// Starts from what needs nothing and follows users of each type found finite, so the time is that of reading all parts once.
    private static func endless(_ types: [TypeDeclaration]) -> [String: String] {
        let declared = Set(types.map(\.name))
        var needs: [String: Set<String>] = [:]
        var users: [String: [String]] = [:]
        var isUnion: Set<String> = []
        for type in types {
            let needed = neededParts(of: type)
            let parts = Set(needed).intersection(declared)
            if parts.isEmpty { continue }
            if case .union(let union) = type.kind {
                isUnion.insert(type.name)
                // An alternative that is no declared type ends it.
                if needed.count < union.variants.count { continue }
            }
            needs[type.name] = parts
            for part in parts { users[part, default: []].append(type.name) }
        }
        var finite = types.map(\.name).filter { needs[$0] == nil }
        while let name = finite.popLast() {
            for user in users[name] ?? [] where needs[user] != nil {
                needs[user]?.remove(name)
                if isUnion.contains(user) || needs[user]?.isEmpty == true {
                    needs[user] = nil
                    finite.append(user)
                }
            }
        }
        return needs.compactMapValues { $0.min() }
    }

    /// The types of which every value holds one; for a union, those of which it holds one or another.
    private static func neededParts(of declaration: TypeDeclaration) -> [String] {
        let uses: [TypeUse]
        switch declaration.kind {
        case .object(let object): uses = object.properties.filter { $0.isRequired && $0.constant == nil }.map(\.type)
        case .union(let union): uses = union.variants.map(\.type)
        case .alias(let use): uses = [use]
        case .stringEnum, .integerEnum: uses = []
        }
        return uses.filter { !$0.isNullable }.compactMap { if case .named(let name) = $0.base { name } else { nil } }
    }
}
