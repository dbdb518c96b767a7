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
        var arguments = response.headers.map { header in
            let name = SwiftLiteral.string(header.name)
            let label = SwiftLiteral.label(header.swiftName)
            let function = isArray(header.type) ? "headerValues" : header.isRequired ? "header" : "optionalHeader"
            return "\(label): try reply.\(function)(\(name))"
        }
        if !response.contents.isEmpty { arguments.append("\(SwiftLiteral.label(shape.bodyName(response))): body") }
        return arguments.joined(separator: ", ")
    }

    /// Declares `body` and reads it by its media type.
    private mutating func receiveContents(_ response: Response, _ shape: OperationShape) {
        let mediaTypes = SwiftLiteral.strings(response.contents.map(\.mediaType))
        if response.contents.count == 1 {
            line("_ = try reply.content(\(mediaTypes))")
            receiveContent(response.contents[0], prefix: "let body: \(shape.type(response.contents[0])) = ")
            return
        }
        line("let body: \(shape.bodyType(response.contents, named: shape.bodyTypeName(response)) ?? "")")
        line("switch try reply.content(\(mediaTypes)) {")
        for (index, content) in response.contents.enumerated() {
            line(index == response.contents.count - 1 ? "default:" : "case \(index):")
            indented { file in
                file.receiveContent(content, prefix: "let content: \(shape.type(content)) = ")
                file.line("body = .\(SwiftLiteral.identifier(content.swiftName))(content)")
            }
        }
        line("}")
    }

    private mutating func receiveContent(_ content: Content, prefix: String) {
        switch content.kind {
        case .json(let use): readWith("\(prefix)try await reply.json(", use)
        case .form(let use): line("\(prefix)try await reply.form(\(api.type(use)).self)")
        case .text: line("\(prefix)try await reply.text()")
        case .binary: line("\(prefix)try await reply.bytes()")
        case .eventStream(let data, let terminator):
            readWith("\(prefix)reply.eventStream(terminator: \(terminator.map(SwiftLiteral.string) ?? "nil"), ", data)
        }
    }
}
