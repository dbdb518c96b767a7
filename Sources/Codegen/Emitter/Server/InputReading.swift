import CodegenModel

/// Reading of an operation's input from a request: every violation of parameters and body in one answer.
extension SourceFile {
    /// The bound of a body for which the document names none.
    private static let defaultBodyLimit = 1 << 20

    mutating func readInput(_ shape: OperationShape) {
        let isAsync = shape.operation.requestBody != nil
        block("static func read(from request: \(api.supportType("ServerRequest"))) \(isAsync ? "async " : "")throws -> Self") { file in
            file.line("var reader = \(file.api.supportType("InputReader"))(request)")
            var locals = file.readParameters(shape.operation.parameters)
            if let body = shape.operation.requestBody { locals.append(file.readBody(body, shape)) }
            file.returnInput(locals)
        }
    }

    /// A variable of a reader and what becomes of it.
    struct InputLocal {
        /// The initializer's label.
        var label: String
        var name: String
        var isRequired: Bool
        var defaultValue: LiteralValue?
    }

    /// Writes statements that read parameters with `reader`.
    mutating func readParameters(_ parameters: [Parameter]) -> [InputLocal] {
        var taken: Set<String> = ["reader", "request", "value", "validation", "content", "element"]
        var locals: [InputLocal] = []
        for parameter in parameters {
            let name = APIContext.unique(Namer.unescaped(parameter.swiftName), among: taken)
            taken.insert(name)
            let local = SwiftLiteral.identifier(name)
            let type = api.valueType(api.resolve(parameter.type).base)
            readParameter(parameter, into: "let \(local): \(type)?", among: parameters)
            locals.append(
                InputLocal(
                    label: SwiftLiteral.label(parameter.swiftName), name: local, isRequired: parameter.isRequired,
                    defaultValue: parameter.isRequired ? nil : parameter.defaultValue
                )
            )
        }
        return locals
    }

    /// Writes the check of all that was read, and the return of the value.
    mutating func returnInput(_ locals: [InputLocal]) {
        let required = locals.filter(\.isRequired).map { ", let \($0.name)" }.joined()
        line("guard reader.isValid\(required) else { throw reader.failure }")
        let arguments = locals.map { local in
            local.defaultValue.map { "\(local.label): \(local.name) ?? \(SwiftLiteral.value($0))" } ?? "\(local.label): \(local.name)"
        }
        line("return Self(\(arguments.joined(separator: ", ")))")
    }

    private mutating func readBody(_ body: RequestBody, _ shape: OperationShape) -> InputLocal {
        let taken =
            shape.operation.parameters.map { Namer.unescaped($0.swiftName) } + [
                "reader", "request", "value", "validation", "content", "element",
            ]
        let local = SwiftLiteral.identifier(APIContext.unique(shape.bodyName, among: taken))
        let mediaTypes = SwiftLiteral.strings(body.contents.map(\.readMediaType))
        let limit = shape.operation.maxBodySize ?? Self.defaultBodyLimit
        let streamLimit = shape.operation.maxBodySize.map { "limit: \($0)" } ?? ""
        line("var \(local): \(shape.requestBodyType ?? "")?")
        line("switch try reader.content(\(mediaTypes), required: \(body.isRequired)) {")
        for (index, content) in body.contents.enumerated() {
            line("case \(index):")
            indented { file in
                if body.contents.count == 1 {
                    file.readContent(content, prefix: "\(local) = ", limit: limit, streamLimit: streamLimit, shape)
                } else {
                    file.readContent(
                        content, prefix: "let value: \(shape.type(content))? = ", limit: limit, streamLimit: streamLimit, shape)
                    let name = SwiftLiteral.identifier(content.swiftName)
                    file.line("if let value { \(local) = .\(name)(value) }")
                }
            }
        }
        line("default: break")
        line("}")
        let label = SwiftLiteral.label(shape.bodyName)
        return InputLocal(label: label, name: local, isRequired: body.isRequired, defaultValue: nil)
    }

    /// Writes the reading of one content.
    private mutating func readContent(_ content: Content, prefix: String, limit: Int, streamLimit: String, _ shape: OperationShape) {
        let media = content.isRange ? "media" : ""
        switch content.kind {
        case .json(let use): readWith("\(prefix)try await reader.json(limit: \(limit), ", use, direction: content.direction)
        case .form(let use, let encoding):
            let empty = encoding.emptyIsAbsent ? "emptyIsAbsent: true, " : ""
            let schema = api.formSchema(use, encoding.fields)
            readWith(
                "\(prefix)try await reader.form(limit: \(limit), \(empty)\(SwiftLiteral.encoding(encoding.fields))\(schema), ", use,
                direction: content.direction)
        case .text: line("\(prefix)try await reader.\(media.isEmpty ? "text" : "mediaText")(limit: \(limit))")
        case .binary, .eventStream, .textEventStream:
            line("\(prefix)try await reader.\(media.isEmpty ? "bytes" : "mediaBytes")(limit: \(limit))")
        case .byteStream: line("\(prefix)reader.\(media.isEmpty ? "stream" : "mediaStream")(\(streamLimit))")
        case .jsonLines(let item), .jsonSequence(let item):
            let function = content.kind == .jsonLines(item) ? "jsonLines" : "jsonSequence"
            let limit = streamLimit.isEmpty ? "" : streamLimit + ", "
            readWith("\(prefix)reader.\(function)(\(limit)", item, direction: content.direction)
        case .multipart(let type): line("\(prefix)try await reader.multipart(limit: \(limit), \(shape.path).\(type.typeName).self)")
        case .multipartStream: line("\(prefix)try reader.multipartStream(\(streamLimit))")
        }
    }
}
