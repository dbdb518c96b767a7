import CodegenModel

extension Rule {
    static let operationIDUnique = Rule(
        "operation-id-unique", "No two operations have the same `operationId`.",
        explanation: """
            The id names the operation's method and types (OpenAPI 3.1, section 4.8.10: it is unique among all operations). Two ids that differ
            in case or separators only, such as `get_user` and `getUser`, give the same Swift name and count as the same.
            """
    )
}

/// Looks at all documents of a service together, since their operations end up in one handler.
enum OperationIDUnique {
    static func check(_ documents: [OpenAPIDocument], _ diagnostics: DiagnosticCollector) {
        var seen: [String: SourcePosition] = [:]
        for (_, operation) in documents.flatMap({ $0.operations + $0.webhookOperations + $0.callbackOperations }) {
            guard let id = operation.operationID else { continue }
            if let first = seen[Namer.type(id.value)] {
                diagnostics.report(
                    .operationIDUnique, "`\(id.value)` is the id of another operation too, in line \(first.line)", at: id.position,
                    help: "give one of the two another `operationId`"
                )
            } else {
                seen[Namer.type(id.value)] = id.position
            }
        }
    }
}
