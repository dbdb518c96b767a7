import CodegenModel

extension Rule {
    static let operationIDMissing = Rule(
        "operation-id-missing", "Every operation has an `operationId`.",
        explanation: """
            The id becomes the name of the handler's and the client's method. Without one a name is made from the method and the path, which
            changes whenever the path does. Asked for with `strict: true`.
            """
    )
}

struct OperationIDMissing: DocumentRule {
    func check(_ document: OpenAPIDocument, _ diagnostics: DiagnosticCollector) {
        for (item, operation) in document.operations where operation.operationID == nil {
            let name = Namer.unescaped(Namer.member("\(operation.method.lowercased()) \(item.path)"))
            diagnostics.report(
                .operationIDMissing, "the operation has no `operationId`", at: operation.position, help: "add `operationId: \(name)`")
        }
    }
}
