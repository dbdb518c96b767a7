import CodegenModel

extension Rule {
    static let parameterUnique = Rule(
        "parameter-unique", "A list of parameters names each only once.",
        explanation: """
            A parameter is known by its name and its place together (OpenAPI 3.1, section 4.8.12), a header's name without regard to case. An
            operation may repeat one of its path item: it then stands in that one's place.
            """
    )
}

struct ParameterUnique: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        for item in document.pathItems {
            check(item.parameters, diagnostics)
            for operation in item.operations { check(operation.parameters, diagnostics) }
        }
    }

    private func check(_ parameters: [ParameterObject], _ diagnostics: DiagnosticCollector) {
        var seen: Set<String> = []
        for parameter in parameters {
            let name = parameter.location == .header ? parameter.name.lowercased() : parameter.name
            guard !seen.insert("\(parameter.location.rawValue) \(name)").inserted else { continue }
            diagnostics.report(
                .parameterUnique, "the \(parameter.location.rawValue) parameter `\(parameter.name)` is listed twice",
                at: parameter.node.position, help: "remove one of the two"
            )
        }
    }
}
