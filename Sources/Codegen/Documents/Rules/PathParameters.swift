import CodegenModel

extension Rule {
    static let pathPlaceholder = Rule(
        "path-placeholder", "A path's placeholders are declared as parameters, and its path parameters have placeholders.",
        severity: .warning,
        explanation: """
            A placeholder without a parameter is taken as a string, and a path parameter without a placeholder is left out: nothing in a request
            could carry it (OpenAPI 3.1, section 4.8.12.1).
            """,
        wrong: "/pets/{id}:\n  parameters:\n  - {name: petId, in: path, required: true, schema: {type: string}}\n"
            + "  get: {responses: {default: {description: A pet}}}",
        right: "/pets/{petId}:\n  parameters:\n  - {name: petId, in: path, required: true, schema: {type: string}}\n"
            + "  get: {responses: {default: {description: A pet}}}"
    )
    static let pathParameters = Rule(
        "path-parameters", "A path's parameters are required, and each placeholder occurs once.",
        explanation: """
            Each `{name}` of a path needs a parameter with `in: path` and that name, in the path item or the operation, and each path parameter
            a placeholder (OpenAPI 3.1, section 4.8.12.1). Path parameters are always required. In AsyncAPI the same holds for a channel's
            address and its `parameters`.
            """
    )
}

struct PathParameters: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        for item in document.pathItems {
            let names = PathTemplate.parameters(of: item.path)
            if Set(names).count < names.count {
                diagnostics.report(
                    .pathParameters, "a placeholder occurs twice in the path", at: item.position, help: "rename one of the two")
            }
            for operation in item.operations {
                let declared = (item.parameters + operation.parameters).filter { $0.location == .path }
                for name in names where !declared.contains(where: { $0.name == name }) {
                    diagnostics.report(
                        .pathPlaceholder, "`{\(name)}` of the path is not declared and taken as a string", at: operation.position,
                        help: "add a parameter `name: \(name)` with `in: path` and `required: true`"
                    )
                }
                for parameter in declared where !names.contains(parameter.name) {
                    diagnostics.report(
                        .pathPlaceholder, "the path `\(item.path)` has no `{\(parameter.name)}`, which is left out",
                        at: parameter.node.position,
                        help: NearName.of(parameter.name, among: names).map { "did you mean `\($0)`?" }
                    )
                }
            }
        }
    }
}
