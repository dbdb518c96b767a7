import CodegenModel

/// `Operations.swift`: a namespace an operation, with its input and output.
extension SourceFile {
    mutating func declareOperations() {
        let operations = api.service.allOperations
        guard !operations.isEmpty else { return }
        line("/// The operations of the document.")
        block("\(api.modifier)enum Operations") { file in
            for (index, operation) in operations.enumerated() {
                if index > 0 { file.line("") }
                file.operationDocumentation(operation)
                let shape = OperationShape(operation: operation, api: file.api)
                file.block("\(file.api.modifier)enum \(operation.typeName)") { $0.declareOperation(shape) }
            }
        }
        declareRuntimeValues(operations)
    }

    /// Summary, description, and the request line. The description stands once, in the handler's protocol: large documents say a lot.
    mutating func operationDocumentation(_ operation: Operation, isFull: Bool = false) {
        documentation(
            operation.summary ?? (isFull ? nil : operation.description.map(Self.firstLine)),
            isFull && operation.description != operation.summary ? operation.description : nil,
            "`\(operation.method) \(operation.path)`",
            operation.callbacks.isEmpty
                ? nil : operation.callbacks.map { "- Callback `\($0.name)`, sent to `\($0.expression)`." }.joined(separator: "\n"),
            operation.isDeprecated ? "- Note: Deprecated." : nil
        )
    }

    private static func firstLine(_ text: String) -> String {
        text.split(maxSplits: 1) { $0.isNewline }.first.map(String.init) ?? text
    }

    private mutating func declareOperation(_ shape: OperationShape) {
        line("/// The document's name of the operation.")
        line("\(api.modifier)static let id = \(SwiftLiteral.string(shape.operation.id))")
        line("")
        declareInput(shape)
        declareCaller(shape.operation.security)
        if let body = shape.operation.requestBody, body.contents.count > 1 {
            line("")
            documentation(body.description ?? "The request's body, by its media type.")
            declareContents("Body", body.contents, shape)
        }
        for type in OperationShape.multipartTypes(shape.operation.requestBody?.contents ?? []) {
            line("")
            declareMultipart(type)
        }
        line("")
        declareOutput(shape)
        for response in shape.operation.responses {
            if response.contents.count > 1 {
                line("")
                documentation("The body of `\(Namer.unescaped(response.swiftName))`, by its media type.")
                declareContents(shape.bodyTypeName(response), response.contents, shape)
            }
            for type in OperationShape.multipartTypes(response.contents) {
                line("")
                declareMultipart(type)
            }
            if !response.headers.isEmpty {
                line("")
                declareResponse(response, shape)
            }
        }
    }

    // MARK: Input

    private mutating func declareInput(_ shape: OperationShape) {
        line("/// What a request carries.")
        block("\(api.modifier)struct Input: Sendable") { file in
            var initializer = file.declareParameters(shape.operation.parameters)
            if let body = shape.operation.requestBody, let type = shape.requestBodyType {
                for content in body.contents { file.expose(content) }
                let name = SwiftLiteral.identifier(shape.bodyName)
                file.documentation(body.description)
                file.line("\(file.api.modifier)var \(name): \(type)\(body.isRequired ? "" : "?")")
                initializer.append((name, body.isRequired ? type : "\(type)? = nil"))
            }
            file.declareMemberwiseInit(initializer)
        }
    }

    /// Declares a property for each parameter.
    /// - Returns: The initializer's parameters: name, and type with default argument.
    mutating func declareParameters(_ parameters: [Parameter]) -> [(name: String, type: String)] {
        var initializer: [(name: String, type: String)] = []
        for parameter in parameters {
            let name = SwiftLiteral.identifier(parameter.swiftName)
            let type = api.valueType(api.resolve(parameter.type).base)
            expose(parameter.type)
            documentation(parameter.description)
            if parameter.isRequired {
                line("\(api.modifier)var \(name): \(type)")
                initializer.append((name, type))
            } else if let value = parameter.defaultValue {
                line("\(api.modifier)var \(name): \(type)")
                initializer.append((name, "\(type) = \(SwiftLiteral.value(value))"))
            } else {
                line("\(api.modifier)var \(name): \(type)?")
                initializer.append((name, "\(type)? = nil"))
            }
        }
        return initializer
    }

    mutating func declareMemberwiseInit(_ members: [(name: String, type: String)]) {
        if !members.isEmpty { line("") }
        declareInit(members.map { "\($0.name): \($0.type)" }) { file in
            for member in members { file.line("self.\(member.name) = \(member.name)") }
        }
    }

    /// Notes the modules of a content's type.
    private mutating func expose(_ content: Content) {
        switch content.kind {
        case .json(let use), .form(let use, _): expose(use)
        case .text, .binary: if content.isRange { expose("APISupport") }
        case .byteStream, .textEventStream, .multipartStream: expose("APISupport")
        case .eventStream(let item, _), .jsonLines(let item), .jsonSequence(let item):
            expose("APISupport")
            expose(item)
        case .multipart: break
        }
    }

    private mutating func declareContents(_ name: String, _ contents: [Content], _ shape: OperationShape) {
        block("\(api.modifier)enum \(name): Sendable") { file in
            for content in contents {
                file.expose(content)
                file.line("/// `\(content.fullMediaType)`")
                file.line("case \(SwiftLiteral.identifier(content.swiftName))(\(shape.type(content)))")
            }
        }
    }

    // MARK: Output

    private mutating func declareOutput(_ shape: OperationShape) {
        line("/// What the document declares as answers.")
        block("\(api.modifier)enum Output: Sendable") { file in
            for response in shape.operation.responses {
                file.documentation(response.description)
                for content in response.contents { file.expose(content) }
                let payload = shape.payload(response).type.map { [$0] } ?? []
                let status = response.statusRange == nil ? [] : ["statusCode: \(file.api.standardType("Int"))"]
                let values = (status + payload).joined(separator: ", ")
                file.line("case \(SwiftLiteral.identifier(response.swiftName))\(values.isEmpty ? "" : "(\(values))")")
            }
            for response in shape.operation.responses where response.isSuccess { file.declareAccessor(response, shape) }
        }
    }

    /// The throwing accessor of a successful response.
    private mutating func declareAccessor(_ response: Response, _ shape: OperationShape) {
        use("APISupport")
        let name = SwiftLiteral.identifier(response.swiftName)
        let type = shape.payload(response).type
        line("")
        line("/// What `\(Namer.unescaped(response.swiftName))` carries; throws `UnexpectedOutput` for every other answer.")
        block("\(api.modifier)var \(name): \(type ?? api.standardType("Void"))") { file in
            let values = (response.statusRange == nil ? [] : ["_"]) + (type == nil ? [] : ["let value"])
            let pattern = values.isEmpty ? ".\(name)" : ".\(name)(\(values.joined(separator: ", ")))"
            let expected = SwiftLiteral.string(Namer.unescaped(response.swiftName))
            let error = "\(file.api.supportType("UnexpectedOutput"))(operationID: \(shape.path).id, expected: \(expected), output: self)"
            if type == nil {
                file.line("get throws { if case \(pattern) = self { return } else { throw \(error) } }")
            } else {
                file.line("get throws { if case \(pattern) = self { return value } else { throw \(error) } }")
            }
        }
    }

    /// The struct of a response that has headers.
    private mutating func declareResponse(_ response: Response, _ shape: OperationShape) {
        documentation(response.description ?? "What `\(Namer.unescaped(response.swiftName))` carries.")
        block("\(api.modifier)struct \(response.typeName): Sendable") { file in
            var members: [(name: String, type: String)] = []
            for header in response.headers {
                let name = SwiftLiteral.identifier(header.swiftName)
                let type = file.api.valueType(file.api.resolve(header.type).base)
                file.expose(header.type)
                file.documentation(header.description)
                file.line("\(file.api.modifier)var \(name): \(type)\(header.isRequired ? "" : "?")")
                members.append((name, header.isRequired ? type : "\(type)? = nil"))
            }
            if let type = shape.bodyType(response.contents, named: shape.bodyTypeName(response)) {
                let name = shape.bodyName(response)
                file.line("\(file.api.modifier)var \(name): \(type)")
                members.append((name, type))
            }
            file.declareMemberwiseInit(members)
        }
    }
}
