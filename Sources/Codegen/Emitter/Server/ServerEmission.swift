import CodegenModel

/// `Server.swift`: routes that authenticate, read, call the handler and write.
extension SourceFile {
    mutating func declareServer() {
        let operations = api.service.operations
        guard !operations.isEmpty else { return }
        expose("APISupport")
        use("HTTPTypes")
        let isSecured = operations.contains { !Authentication($0.security).alternatives.isEmpty }
        line("/// The routes of the API in front of a handler.")
        declareHost("Server", "APIHandler", isSecured: isSecured) { file in
            file.line("/// The routes of all operations, in document order.")
            file.block("\(file.api.modifier)var routes: [\(file.api.supportType("APIRoute"))]") { file in
                file.line("[")
                file.indented { file in
                    for operation in operations { file.route(OperationShape(operation: operation, api: file.api)) }
                }
                file.line("]")
            }
        }
        line("")
        block("extension Server") { file in
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

    /// Writes the generic struct of a server around its routes: over a handler, and over a security handler when there is one.
    mutating func declareHost(_ name: String, _ handler: String, isSecured: Bool, _ routes: (inout SourceFile) -> Void) {
        let parameters = isSecured ? "<Handler: \(handler), Security: SecurityHandler>" : "<Handler: \(handler)>"
        block("\(api.modifier)struct \(name)\(parameters): Sendable") { file in
            file.line("private let handler: Handler")
            if isSecured { file.line("private let security: Security") }
            file.line("")
            file.block("\(file.api.modifier)init(handler: Handler\(isSecured ? ", security: Security" : ""))") { file in
                file.line("self.handler = handler")
                if isSecured { file.line("self.security = security") }
            }
            file.line("")
            routes(&file)
        }
    }

    private mutating func route(_ shape: OperationShape) {
        let operation = shape.operation
        line("\(api.supportType("APIRoute"))(")
        indented { file in
            let path = SwiftLiteral.string(operation.path)
            file.line("method: \(file.method(operation)), path: \(path), operationID: \(shape.path).id,")
            file.line("respond: self.respond(\(shape.label):context:)")
        }
        line("),")
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
                file.authenticate(shape.operation.security)
                let reading = shape.operation.requestBody == nil ? "try" : "try await"
                file.line(
                    shape.hasInput ? "let input = \(reading) \(shape.path).Input.read(from: request)" : "let input = \(shape.path).Input()"
                )
                let principal = Authentication(shape.operation.security).principalType(file.api) == nil ? "" : ", principal: principal"
                file.line("let output = try await self.handler.\(shape.method)(input\(principal), context: context)")
                file.line("return try output.response()")
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
        let head = "(failure: \(api.supportType("RequestFailure"))) throws -> \(api.supportType("ServerResponse")) in"
        block("return \(call).response(to: error, context: context)", tail: "", closureHead: head) { file in
            file.line("try self.handler.failure(failure, in: \(shape.path).self).response()")
        }
    }

    /// Writes a trailing closure.
    private mutating func block(_ head: String, tail: String, closureHead: String, _ body: (inout SourceFile) -> Void) {
        line("\(head) { \(closureHead)")
        indented(body)
        line("}\(tail)")
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
