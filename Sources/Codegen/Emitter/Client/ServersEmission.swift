import CodegenModel

/// `Servers`: where the document says that the API is served.
extension SourceFile {
    mutating func declareServers() {
        guard !api.service.operations.isEmpty else { return }
        declareServers("Servers", api.service.servers, "for `Client(server:transport:credentials:)`")
    }

    /// Writes the namespace of some servers.
    mutating func declareServers(_ name: String, _ servers: [APIServer], _ purpose: String) {
        guard !servers.isEmpty else { return }
        separate()
        expose("APISupport")
        line("/// Where the API is served, a function a server of the document: \(purpose).")
        block("\(api.modifier)enum \(name)") { file in
            for (index, server) in servers.enumerated() {
                if index > 0 { file.line("") }
                for variable in server.variables where !variable.values.isEmpty {
                    file.declareVariable(variable)
                    file.line("")
                }
                file.declareServer(server)
            }
        }
    }

    private mutating func declareVariable(_ variable: APIServer.Variable) {
        let string = api.standardType("String")
        documentation(variable.description ?? "A value of `\(variable.name)`.")
        block("\(api.modifier)enum \(variable.typeName): \(string), \(api.standardType("Sendable")), \(api.standardType("CaseIterable"))") {
            file in
            for (value, name) in variable.values {
                file.line("case \(SwiftLiteral.identifier(name)) = \(SwiftLiteral.string(value))")
            }
        }
    }

    private mutating func declareServer(_ server: APIServer) {
        let string = api.standardType("String")
        let isRelative = !server.url.contains("://")
        let origin = APIContext.unique("origin", among: server.variables.map { Namer.unescaped($0.swiftName) })
        var parameters = isRelative ? ["at \(origin): \(string)"] : []
        var values: [String] = []
        for variable in server.variables {
            let name = SwiftLiteral.identifier(variable.swiftName)
            if variable.values.isEmpty {
                // Without a default, whoever calls must say it.
                let value = variable.defaultValue.isEmpty ? "" : " = \(SwiftLiteral.string(variable.defaultValue))"
                parameters.append("\(name): \(string)\(value)")
                values.append("\(SwiftLiteral.string(variable.name)): \(name)")
            } else {
                let fallback = variable.values.first { $0.value == variable.defaultValue } ?? variable.values[0]
                parameters.append("\(name): \(variable.typeName) = .\(SwiftLiteral.identifier(fallback.swiftName))")
                values.append("\(SwiftLiteral.string(variable.name)): \(name).rawValue")
            }
        }
        documentation(
            server.description, "`\(server.url)`",
            isRelative ? "- Parameter \(origin): Scheme and authority of where the document is, such as `https://example.com`." : nil
        )
        let head = "\(api.modifier)static func \(SwiftLiteral.identifier(server.swiftName))(\(parameters.joined(separator: ", ")))"
        block("\(head) -> \(api.supportType("ServerLocation"))") { file in
            let url = SwiftLiteral.string(server.url)
            let variables = values.isEmpty ? "[:]" : "[\(values.joined(separator: ", "))]"
            file.line(
                "\(file.api.supportType("ServerLocation"))(\(url), variables: \(variables)\(isRelative ? ", origin: \(origin)" : ""))")
        }
    }
}

extension APIContext {
    /// The path that stands in front of the paths of operations: that of the first server with its variables' defaults.
    var basePath: String { service.basePath }
}
