import CodegenModel

/// `Handler.swift`: the protocols that a service implements.
extension SourceFile {
    mutating func declareHandler() {
        for interface in api.interfaces {
            if interface.kind == .api, api.options.splitsHandlerByTag {
                declareTagHandlers(interface)
            } else {
                declareHandler(interface.handler, of: interface, interface.operations)
            }
        }
        declareSecurity(api.service.securitySchemes)
    }

    /// Writes one protocol a tag, and the composition of all of them.
    private mutating func declareTagHandlers(_ interface: Interface) {
        var scope = NameScope(reserved: [api.options.moduleName, interface.handler])
        let untagged = scope.claim("DefaultAPI")
        var names: [String: String] = [:]
        var protocols: [(name: String, operations: [Operation])] = []
        for operation in interface.operations {
            let name: String
            if let tag = operation.tags.first {
                name = names[tag] ?? scope.claim(Namer.unescaped(Namer.type(tag)) + "API")
                names[tag] = name
            } else {
                name = untagged
            }
            if let index = protocols.firstIndex(where: { $0.name == name }) {
                protocols[index].operations.append(operation)
            } else {
                protocols.append((name, [operation]))
            }
        }
        for (name, operations) in protocols { declareHandler(name, of: interface, operations) }
        separate()
        line("/// What the service does: a protocol a tag, an operation in that of its first one.")
        line("\(api.modifier)typealias \(interface.handler) = \(protocols.map(\.name).joined(separator: " & "))")
    }

    private mutating func declareHandler(_ name: String, of interface: Interface, _ operations: [Operation]) {
        separate()
        expose("APISupport")
        let subject =
            switch interface.kind {
            case .api: "What the service does"
            case .webhook: "What the receiver of webhooks does"
            case .callback: "What the receiver of callbacks does"
            }
        line("/// \(subject), a method an operation. Input is read and checked; the output can only be what the document declares.")
        line("///")
        line(
            "/// A thrown `RequestFailure` or `ProblemError` is answered as the operation declares it, anything else as an internal error.")
        block("\(api.modifier)protocol \(name): Sendable") { file in
            let security = operations.map(\.security)
            file.declarePrincipals(security)
            let isSecured = !Self.schemes(security).isEmpty
            for (index, operation) in operations.enumerated() {
                if index > 0 || isSecured { file.line("") }
                file.declareHandlerMethod(OperationShape(operation: operation, api: file.api))
            }
            for operation in operations where operation.needsFailureMapping {
                file.declareFailureMethod(OperationShape(operation: operation, api: file.api))
            }
        }
    }

    private mutating func declareHandlerMethod(_ shape: OperationShape) {
        operationDocumentation(shape.operation, isFull: true)
        var parameters = ["_ input: \(shape.path).Input"]
        if let principal = Authentication(shape.operation.security).principalType(of: shape.path) {
            parameters.append("principal: \(principal)")
        }
        parameters.append("context: \(api.supportType("CallContext"))")
        line("func \(shape.method)(\(parameters.joined(separator: ", "))) async throws -> \(shape.path).Output")
    }

    private mutating func declareFailureMethod(_ shape: OperationShape) {
        line("")
        line(
            "/// How the operation answers what went wrong before its handler was called, or was thrown by it. What the document has no answer"
        )
        line("/// for may be thrown: a failure of the request is then answered as problem details.")
        let failure = api.supportType("RequestFailure")
        line("func failure(_ failure: \(failure), in operation: \(shape.path).Type) throws -> \(shape.path).Output")
    }

    private mutating func declareSecurity(_ schemes: [SecurityScheme]) {
        guard !schemes.isEmpty else { return }
        separate()
        expose("APISupport")
        line("/// Who is calling, a method a security scheme: it checks the credential and that it has the scopes.")
        line("///")
        line("/// - Throws: `RequestFailure`: `unauthenticated` for a bad credential, `forbidden` when scopes are missing.")
        block("\(api.modifier)protocol SecurityHandler: Sendable") { file in
            file.declarePrincipals(schemes.map { [SecurityRequirement(schemes: [.init(swiftName: $0.swiftName, scopes: [])])] })
            for scheme in schemes {
                file.line("")
                let credential = scheme.credential(file.api)
                file.documentation(scheme.description, credential.documentation)
                file.line(
                    "func \(SwiftLiteral.identifier(scheme.swiftName))(\(credential.parameters), \(file.schemeContext)) "
                        + "async throws -> \(Authentication.principal(scheme.swiftName))\(scheme.kind == .mutualTLS ? "?" : "")"
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
        let label = SwiftLiteral.label(scheme.swiftName)
        line(
            "func authenticate(\(label == "request" ? label : label + " request"): \(api.supportType("ServerRequest")), \(schemeContext)) async throws -> \(Authentication.principal(scheme.swiftName))? {"
        )
        indented { file in
            guard let lookup = credential.lookup else {
                return file.line("return try await self.\(name)(request, scopes: scopes, context: context)")
            }
            file.line("guard let credential = \(file.api.supportType("ServerCall")).\(lookup) else { return nil }")
            file.line("return try await self.\(name)(\(credential.arguments), scopes: scopes, context: context)")
        }
        line("}")
    }
}

/// How a scheme's credential reaches its method.
private struct Credential {
    /// The parameters of the scheme's method.
    var parameters: String
    /// The call that finds it in a request; nil when the method looks for itself.
    var lookup: String?
    var arguments = "credential"
    var documentation: String?
}

extension SecurityScheme {
    fileprivate func credential(_ api: APIContext) -> Credential {
        let string = api.standardType("String")
        switch kind {
        case .bearer: return Credential(parameters: "_ token: \(string)", lookup: "bearer(in: request)")
        case .basic:
            return Credential(
                parameters: "username: \(string), password: \(string)", lookup: "basic(in: request)",
                arguments: "username: credential.username, password: credential.password"
            )
        case .apiKey(let location, let name):
            let lookup = "apiKey(\(SwiftLiteral.string(name)), in: .\(location.rawValue), of: request)"
            return Credential(parameters: "_ key: \(string)", lookup: lookup)
        case .http(let scheme):
            return Credential(
                parameters: "_ credentials: \(string)", lookup: "http(\(SwiftLiteral.string(scheme)), in: request)",
                documentation: "- Parameter credentials: What follows `\(scheme)` in the `Authorization` field."
            )
        case .mutualTLS:
            return Credential(
                parameters: "_ request: \(api.supportType("ServerRequest"))", lookup: nil,
                documentation: "- Returns: Whose certificate the connection of `request` was made with; nil when it was made without one."
            )
        }
    }
}
