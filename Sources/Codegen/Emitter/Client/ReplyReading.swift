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
            let name = SwiftLiteral.identifier(response.swiftName)
            var values = response.statusRange == nil ? [] : ["statusCode: reply.status"]
            if response.headers.isEmpty, response.contents.count == 1 {
                // The usual answer, in one statement.
                let arguments = values.isEmpty ? "" : values[0] + ", "
                file.receiveContent(response.contents[0], from: .expected, prefix: "return .\(name)(\(arguments)", suffix: ")", shape)
                return
            }
            let hasBody = !response.contents.isEmpty
            if hasBody { file.receiveContents(response, shape) }
            file.receiveHeaders(response)
            if !response.headers.isEmpty {
                values.append("\(shape.path).\(response.typeName)(\(file.members(response, shape)))")
            } else if hasBody {
                values.append("body")
            }
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
        if response.contents.count == 1 {
            let content = response.contents[0]
            return receiveContent(content, from: .expected, prefix: "let body: \(shape.type(content)) = ", suffix: "", shape)
        }
        let mediaTypes = SwiftLiteral.strings(response.contents.map(\.readMediaType))
        line("let body: \(shape.bodyType(response.contents, named: shape.bodyTypeName(response)) ?? "")")
        line("switch try reply.content(\(mediaTypes)) {")
        for (index, content) in response.contents.enumerated() {
            line(index == response.contents.count - 1 ? "default:" : "case \(index):")
            indented { file in
                file.receiveContent(content, from: .known, prefix: "let content: \(shape.type(content)) = ", suffix: "", shape)
                file.line("body = .\(SwiftLiteral.identifier(content.swiftName))(content)")
            }
        }
        line("}")
    }

    /// Whether the reply's media type is still to be looked at.
    private enum ReplyState { case expected, known }

    private mutating func receiveContent(
        _ content: Content, from state: ReplyState, prefix: String, suffix: String, _ shape: OperationShape
    ) {
        let isRange = content.isRange
        let reply = state == .known ? "reply" : "reply.expecting(\(SwiftLiteral.string(content.readMediaType)))"
        let whole = "\(prefix)try await \(reply)"
        let stream = "\(prefix)\(state == .known ? "" : "try ")\(reply)"
        switch content.kind {
        case .json(let use): readWith("\(whole).json(", use, suffix: ")" + suffix, direction: content.direction)
        case .form(let use, let encoding):
            let empty = encoding.emptyIsAbsent ? "emptyIsAbsent: true, " : ""
            let schema = api.formSchema(use, encoding.fields)
            readWith(
                "\(whole).form(\(empty)\(SwiftLiteral.encoding(encoding.fields))\(schema), ", use, suffix: ")" + suffix,
                direction: content.direction)
        case .text: line("\(whole).\(isRange ? "mediaText" : "text")()\(suffix)")
        case .binary: line("\(whole).\(isRange ? "mediaBytes" : "bytes")()\(suffix)")
        case .byteStream: line("\(stream).\(isRange ? "mediaStream" : "stream")()\(suffix)")
        case .eventStream(let data, let terminator):
            let end = terminator.map(SwiftLiteral.string) ?? "nil"
            readWith("\(stream).eventStream(terminator: \(end), ", data, suffix: ")" + suffix, direction: content.direction)
        case .textEventStream(let terminator):
            line("\(stream).eventStream(terminator: \(terminator.map(SwiftLiteral.string) ?? "nil"))\(suffix)")
        case .jsonLines(let item): readWith("\(stream).jsonLines(", item, suffix: ")" + suffix, direction: content.direction)
        case .jsonSequence(let item): readWith("\(stream).jsonSequence(", item, suffix: ")" + suffix, direction: content.direction)
        case .multipart(let type): line("\(whole).multipart(\(shape.path).\(type.typeName).self)\(suffix)")
        case .multipartStream: line("\(prefix)try \(reply).multipartStream()\(suffix)")
        }
    }
}
