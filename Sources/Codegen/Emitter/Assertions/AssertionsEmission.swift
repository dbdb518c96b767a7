import CodegenModel

/// `Assertions.swift`: a function for each schema of the graph, and the validators.
extension SourceFile {
    mutating func declareAssertions() {
        let graph = api.service.assertions
        guard !graph.schemas.isEmpty else { return }
        if graph.validators.isEmpty { use("APISupport") } else { expose("APISupport") }
        var functions = AssertionFunctions(graph, api: api)
        line("/// What the document's schemas demand beyond the types of `Schemas`.")
        block("enum Assertions") { functions.write(into: &$0) }
        guard !graph.validators.isEmpty else { return }
        line("")
        block("extension \(api.generatedType("Schemas"))") { file in
            file.line(
                "/// What any JSON text violates of a schema, exactly as JSON Schema says; nothing when it is valid. A text that is no JSON is thrown."
            )
            file.block("\(file.api.modifier)enum Validators") { file in
                for (index, validator) in graph.validators.enumerated() {
                    if index > 0 { file.line("") }
                    file.declareValidator(validator)
                }
            }
        }
    }

    private mutating func declareValidator(_ validator: AssertionValidator) {
        documentation("`\(validator.name)`")
        let bytes = "[\(api.standardType("UInt8"))]"
        let result = "throws(\(api.supportType("RequestFailure"))) -> [\(api.supportType("Violation"))]"
        block("\(api.modifier)static func \(SwiftLiteral.identifier(validator.swiftName))(_ json: \(bytes)) \(result)") { file in
            let schema = file.api.generatedType("Assertions.check\(validator.schema)")
            file.line("try \(file.api.supportType("AssertionRun")).violations(in: json, \(schema))")
        }
    }

    /// Writes the checks of a value that was no JSON text.
    mutating func assert(_ value: String, _ assertions: [Int], validation: String) {
        for assertion in assertions {
            line("\(validation).assert(\(value), \(api.generatedType("Assertions.check\(assertion)")))")
        }
    }

    /// Writes the checks that come before the value that is next is read.
    mutating func assertNext(_ assertions: [Int]) {
        for assertion in assertions { line("try json.assert(\(api.generatedType("Assertions.check\(assertion)")))") }
    }
}

/// Writes the functions of a graph, those first that are asked for from outside, then what they refer to.
struct AssertionFunctions {
    let shape: AssertionShape
    let api: APIContext
    private var pending: [Int] = []
    private var needed: Set<Int> = []
    private var literals: [String] = []
    private var decimals: [String] = []

    init(_ graph: AssertionGraph, api: APIContext) {
        shape = AssertionShape(graph)
        self.api = api
        need(graph.schemas.indices.filter { graph.schemas[$0].isRoot })
    }

    private mutating func need(_ schemas: [Int]) {
        for schema in schemas where needed.insert(schema).inserted { pending.append(schema) }
    }

    mutating func write(into file: inout SourceFile) {
        var next = 0
        while next < pending.count {
            if next > 0 { file.line("") }
            write(pending[next], into: &file)
            next += 1
        }
        if !literals.isEmpty || !decimals.isEmpty { file.line("") }
        for (index, literal) in literals.enumerated() {
            file.line("private static let value\(index + 1) = \(api.supportType("AssertionLiteral"))(\(SwiftLiteral.string(literal)))")
        }
        for (index, decimal) in decimals.enumerated() {
            file.line("private static let number\(index + 1) = \(api.supportType("JSONDecimal"))(\"\(decimal)\")")
        }
    }

    private mutating func write(_ index: Int, into file: inout SourceFile) {
        let schema = shape.schemas[index]
        file.line("/// \(schema.location)")
        let parameters = "(_ value: \(api.supportType("JSONNode")), _ run: inout \(api.supportType("AssertionRun")))"
        guard !schema.assertions.isEmpty else { return file.line("static func check\(index)\(parameters) {}") }
        file.block("static func check\(index)\(parameters)") { file in
            let enters = schema.assertions.contains(where: \.appliesSchemas)
            let evaluates = schema.assertions.contains(where: \.asksForEvaluation)
            let resource = shape.dynamicResources.contains(schema.resource) ? String(schema.resource) : ""
            if enters { file.line("guard run.enter(\(resource)) else { return }") }
            if evaluates { file.line("let outer = run.beginEvaluation()") }
            for assertion in schema.assertions { write(assertion, isTracked: shape.tracked.contains(index), into: &file) }
            if evaluates { file.line("run.endEvaluation(outer)") }
            if enters { file.line("run.leave(\(resource))") }
        }
    }

    // MARK: Names

    /// The function of a schema.
    mutating func function(_ schema: Int) -> String {
        need([schema])
        return "check\(schema)"
    }

    mutating func functions(_ schemas: [Int]) -> String { "[" + schemas.map { function($0) }.joined(separator: ", ") + "]" }

    mutating func literal(_ json: String) -> String {
        if let index = literals.firstIndex(of: json) { return "value\(index + 1)" }
        literals.append(json)
        return "value\(literals.count)"
    }

    mutating func decimal(_ text: String) -> String {
        if let index = decimals.firstIndex(of: text) { return "number\(index + 1)" }
        decimals.append(text)
        return "number\(decimals.count)"
    }
}
