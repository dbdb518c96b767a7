import CodegenModel

/// Reads Server Objects (OpenAPI 3.1, section 4.8.5).
struct ServerReader {
    let context: ReadContext

    func servers(_ nodes: [DocumentNode]) -> [ServerObject] { nodes.compactMap(server) }

    private func server(_ node: DocumentNode) -> ServerObject? {
        guard let reader = context.reader(at: node, as: OpenAPIFields.server), let url = reader.requiredString("url") else { return nil }
        var variables = reader.members("variables").compactMap(variable)
        let position = reader["url"]?.position ?? node.position
        for name in PathTemplate.parameters(of: url) where !variables.contains(where: { $0.name == name }) {
            context.diagnostics.report(
                .serverVariable, "`{\(name)}` of the URL is not declared", at: position, help: "add `\(name): {default: …}` to `variables`"
            )
            variables.append(ServerObject.Variable(name: name, description: nil, defaultValue: "", values: []))
        }
        return ServerObject(
            url: url, position: position, name: reader.string("name"), description: reader.string("description"), variables: variables
        )
    }

    private func variable(_ member: DocumentNode.Member) -> ServerObject.Variable? {
        guard let reader = context.reader(at: member.value, as: OpenAPIFields.serverVariable),
            let defaultValue = reader.required("default")?.scalar?.text
        else { return nil }
        // Numbers without quotes, such as a port, are meant as text.
        let values = reader.elements("enum").compactMap { $0.scalar?.text }
        if !values.isEmpty, !values.contains(defaultValue), let node = reader["default"] {
            context.diagnostics.report(
                .serverVariable, "the default `\(defaultValue)` is none of the variable's values", at: node.position,
                help: NearName.of(defaultValue, among: values).map { "did you mean `\($0)`?" }
                    ?? "use one of \(values.joined(separator: ", "))"
            )
        }
        return ServerObject.Variable(
            name: member.key, description: reader.string("description"), defaultValue: defaultValue, values: values
        )
    }
}

extension Rule {
    static let serverVariable = Rule(
        "server-variable", "The variables of a server's URL are declared, with a default among their values.", severity: .warning,
        explanation: """
            Each `{name}` of a server's `url` has a member of that name in `variables`, with the value that stands there when nothing else is
            said; with an `enum`, it is one of its values (OpenAPI 3.1, sections 4.8.5 and 4.8.6).
            """
    )
}
