import CodegenModel

/// What the emitter knows of a graph's schemas beyond each by itself.
struct AssertionShape {
    let schemas: [AssertionSchema]
    /// Those whose evaluated members and items somebody asks for.
    let tracked: Set<Int>
    /// Schema resources that a dynamic reference may choose.
    let dynamicResources: Set<Int>

    init(_ graph: AssertionGraph) {
        let schemas = graph.schemas
        self.schemas = schemas
        var tracked: Set<Int> = []
        var pending = schemas.indices.filter { schemas[$0].assertions.contains(where: \.asksForEvaluation) }
        while let schema = pending.popLast() {
            guard tracked.insert(schema).inserted else { continue }
            pending += schemas[schema].assertions.flatMap(\.inPlace)
        }
        self.tracked = tracked
        var resources: Set<Int> = []
        for assertion in schemas.flatMap(\.assertions) {
            if case .dynamicReference(let candidates, _) = assertion { resources.formUnion(candidates.map(\.resource)) }
        }
        dynamicResources = resources
    }

    /// Nothing is asserted and nothing evaluated.
    func isTrivial(_ schema: Int) -> Bool { schemas[schema].assertions.isEmpty }

    /// The schema `false`.
    func isNever(_ schema: Int) -> Bool { schemas[schema].assertions == [.never] }
}

extension Assertion {
    var asksForEvaluation: Bool {
        switch self {
        case .unevaluatedItems, .unevaluatedProperties: true
        default: false
        }
    }

    /// The schemas that are applied to the same value, and whose evaluation counts here.
    var inPlace: [Int] {
        switch self {
        case .reference(let target): [target]
        case .dynamicReference(let candidates, let initial): candidates.map(\.schema) + [initial]
        case .allOf(let parts), .anyOf(let parts), .oneOf(let parts), .evaluates(let parts): parts
        case .conditional(let condition, let then, let otherwise): [condition] + [then, otherwise].compactMap { $0 }
        case .dependentSchemas(let dependencies): dependencies.map(\.value)
        default: []
        }
    }

    /// Applies schemas, so that it can lead back to its own.
    var appliesSchemas: Bool {
        switch self {
        case .items, .contains, .unevaluatedItems, .dependentSchemas, .propertyNames, .members, .unevaluatedProperties, .reference,
            .dynamicReference, .allOf, .anyOf, .oneOf, .not, .conditional, .evaluates:
            true
        default: false
        }
    }
}
