import CodegenModel

/// `Handler.swift`: the protocols that a service implements.
extension SourceFile {
    mutating func declareHandler() {
        let service = api.service
        if !service.operations.isEmpty {
            separate()
            expose("APISupport")
            line(
                "/// What the service does, a method an operation. Input is read and checked; the output can only be what the document declares."
            )
            line("///")
            line(
                "/// A thrown `RequestFailure` or `ProblemError` is answered as the operation declares it, anything else as an internal error."
            )
            block("\(api.modifier)protocol APIHandler: Sendable") { file in
                for (index, operation) in service.operations.enumerated() {
                    if index > 0 { file.line("") }
                    file.declareHandlerMethod(OperationShape(operation: operation, api: file.api))
                }
                for operation in service.operations where operation.needsFailureMapping {
                    file.declareFailureMethod(OperationShape(operation: operation, api: file.api))
                }
            }
        }
        declareSecurity(service.securitySchemes)
    }

    private mutating func declareHandlerMethod(_ shape: OperationShape) {
        operationDocumentation(shape.operation)
        var parameters = ["_ input: \(shape.path).Input"]
        if let principal = Authentication(shape.operation.security).principalType(api) { parameters.append("principal: \(principal)") }
        parameters.append("context: \(api.supportType("CallContext"))")
        line("func \(shape.method)(\(parameters.joined(separator: ", "))) async throws -> \(shape.path).Output")
    }

    private mutating func declareFailureMethod(_ shape: OperationShape) {
        line("")
        line("/// How the operation answers what went wrong before its handler was called, or was thrown by it.")
        let failure = api.supportType("RequestFailure")
        line("func failure(_ failure: \(failure), in operation: \(shape.path).Type) -> \(shape.path).Output")
    }

    private mutating func declareSecurity(_ schemes: [SecurityScheme]) {
        guard !schemes.isEmpty else { return }
        separate()
        expose("APISupport")
        line("/// Who is calling, a method a security scheme: it checks the credential and that it has the scopes.")
        line("///")
        line("/// - Throws: `RequestFailure`: `unauthenticated` for a bad credential, `forbidden` when scopes are missing.")
        block("\(api.modifier)protocol SecurityHandler: Sendable") { file in
            for (index, scheme) in schemes.enumerated() {
                if index > 0 { file.line("") }
                file.documentation(scheme.description)
                file.line(
                    "func \(SwiftLiteral.identifier(scheme.swiftName))(\(scheme.credential(file.api).parameters), \(file.schemeContext)) "
                        + "async throws -> \(file.api.supportType("Principal"))"
                )
            }
        }
        line("")
        block("extension SecurityHandler") { file in
            for (index, scheme) in schemes.enumerated() {
                if index > 0 { file.line("") }
                file.declareAuthenticate(scheme)
            }
        }
    }

    private var schemeContext: String {
        "scopes: [\(api.standardType("String"))], context: \(api.supportType("CallContext"))"
    }

    /// Looks a scheme's credential up in a request and has it checked; nil when the request has none.
    private mutating func declareAuthenticate(_ scheme: SecurityScheme) {
        let name = SwiftLiteral.identifier(scheme.swiftName)
        let credential = scheme.credential(api)
        line(
            "func authenticate(\(SwiftLiteral.label(scheme.swiftName)) request: \(api.supportType("ServerRequest")), \(schemeContext)) async throws -> \(api.supportType("Principal"))? {"
        )
        indented { file in
            file.line("guard let credential = \(file.api.supportType("ServerCall")).\(credential.lookup) else { return nil }")
            file.line("return try await self.\(name)(\(credential.arguments), scopes: scopes, context: context)")
        }
        line("}")
    }
}

extension SecurityScheme {
    /// The parameters of the scheme's method, where its credential is, and how it is handed over.
    fileprivate func credential(_ api: APIContext) -> (parameters: String, lookup: String, arguments: String) {
        let string = api.standardType("String")
        switch kind {
        case .bearer: return ("_ token: \(string)", "bearer(in: request)", "credential")
        case .basic:
            return (
                "username: \(string), password: \(string)", "basic(in: request)",
                "username: credential.username, password: credential.password"
            )
        case .apiKey(let location, let name):
            return ("_ key: \(string)", "apiKey(\(SwiftLiteral.string(name)), in: .\(location.rawValue), of: request)", "credential")
        }
    }
}
