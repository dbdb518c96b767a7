import CodegenModel

/// `Client.swift`: a method an operation, which sends its input and reads what the document declares.
extension SourceFile {
    mutating func declareClient() {
        declareServers()
        for interface in api.interfaces {
            separate()
            expose("APISupport")
            use("HTTPTypes")
            switch interface.kind {
            case .api: line("/// A client of the API.")
            case .webhook: line("/// Sends webhooks to whoever asked for them.")
            case .callback: line("/// Sends callbacks to where a request asked for them.")
            }
            block("\(api.modifier)struct \(interface.client): Sendable") { file in
                if interface.kind == .api {
                    file.declareClientCore("ClientCore", transport: "ClientTransport")
                } else {
                    file.declareSenderCore()
                }
                for operation in interface.operations {
                    file.line("")
                    file.call(OperationShape(operation: operation, api: file.api))
                }
            }
        }
    }

    /// Writes what a client without a server of its own starts with.
    private mutating func declareSenderCore() {
        let type = api.supportType("ClientCore")
        line("private let core: \(type)")
        line("")
        line("/// - Parameters:")
        line("///   - transport: What carries requests.")
        line("///   - credentials: Gives the credential of a security scheme, by its name in the document.")
        line("\(api.modifier)init(")
        indented { file in
            file.line("transport: any \(file.api.supportType("ClientTransport")),")
            file.line("credentials: (any \(file.api.supportType("CredentialProvider")))? = nil")
        }
        block(")") { $0.line("self.core = \(type)(serverURL: \"\", transport: transport, credentials: credentials)") }
    }

    /// Writes what every client starts with.
    mutating func declareClientCore(_ core: String, transport: String) {
        let type = api.supportType(core)
        line("private let core: \(type)")
        line("")
        line("/// - Parameters:")
        line("///   - serverURL: Where the API is served, without the paths of the document.")
        line("///   - transport: What carries requests.")
        line("///   - credentials: Gives the credential of a security scheme, by its name in the document.")
        line("\(api.modifier)init(")
        indented { file in
            file.line("serverURL: \(file.api.standardType("String")), transport: any \(file.api.supportType(transport)),")
            file.line("credentials: (any \(file.api.supportType("CredentialProvider")))? = nil")
        }
        block(")") { $0.line("self.core = \(type)(serverURL: serverURL, transport: transport, credentials: credentials)") }
        let isChannels = core == "ChannelCore"
        guard !(isChannels ? api.service.channelServers : api.service.servers).isEmpty else { return }
        line("")
        line(
            "/// - Parameter server: One of `\(isChannels ? "ChannelServers" : "Servers")`; its path stands in place of the one in front of the "
                + "document's \(isChannels ? "addresses" : "paths").")
        line("\(api.modifier)init(")
        indented { file in
            file.line("server: \(file.api.supportType("ServerLocation")), transport: any \(file.api.supportType(transport)),")
            file.line("credentials: (any \(file.api.supportType("CredentialProvider")))? = nil")
        }
        block(")") { file in
            let replaced = isChannels ? "" : "replacing: \(SwiftLiteral.string(file.api.basePath)), "
            file.line("self.core = \(type)(server: server, \(replaced)transport: transport, credentials: credentials)")
        }
    }

    private mutating func call(_ shape: OperationShape) {
        operationDocumentation(shape.operation)
        if shape.operation.isDeprecated { line("@available(*, deprecated)") }
        let string = api.standardType("String")
        var input = "_ input: \(shape.path).Input\(shape.inputIsOptional ? " = .init()" : "")"
        if shape.operation.hookName != nil {
            input += ", to url: \(string)"
        } else if let origin = shape.operation.origin {
            input += ", server: \(string) = \(SwiftLiteral.string(origin))"
        }
        block("\(api.modifier)func \(shape.method)(\(input)) async throws -> \(shape.path).Output") { file in
            let operation = shape.operation
            let accepted = operation.responses.flatMap(\.contents).flatMap(\.acceptedMediaTypes)
            let changes = shape.hasInput || !accepted.isEmpty
            let path = SwiftLiteral.string(operation.hookName == nil ? operation.path : "")
            file.line(
                "\(changes ? "var" : "let") call = \(file.api.supportType("ClientCall"))(operationID: \(shape.path).id, "
                    + "method: \(file.method(operation)), path: \(path))"
            )
            file.sendParameters(operation.parameters, of: "input")
            if let body = operation.requestBody { file.sendBody(body, shape) }
            if !accepted.isEmpty {
                var seen: Set<String> = []
                file.line("call.accept(\(SwiftLiteral.strings(accepted.filter { seen.insert($0).inserted })))")
            }
            let target = operation.hookName != nil ? ", to: url" : operation.origin != nil ? ", server: server" : ""
            file.line("let reply = try await self.core.send(call, security: \(file.credentialUses(operation.security))\(target))")
            file.line("switch reply.status {")
            for response in operation.responses { file.receive(response, shape) }
            if !operation.responses.contains(where: { $0.status == .default }) {
                file.line("default:")
                file.indented { $0.line("throw await reply.undeclared()") }
            }
            file.line("}")
        }
    }

    private mutating func sendBody(_ body: RequestBody, _ shape: OperationShape) {
        let property = "input.\(SwiftLiteral.identifier(shape.bodyName))"
        if body.isRequired {
            sendContents(body.contents, value: property)
        } else {
            block("if let body = \(property)") { $0.sendContents(body.contents, value: "body") }
        }
    }

    private mutating func sendContents(_ contents: [Content], value: String) {
        if contents.count == 1 { return sendContent(contents[0], value: value) }
        line("switch \(value) {")
        for content in contents {
            line("case .\(SwiftLiteral.identifier(content.swiftName))(let content):")
            indented { $0.sendContent(content, value: "content") }
        }
        line("}")
    }

    private mutating func sendContent(_ content: Content, value: String) {
        let mediaType = SwiftLiteral.string(content.writtenMediaType)
        switch content.kind {
        case .json(let use):
            line("call.json(\(mediaType)) { (json: inout \(api.supportType("JSONWriter"))) in")
            indented { file in
                file.setDirection(content.direction)
                file.writeValue(value, use)
            }
            line("}")
        case .form(let use, let encoding):
            let fields = SwiftLiteral.encoding(encoding.fields).dropLast(2)
            line("call.form\(fields.isEmpty ? "" : "(\(fields))") { (json: inout \(api.supportType("JSONWriter"))) in")
            indented { file in
                file.setDirection(content.direction)
                file.writeValue(value, use)
            }
            line("}")
        case .text where content.isRange, .binary where content.isRange, .byteStream where content.isRange:
            line("try call.media(\(mediaType), \(value))")
        case .text: line("call.text(\(mediaType), \(value))")
        case .binary, .eventStream, .textEventStream: line("call.bytes(\(mediaType), \(value))")
        case .byteStream: line("call.stream(\(mediaType), \(value))")
        case .jsonLines(let item): writeWith("call.jsonLines(\(mediaType), \(value))", item, direction: content.direction)
        case .jsonSequence(let item): writeWith("call.jsonSequence(\(mediaType), \(value))", item, direction: content.direction)
        case .multipart, .multipartStream: line("call.multipart(\(mediaType), \(value))")
        }
    }

    /// The alternatives of credentials, as an expression.
    func credentialUses(_ requirements: [SecurityRequirement]) -> String {
        var schemes: [String: SecurityScheme] = [:]
        for scheme in api.service.securitySchemes { schemes[scheme.swiftName] = scheme }
        let alternatives = Authentication(requirements).alternatives.map { alternative in
            let uses = alternative.schemes.compactMap { schemes[$0.swiftName] }.map { scheme in
                let name = SwiftLiteral.string(scheme.name)
                return switch scheme.kind {
                case .http(let method): ".http(scheme: \(name), method: \(SwiftLiteral.string(method)))"
                case .mutualTLS: ".mutualTLS"
                case .bearer: ".bearer(scheme: \(name))"
                case .basic: ".basic(scheme: \(name))"
                case .apiKey(let location, let key):
                    ".apiKey(scheme: \(name), in: .\(location.rawValue), name: \(SwiftLiteral.string(key)))"
                }
            }
            return "[\(uses.joined(separator: ", "))]"
        }
        return "[\(alternatives.joined(separator: ", "))]"
    }
}
