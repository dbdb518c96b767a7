import CodegenModel

/// Accessors that follow a document's runtime expressions: where callbacks are sent to, and the inputs that links give.
extension SourceFile {
    mutating func declareRuntimeValues(_ operations: [Operation]) {
        var shapes: [String: OperationShape] = [:]
        for operation in operations { shapes[operation.typeName] = OperationShape(operation: operation, api: api) }
        for operation in operations {
            let shape = OperationShape(operation: operation, api: api)
            for callback in operation.callbacks {
                if let url = callback.url { declareCallbackURL(callback, url, shape) }
            }
            for response in operation.responses {
                for link in response.links {
                    if let target = shapes[link.operation] { declareLink(link, of: response, shape, to: target) }
                }
            }
        }
    }

    // MARK: Callbacks

    private mutating func declareCallbackURL(_ callback: Callback, _ url: [RuntimeText], _ shape: OperationShape) {
        var locals: [(name: String, value: String)] = []
        let parts = url.map { part in
            switch part {
            case .text(let text): return SwiftLiteral.string(text)
            case .value(let value):
                let access = access(value, shape, response: nil)
                guard access.isOptional else { return access.expression + ".parameterText" }
                let name = "value\(locals.count + 1)"
                locals.append((name, access.expression))
                return name + ".parameterText"
            }
        }
        use("APISupport")
        line("")
        block("extension \(shape.path)") { file in
            file.documentation(
                "Where the callback `\(callback.name)` is sent to: `\(callback.expression)`.",
                locals.isEmpty ? nil : "- Returns: nil when the request did not say it."
            )
            let string = file.api.standardType("String")
            let head = "static func \(SwiftLiteral.identifier(callback.swiftName))(of input: \(shape.path).Input) -> \(string)"
            file.block("\(file.api.modifier)\(head)\(locals.isEmpty ? "" : "?")") { file in
                for local in locals { file.line("guard let \(local.name) = \(local.value) else { return nil }") }
                file.line("return \(parts.joined(separator: " + "))")
            }
        }
    }

    // MARK: Links

    private mutating func declareLink(_ link: Link, of response: Response, _ shape: OperationShape, to target: OperationShape) {
        let arguments = linkArguments(link, response, shape, target)
        let fillings = Array(link.parameters.values) + (link.requestBody.map { [$0] } ?? [])
        let values = fillings.compactMap { if case .value(let value) = $0 { value } else { nil } }
        let usesInput = values.contains(where: \.isOfRequest)
        let usesOutput = values.contains { !$0.isOfRequest }
        var parameters = usesInput ? ["from input: \(shape.path).Input"] : []
        parameters += arguments.compactMap(\.parameter)
        line("")
        block("extension \(shape.path).Output") { file in
            file.documentation(
                "The input of `\(target.operation.id)` that the link `\(link.name)` of a `\(Namer.unescaped(response.swiftName))` response gives.",
                link.description, "- Returns: nil for every other response, and where something that the operation needs is absent."
            )
            let head = "func \(SwiftLiteral.identifier(link.swiftName))(\(parameters.joined(separator: ", "))) -> \(target.path).Input?"
            file.block(file.api.modifier + head) { file in
                let status = response.statusRange == nil ? [] : ["_"]
                let payload = usesOutput ? ["let output"] : shape.payload(response).type == nil ? [] : ["_"]
                let pattern = (status + payload).joined(separator: ", ")
                let name = SwiftLiteral.identifier(response.swiftName)
                file.line("guard case .\(name)\(pattern.isEmpty ? "" : "(\(pattern))") = self else { return nil }")
                for (index, argument) in arguments.enumerated() where argument.isUnwrapped {
                    file.line("guard let value\(index + 1) = \(argument.expression) else { return nil }")
                }
                let list = arguments.enumerated().map { index, argument in
                    "\(argument.label): \(argument.isUnwrapped ? "value\(index + 1)" : argument.expression)"
                }
                file.line("return \(target.path).Input(\(list.joined(separator: ", ")))")
            }
        }
    }

    private struct LinkArgument {
        /// Of the initializer of the other operation's input.
        var label: String
        var expression: String
        /// Whether the expression may be nil and the input cannot be made then.
        var isUnwrapped = false
        /// What the caller has to say since the link does not.
        var parameter: String?
    }

    private func linkArguments(_ link: Link, _ response: Response, _ shape: OperationShape, _ target: OperationShape) -> [LinkArgument] {
        var arguments: [LinkArgument] = []
        for parameter in target.operation.parameters {
            let type = api.valueType(api.resolve(parameter.type).base)
            let fallback = parameter.defaultValue.map(SwiftLiteral.value)
            let filling = link.parameters[parameter.swiftName]
            if let argument = argument(
                parameter.swiftName, filling, type: parameter.type, typeName: type, isRequired: parameter.isRequired, fallback: fallback,
                response, shape)
            {
                arguments.append(argument)
            }
        }
        if let body = target.operation.requestBody, let type = target.requestBodyType {
            var use: TypeUse?
            if body.contents.count == 1, case .json(let json) = body.contents[0].kind { use = json }
            if let argument = argument(
                target.bodyName, link.requestBody, type: use, typeName: type, isRequired: body.isRequired, fallback: nil, response, shape)
            {
                arguments.append(argument)
            }
        }
        return arguments
    }

    /// nil for what is neither given by the link nor needed.
    private func argument(
        _ swiftName: String, _ filling: Link.Filling?, type: TypeUse?, typeName: String, isRequired: Bool, fallback: String?,
        _ response: Response, _ shape: OperationShape
    ) -> LinkArgument? {
        let label = SwiftLiteral.label(swiftName)
        switch filling {
        case nil:
            guard isRequired else { return nil }
            let name = APIContext.unique(Namer.unescaped(swiftName), among: ["input", "output", "self"])
            let local = SwiftLiteral.identifier(name)
            return LinkArgument(label: label, expression: local, parameter: "\(local): \(typeName)")
        case .constant(let value)?: return LinkArgument(label: label, expression: SwiftLiteral.value(value))
        case .value(let value)?:
            var (expression, isOptional) = access(value, shape, response: response)
            if let type, api.resolve(value.type).base != api.resolve(type).base {
                // Of another type that is written as the same text.
                let text = "\(expression)\(isOptional ? "?" : "").parameterText"
                if api.resolve(type).base == .string {
                    expression = text
                } else {
                    let make = "\(typeName)(parameterText: $0)"
                    expression = isOptional ? "(\(text)).flatMap { \(make) }" : "\(typeName)(parameterText: \(text))"
                    isOptional = true
                }
            }
            if isOptional, !isRequired, let fallback { return LinkArgument(label: label, expression: "\(expression) ?? \(fallback)") }
            return LinkArgument(label: label, expression: expression, isUnwrapped: isOptional && isRequired)
        }
    }

    // MARK: Values

    /// The expression of a value in `input` or `output`, and whether it may be nil.
    private func access(
        _ value: RuntimeValue, _ shape: OperationShape, response: Response?
    ) -> (expression: String, isOptional: Bool) {
        var expression: String
        var isOptional = false
        switch value.source {
        case .parameter(let name):
            let parameter = shape.operation.parameters.first { $0.swiftName == name }
            expression = "input.\(SwiftLiteral.identifier(name))"
            isOptional = parameter.map { !$0.isRequired && $0.defaultValue == nil } ?? false
        case .requestBody:
            expression = "input.\(SwiftLiteral.identifier(shape.bodyName))"
            isOptional = shape.operation.requestBody?.isRequired == false || isNullable(shape.operation.requestBody?.contents)
        case .header(let name):
            expression = "output.\(SwiftLiteral.identifier(name))"
            isOptional = response?.headers.first { $0.swiftName == name }?.isRequired == false
        case .responseBody:
            expression = "output"
            if let response {
                if case .structure = shape.payload(response) { expression += ".\(SwiftLiteral.identifier(shape.bodyName(response)))" }
                isOptional = isNullable(response.contents)
            }
        }
        for step in value.steps {
            expression += (isOptional ? "?." : ".") + SwiftLiteral.identifier(step.swiftName)
            guard case .object(let object)? = api.declaration(step.owner)?.kind else { continue }
            let member = ObjectShape(object, name: step.owner, api: api).members.first { $0.property.swiftName == step.swiftName }
            isOptional = isOptional || member?.isOptional == true
        }
        return (expression, isOptional)
    }

    private func isNullable(_ contents: [Content]?) -> Bool {
        guard let content = contents?.first, case .json(let use) = content.kind else { return false }
        return api.resolve(use).isNullable
    }
}
