import CodegenModel

/// Reading of a reply into an operation's output.
extension SourceFile {
    /// Writes the case of one declared response.
    mutating func receive(_ response: Response, _ shape: OperationShape) {
        switch response.status {
        case .code(let code): line("case \(code):")
        case .range(let hundreds): line("case \(hundreds)00...\(hundreds)99:")
        case .default: line("default:")
        }
        indented { file in
            let hasBody = !response.contents.isEmpty
            if hasBody { file.receiveContents(response, shape) }
            file.receiveHeaders(response)
            var values = response.statusRange == nil ? [] : ["statusCode: reply.status"]
            if response.headers.isEmpty {
                if hasBody { values.append("body") }
            } else {
                values.append("\(shape.path).\(response.typeName)(\(file.members(response, shape)))")
            }
            let name = SwiftLiteral.identifier(response.swiftName)
            file.line("return .\(name)\(values.isEmpty ? "" : "(\(values.joined(separator: ", ")))")")
        }
    }

    /// The arguments of a response's struct.
    private func members(_ response: Response, _ shape: OperationShape) -> String {
        var arguments = response.headers.enumerated().map { index, header in
            let name = SwiftLiteral.string(header.name)
            let label = SwiftLiteral.label(header.swiftName)
            if isStructure(header) { return "\(label): header\(index)" }
            let isList = isArray(header.type)
            let function =
                header.isRequired ? (isList ? "headerValues" : "header") : (isList ? "optionalHeaderValues" : "optionalHeader")
            return "\(label): try reply.\(function)(\(name))"
        }
        if !response.contents.isEmpty { arguments.append("\(SwiftLiteral.label(shape.bodyName(response))): body") }
        return arguments.joined(separator: ", ")
    }

    private func isStructure(_ header: ResponseHeader) -> Bool {
        if header.encoding == .json { return true }
        if case .structure = api.textForm(header.type) { return true }
        return false
    }

    /// Declares a constant for each header that takes more than an expression.
    private mutating func receiveHeaders(_ response: Response) {
        for (index, header) in response.headers.enumerated() where isStructure(header) {
            let name = SwiftLiteral.string(header.name)
            let type = api.valueType(api.resolve(header.type).base) + (header.isRequired ? "" : "?")
            let function = header.isRequired ? "header" : "optionalHeader"
            let arguments =
                header.encoding == .json ? "json: \(name)" : "\(name), explode: \(header.explode), \(api.textSchema(header.type))"
            readWith("let header\(index): \(type) = try reply.\(function)(\(arguments), ", header.type)
        }
    }

    /// Declares `body` and reads it by its media type.
    private mutating func receiveContents(_ response: Response, _ shape: OperationShape) {
        let mediaTypes = SwiftLiteral.strings(response.contents.map(\.fullMediaType))
        if response.contents.count == 1 {
            line("_ = try reply.content(\(mediaTypes))")
            receiveContent(response.contents[0], prefix: "let body: \(shape.type(response.contents[0])) = ", shape)
            return
        }
        line("let body: \(shape.bodyType(response.contents, named: shape.bodyTypeName(response)) ?? "")")
        line("switch try reply.content(\(mediaTypes)) {")
        for (index, content) in response.contents.enumerated() {
            line(index == response.contents.count - 1 ? "default:" : "case \(index):")
            indented { file in
                file.receiveContent(content, prefix: "let content: \(shape.type(content)) = ", shape)
                file.line("body = .\(SwiftLiteral.identifier(content.swiftName))(content)")
            }
        }
        line("}")
    }

    private mutating func receiveContent(_ content: Content, prefix: String, _ shape: OperationShape) {
        let isRange = content.isRange
        switch content.kind {
        case .json(let use): readWith("\(prefix)try await reply.json(", use)
        case .form(let use, let encoding):
            let empty = encoding.emptyIsAbsent ? "emptyIsAbsent: true, " : ""
            let schema = api.formSchema(use, encoding.fields)
            readWith("\(prefix)try await reply.form(\(empty)\(SwiftLiteral.encoding(encoding.fields))\(schema), ", use)
        case .text: line("\(prefix)try await reply.\(isRange ? "mediaText" : "text")()")
        case .binary: line("\(prefix)try await reply.\(isRange ? "mediaBytes" : "bytes")()")
        case .byteStream: line("\(prefix)reply.\(isRange ? "mediaStream" : "stream")()")
        case .eventStream(let data, let terminator):
            readWith("\(prefix)reply.eventStream(terminator: \(terminator.map(SwiftLiteral.string) ?? "nil"), ", data)
        case .textEventStream(let terminator):
            line("\(prefix)reply.eventStream(terminator: \(terminator.map(SwiftLiteral.string) ?? "nil"))")
        case .jsonLines(let item): readWith("\(prefix)reply.jsonLines(", item)
        case .jsonSequence(let item): readWith("\(prefix)reply.jsonSequence(", item)
        case .multipart(let type): line("\(prefix)try await reply.multipart(\(shape.path).\(type.typeName).self)")
        case .multipartStream: line("\(prefix)try reply.multipartStream()")
        }
    }
}
