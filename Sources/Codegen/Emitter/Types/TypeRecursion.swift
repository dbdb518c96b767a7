import CodegenModel

/// Which types contain themselves directly. A Swift value cannot: such an enum is declared `indirect`, and such a
/// property is stored in an array of one element. Arrays and maps are references already and end the search.
struct TypeRecursion {
    private let edges: [String: [String]]
    private let unions: Set<String>

    init(declarations: [String: TypeDeclaration]) {
        var edges: [String: [String]] = [:]
        var unions: Set<String> = []
        for (name, declaration) in declarations {
            switch declaration.kind {
            case .object(let object): edges[name] = object.properties.compactMap { Self.inlineName($0.type) }
            case .union(let union):
                unions.insert(name)
                edges[name] = union.variants.compactMap { Self.inlineName($0.type) }
            case .alias(let use):
                edges[name] = Self.inlineName(use).map { [$0] } ?? []
            case .stringEnum, .integerEnum: break
            }
        }
        self.edges = edges
        self.unions = unions
    }

    /// Whether the union contains itself and needs `indirect`.
    func isIndirect(union name: String) -> Bool {
        (edges[name] ?? []).contains { reaches(name, from: $0, throughUnions: true) }
    }

    /// Whether a property of this type, in this object, closes a cycle that no `indirect` enum breaks.
    func needsStorage(_ type: TypeUse, in owner: String) -> Bool {
        Self.inlineName(type).map { reaches(owner, from: $0, throughUnions: false) } ?? false
    }

    private func reaches(_ target: String, from start: String, throughUnions: Bool) -> Bool {
        var pending = [start]
        var visited: Set<String> = []
        while let name = pending.popLast() {
            if name == target { return true }
            guard visited.insert(name).inserted, throughUnions || !unions.contains(name) else { continue }
            pending += edges[name] ?? []
        }
        return false
    }

    private static func inlineName(_ use: TypeUse) -> String? {
        if case .named(let name) = use.base { name } else { nil }
    }
}
