import CodegenModel

/// `Server.swift`: routes that authenticate, read, call the handler and write.
extension SourceFile {
    mutating func declareServer() {
        for interface in api.interfaces { declareServer(interface) }
    }

    private mutating func declareServer(_ interface: Interface) {
        let operations = interface.operations
        separate()
        expose("APISupport")
        use("HTTPTypes")
        let paths = interface.kind == .api ? nil : interface.paths
        if paths != nil { declarePaths(interface) }
        line(
            "/// The routes of \(interface.kind == .api ? "the API" : "a receiver of \(interface.kind.rawValue.lowercased())s") in front of a handler."
        )
        declareHost(interface.server, interface.handler, security: interface.security, paths: paths) { file in
            file.line("/// The routes of all operations, in document order.")
            file.block("\(file.api.modifier)var routes: [\(file.api.supportType("APIRoute"))]") { file in
                // A statement an operation: one literal of hundreds of calls would take the compiler minutes.
                file.line("var routes: [\(file.api.supportType("APIRoute"))] = []")
                for operation in operations { file.route(OperationShape(operation: operation, api: file.api), interface) }
                file.line("return routes")
            }
        }
        line("")
        block("extension \(interface.server)") { file in
            for (index, operation) in operations.enumerated() {
                if index > 0 { file.line("") }
                file.respond(OperationShape(operation: operation, api: file.api))
            }
        }
        for operation in operations {
            let shape = OperationShape(operation: operation, api: api)
            if shape.hasInput {
                line("")
                block("extension \(shape.path).Input") { $0.readInput(shape) }
            }
            line("")
            block("extension \(shape.path).Output") { $0.writeOutput(shape) }
        }
    }

    /// Writes the struct of the paths at which a receiver of webhooks or callbacks is mounted.
    private mutating func declarePaths(_ interface: Interface) {
        let kind = interface.kind.rawValue.lowercased()
        line("/// Where a receiver takes its \(kind)s: paths of its own choosing, such as `/hooks/created`.")
        block("\(api.modifier)struct \(interface.paths): Sendable") { file in
            let string = file.api.standardType("String")
            for hook in interface.hooks {
                file.documentation("The \(kind) `\(hook.name)`\(interface.kind == .callback ? ", sent to `\(hook.path)`" : "").")
                file.line("\(file.api.modifier)var \(SwiftLiteral.identifier(hook.property)): \(string)")
            }
            file.declareMemberwiseInit(interface.hooks.map { (SwiftLiteral.identifier($0.property), string) })
        }
        line("")
    }

    /// Writes the generic struct of a server around its routes: over a handler, and over a security handler when there is one.
    mutating func declareHost(
        _ name: String, _ handler: String, security: [[SecurityRequirement]], paths: String? = nil, _ routes: (inout SourceFile) -> Void
    ) {
        let schemes = Self.schemes(security)
        let isSecured = !schemes.isEmpty
        let parameters = isSecured ? "<Handler: \(handler), Security: SecurityHandler>" : "<Handler: \(handler)>"
        let same = schemes.map(Authentication.principal).map { "Handler.\($0) == Security.\($0)" }.joined(separator: ", ")
        block("\(api.modifier)struct \(name)\(parameters): Sendable\(isSecured ? " where \(same)" : "")") { file in
            file.line("private let handler: Handler")
            if isSecured { file.line("private let security: Security") }
            if let paths { file.line("private let paths: \(paths)") }
            file.line("")
            let arguments = "handler: Handler" + (isSecured ? ", security: Security" : "") + (paths.map { ", paths: \($0)" } ?? "")
            file.block("\(file.api.modifier)init(\(arguments))") { file in
                file.line("self.handler = handler")
                if paths != nil { file.line("self.paths = paths") }
                if isSecured { file.line("self.security = security") }
            }
            file.line("")
            routes(&file)
        }
    }

    private mutating func route(_ shape: OperationShape, _ interface: Interface) {
        let operation = shape.operation
        let path = interface.hook(of: operation).map { "self.paths.\(SwiftLiteral.identifier($0))" } ?? SwiftLiteral.string(operation.path)
        let route = "\(api.supportType("APIRoute"))(method: \(method(operation)), path: \(path), operationID: \(shape.path).id,"
        let produced = operation.producedMediaTypes
        let produces = produced.isEmpty ? "" : " produces: \(SwiftLiteral.strings(produced)),"
        line("routes.append(\(route)\(produces) respond: self.respond(\(shape.label):context:)))")
    }

    /// The expression of an operation's HTTP method.
    func method(_ operation: Operation) -> String {
        let standard = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "CONNECT"]
        return standard.contains(operation.method)
            ? ".\(operation.method.lowercased())" : ".init(\(SwiftLiteral.string(operation.method)))!"
    }

    private mutating func respond(_ shape: OperationShape) {
        let request = api.supportType("ServerRequest")
        let context = api.supportType("CallContext")
        let response = api.supportType("ServerResponse")
        block("private func respond(\(shape.label) request: \(request), context: \(context)) async -> \(response)") { file in
            file.line("do {")
            file.indented { file in
                file.authenticate(shape.operation.security, of: shape.path)
                let reading = shape.operation.requestBody == nil ? "try" : "try await"
                file.line(
                    shape.hasInput ? "let input = \(reading) \(shape.path).Input.read(from: request)" : "let input = \(shape.path).Input()"
                )
                let principal = Authentication(shape.operation.security).alternatives.isEmpty ? "" : ", principal: principal"
                file.line("return try await self.handler.\(shape.method)(input\(principal), context: context).response()")
            }
            file.line("} catch {")
            file.indented { $0.respondToFailure(shape) }
            file.line("}")
        }
    }

    private mutating func respondToFailure(_ shape: OperationShape) {
        let call = api.supportType("ServerCall")
        guard shape.operation.needsFailureMapping else {
            return line("return \(call).response(to: error, declared: \(declaredFailures(shape.operation)), context: context)")
        }
        let answer = "try self.handler.failure($0, in: \(shape.path).self).response()"
        line("return \(call).response(to: error, context: context) { \(answer) }")
    }

    private func declaredFailures(_ operation: Operation) -> String {
        var problems: [Int] = []
        var ranges: [Int] = []
        var empty: [Int] = []
        var hasDefault = false
        for response in operation.responses where response.isError {
            switch response.status {
            case .code(let code) where response.contents.isEmpty: empty.append(code)
            case .code(let code): problems.append(code)
            case .range(let hundreds) where !response.contents.isEmpty: ranges.append(hundreds)
            case .default where !response.contents.isEmpty: hasDefault = true
            case .range, .default: break
            }
        }
        var arguments: [String] = []
        if !problems.isEmpty { arguments.append("problems: \(problems)") }
        if !ranges.isEmpty { arguments.append("ranges: \(ranges)") }
        if hasDefault { arguments.append("hasDefault: true") }
        if !empty.isEmpty { arguments.append("empty: \(empty)") }
        return "\(api.supportType("DeclaredFailures"))(\(arguments.joined(separator: ", ")))"
    }
}
