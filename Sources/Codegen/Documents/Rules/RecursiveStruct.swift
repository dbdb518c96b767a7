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
    /// A type on the way from the one that the search began with.
    private struct Step {
        let name: String
        var parts: ArraySlice<String>
    }

    static func check(_ types: [TypeDeclaration], _ diagnostics: DiagnosticCollector) {
        let declarations = Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var finished: Set<String> = []
        for type in types where !finished.contains(type.name) {
            // Depth first, with a list in place of recursion: types may hold each other in a chain of any length.
            var path = [Step(name: type.name, parts: parts(of: type)[...])]
            var depths = [type.name: 0]
            while let last = path.indices.last {
                guard let part = path[last].parts.popFirst() else {
                    let step = path.removeLast()
                    finished.insert(step.name)
                    depths[step.name] = nil
                    continue
                }
                if let start = depths[part] {
                    report(path[start...].map(\.name), declarations, diagnostics)
                } else if !finished.contains(part), let declaration = declarations[part] {
                    depths[part] = path.count
                    path.append(Step(name: part, parts: parts(of: declaration)[...]))
                }
            }
        }
    }

    /// One finding a cycle, wherever it was entered: at the type that comes first by name.
    private static func report(_ cycle: [String], _ declarations: [String: TypeDeclaration], _ diagnostics: DiagnosticCollector) {
        guard let first = cycle.min(), let declaration = declarations[first], let index = cycle.firstIndex(of: first) else { return }
        let names = cycle[index...] + cycle[..<index] + [first]
        diagnostics.report(
            .recursiveType, "the type contains itself: \(names.joined(separator: " → "))", at: declaration.position,
            help: "hold it in an array or a map"
        )
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
