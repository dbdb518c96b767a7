import CodegenModel

/// An assertion with all that it refers to as text, the same for two graphs that demand the same: schemas are numbered as they are met.
struct AssertionSignature {
    private let graph: AssertionGraph
    private var numbers: [Int: Int] = [:]
    private var pending: [Int] = []

    static func text(of roots: [Int], in graph: AssertionGraph) -> String {
        var signature = AssertionSignature(graph: graph)
        return signature.text(roots)
    }

    private init(graph: AssertionGraph) { self.graph = graph }

    private mutating func text(_ roots: [Int]) -> String {
        var text = roots.map { String(number($0)) }.joined(separator: " ")
        var next = 0
        while next < pending.count {
            let schema = pending[next]
            next += 1
            guard graph.schemas.indices.contains(schema) else { continue }
            for assertion in graph.schemas[schema].assertions { text += "\n\(next): \(numbered(assertion))" }
        }
        return text
    }

    private mutating func number(_ schema: Int) -> Int {
        if let known = numbers[schema] { return known }
        pending.append(schema)
        numbers[schema] = pending.count
        return pending.count
    }

    private mutating func numbered(_ assertion: Assertion) -> Assertion {
        switch assertion {
        case .items(let prefix, let rest): return .items(prefix: prefix.map { number($0) }, rest: rest.map { number($0) })
        case .contains(let schema, let minimum, let maximum): return .contains(number(schema), minimum: minimum, maximum: maximum)
        case .unevaluatedItems(let schema): return .unevaluatedItems(number(schema))
        case .dependentSchemas(let dependencies):
            return .dependentSchemas(dependencies.map { .init(member: $0.member, value: number($0.value)) })
        case .propertyNames(let schema): return .propertyNames(number(schema))
        case .members(let members): return .members(numbered(members))
        case .unevaluatedProperties(let schema): return .unevaluatedProperties(number(schema))
        case .reference(let schema): return .reference(number(schema))
        case .dynamicReference(let candidates, let initial):
            // Resources have numbers of their own, of which only the order is kept.
            let schemas = candidates.map { Assertion.ResourceSchema(resource: 0, schema: number($0.schema)) }
            return .dynamicReference(candidates: schemas, initial: number(initial))
        case .allOf(let parts): return .allOf(parts.map { number($0) })
        case .anyOf(let parts): return .anyOf(parts.map { number($0) })
        case .oneOf(let parts): return .oneOf(parts.map { number($0) })
        case .not(let schema): return .not(number(schema))
        case .conditional(let condition, let then, let otherwise):
            return .conditional(if: number(condition), then: then.map { number($0) }, else: otherwise.map { number($0) })
        case .evaluates(let parts): return .evaluates(parts.map { number($0) })
        default: return assertion
        }
    }

    private mutating func numbered(_ members: MemberAssertions) -> MemberAssertions {
        var members = members
        for index in members.properties.indices { members.properties[index].schema = members.properties[index].schema.map { number($0) } }
        for index in members.patterns.indices { members.patterns[index].schema = members.patterns[index].schema.map { number($0) } }
        if case .schema(let schema) = members.additional { members.additional = .schema(number(schema)) }
        return members
    }
}
