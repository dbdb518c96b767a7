import CodegenModel

extension Rule {
    static let recursiveType = Rule(
        "recursive-type", "A type that holds itself does so through an array or a map.",
        explanation: """
            A Swift struct cannot hold a value of its own type: its size would have no end. A tree is written as an object whose children are
            an array (or a map) of the same object. References may otherwise be as circular as they like.
            """
    )
}

/// Finds types that contain themselves by value.
enum RecursiveStruct {
    static func check(_ types: [TypeDeclaration], _ diagnostics: DiagnosticCollector) {
        let declarations = Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var finished: Set<String> = []
        for type in types {
            var path: [String] = []
            visit(type.name, path: &path, finished: &finished, declarations: declarations, diagnostics)
        }
    }

    private static func visit(
        _ name: String, path: inout [String], finished: inout Set<String>, declarations: [String: TypeDeclaration],
        _ diagnostics: DiagnosticCollector
    ) {
        if let start = path.firstIndex(of: name) {
            // One finding a cycle, wherever it was entered.
            let cycle = path[start...]
            guard let first = cycle.min(), let declaration = declarations[first], let index = cycle.firstIndex(of: first) else { return }
            let names = cycle[index...] + cycle[..<index] + [first]
            diagnostics.report(
                .recursiveType, "the type contains itself: \(names.joined(separator: " → "))", at: declaration.position,
                help: "hold it in an array or a map"
            )
            return
        }
        guard !finished.contains(name), let declaration = declarations[name] else { return }
        path.append(name)
        for part in parts(of: declaration) { visit(part, path: &path, finished: &finished, declarations: declarations, diagnostics) }
        path.removeLast()
        finished.insert(name)
    }

    /// The types of which a value is held directly.
    private static func parts(of declaration: TypeDeclaration) -> [String] {
        let uses: [TypeUse]
        switch declaration.kind {
        case .object(let object): uses = object.properties.map(\.type)
        case .union(let union): uses = union.variants.map(\.type)
        case .stringEnum, .alias: uses = []
        }
        return uses.compactMap { if case .named(let name) = $0.base { name } else { nil } }
    }
}
