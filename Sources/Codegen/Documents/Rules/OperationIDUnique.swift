import CodegenModel

extension Rule {
    static let operationIDUnique = Rule(
        "operation-id-unique", "No two operations have the same `operationId`.",
        explanation: """
            The id names the operation's method and types (OpenAPI 3.1, section 4.8.10: it is unique among all operations). Two ids that differ
            in case or separators only, such as `get_user` and `getUser`, give the same Swift name and count as the same,
            unless `names` in codegen.yaml or `x-swift-name` gives one of them another.
            """
    )
}

/// Looks at all documents of a service together, since their operations end up in one handler.
enum OperationIDUnique {
    static func check(_ documents: [OpenAPIDocument], _ context: ReadContext) {
        var ids: [String: SourcePosition] = [:]
        var names: [String: SourcePosition] = [:]
        for (_, operation) in documents.flatMap({ $0.operations + $0.webhookOperations + $0.callbackOperations }) {
            guard let id = operation.operationID else { continue }
            let chosen = context.chosenName(id.value, operation.node)
            let name = chosen.map { $0.prefix(1).uppercased() + $0.dropFirst() } ?? Namer.type(id.value)
            if let first = ids[id.value] ?? names[name] {
                context.diagnostics.report(
                    .operationIDUnique, "`\(id.value)` is the id of another operation too, in line \(first.line)", at: id.position,
                    help: "give one of the two another `operationId`"
                )
            } else {
                ids[id.value] = id.position
                names[name] = id.position
            }
        }
    }
}
