import CodegenModel

/// Finds schemas that apply themselves to the value they are asked about, without a step into it: checking one would not end.
enum AssertionCycles {
    /// Reports such schemas at their positions and cuts the circle.
    static func cut(_ schemas: inout [AssertionSchema], at positions: [SourcePosition], _ diagnostics: DiagnosticCollector) {
        var isDone = [Bool](repeating: false, count: schemas.count)
        var isOpen = isDone
        for start in schemas.indices where !isDone[start] {
            // Depth first, on a list: a chain of references may have any length.
            var path: [(schema: Int, next: [Int])] = [(start, schemas[start].inPlace)]
            isOpen[start] = true
            while let (schema, next) = path.last {
                guard let child = next.first else {
                    isOpen[schema] = false
                    isDone[schema] = true
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next.removeFirst()
                if isOpen[child] {
                    diagnostics.report(
                        .recursiveType, "the schema applies itself to the same value, and so on without end", at: positions[schema],
                        help: "let the reference stand below `properties` or `items`, or remove it"
                    )
                    schemas[schema].assertions.removeAll { $0.inPlace.contains(child) }
                } else if !isDone[child] {
                    isOpen[child] = true
                    path.append((child, schemas[child].inPlace))
                }
            }
        }
    }
}

extension AssertionSchema {
    fileprivate var inPlace: [Int] { assertions.flatMap(\.inPlace) }
}

extension Assertion {
    /// The subschemas that are certain to be applied to the same value, when this one is.
    fileprivate var inPlace: [Int] {
        switch self {
        case .reference(let target): [target]
        case .allOf(let parts), .anyOf(let parts), .oneOf(let parts), .evaluates(let parts): parts
        case .not(let schema): [schema]
        case .conditional(let condition, let then, let otherwise): [condition] + [then, otherwise].compactMap { $0 }
        case .dependentSchemas(let dependencies): dependencies.map(\.value)
        default: []
        }
    }
}
