import CodegenModel

extension Rule {
    static let responseMissing = Rule(
        "response-missing", "Every operation declares the errors that generated code answers.",
        explanation: """
            Generated code answers some requests before the handler sees them: 400 for input that breaks the document's rules, 401 and 403 for
            missing credentials and scopes, 500 when the handler throws. An operation must declare the ones that can occur, by their status, by
            a range such as `4XX`, or by `default`. Asked for with `strict: true`.
            """
    )
}

struct ResponseMissing: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        for (item, operation) in document.operations {
            let security = operation.security ?? document.security ?? []
            var needed: [(status: Int, reason: String)] = []
            if operation.requestBody != nil || !(item.parameters + operation.parameters).isEmpty { needed.append((400, "it has input")) }
            if security.contains(where: { !$0.schemes.isEmpty }) { needed.append((401, "it is secured")) }
            if security.contains(where: { $0.schemes.contains { !$0.scopes.isEmpty } }) { needed.append((403, "it asks for scopes")) }
            needed.append((500, "a handler may fail"))
            for (status, reason) in needed where !declares(status, operation.responses) {
                diagnostics.report(
                    .responseMissing, "the operation declares no \(status) response: \(reason)", at: operation.responsesPosition,
                    help: "add '\(status)', '\(status / 100)XX' or default to its `responses`"
                )
            }
        }
    }

    private func declares(_ status: Int, _ responses: [ResponseObject]) -> Bool {
        responses.contains { $0.status == .code(status) || $0.status == .range(status / 100) || $0.status == .default }
    }
}
