import CodegenModel

/// Writing of an operation's output as a response.
extension SourceFile {
    mutating func writeOutput(_ shape: OperationShape) {
        block("func response() throws -> \(api.supportType("ServerResponse"))") { file in
            file.line("switch self {")
            for response in shape.operation.responses {
                let payload = shape.payload(response)
                var values: [String] = []
                if response.statusRange != nil { values.append("let statusCode") }
                if payload.type != nil { values.append("let output") }
                let name = SwiftLiteral.identifier(response.swiftName)
                file.line("case .\(name)\(values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"):")
                file.indented { $0.writeResponse(response, payload, shape) }
            }
            file.line("}")
        }
    }

    private mutating func writeResponse(_ response: Response, _ payload: OperationShape.Payload, _ shape: OperationShape) {
        let status: String
        if let range = response.statusRange {
            let call = api.supportType("ServerCall")
            line("let status = try \(call).status(statusCode, in: \(range.lowerBound)...\(range.upperBound))")
            status = "status"
        } else if case .code(let code) = response.status {
            status = String(code)
        } else {
            status = ""
        }
        guard case .structure = payload else {
            return writeContents(response, value: "output", status: status, prefix: "return ", shape)
        }
        line("var response: \(api.supportType("ServerResponse"))")
        let body = "output.\(SwiftLiteral.identifier(shape.bodyName(response)))"
        writeContents(response, value: body, status: status, prefix: "response = ", shape)
        for header in response.headers {
            writeHeader(header)
        }
        line("return response")
    }

    private mutating func writeContents(_ response: Response, value: String, status: String, prefix: String, _ shape: OperationShape) {
        switch response.contents.count {
        case 0: line("\(prefix).empty(\(status))")
        case 1: writeContent(response.contents[0], value: value, status: status, prefix: prefix)
        default:
            line("switch \(value) {")
            for content in response.contents {
                line("case .\(SwiftLiteral.identifier(content.swiftName))(let content):")
                indented { $0.writeContent(content, value: "content", status: status, prefix: prefix) }
            }
            line("}")
        }
    }

    private mutating func writeHeader(_ header: ResponseHeader) {
        let name = SwiftLiteral.string(header.name)
        let value = "output.\(SwiftLiteral.identifier(header.swiftName))"
        if header.encoding == .json { return writeWith("response.setHeader(\(name), json: \(value))", header.type) }
        switch api.textForm(header.type) {
        case .scalar: line("response.setHeader(\(name), \(value))")
        case .list: line("response.setHeader(\(name), values: \(value))")
        case .structure: writeWith("response.setHeader(\(name), explode: \(header.explode), \(value))", header.type)
        }
    }

    private mutating func writeContent(_ content: Content, value: String, status: String, prefix: String) {
        let mediaType = SwiftLiteral.string(content.writtenMediaType)
        switch content.kind {
        case .json(let use):
            line("\(prefix).json(\(status), \(mediaType)) { (json: inout \(api.supportType("JSONWriter"))) in")
            indented { file in
                file.setDirection(content.direction)
                file.writeValue(value, use)
            }
            line("}")
        case .form(let use, let encoding):
            let fields = SwiftLiteral.encoding(encoding.fields).dropLast(2)
            let arguments = fields.isEmpty ? status : "\(status), \(fields)"
            line("\(prefix).form(\(arguments)) { (json: inout \(api.supportType("JSONWriter"))) in")
            indented { file in
                file.setDirection(content.direction)
                file.writeValue(value, use)
            }
            line("}")
        case .text where content.isRange, .binary where content.isRange, .byteStream where content.isRange:
            line("\(prefix)try .media(\(status), \(mediaType), \(value))")
        case .text: line("\(prefix).text(\(status), \(mediaType), \(value))")
        case .binary: line("\(prefix).bytes(\(status), \(mediaType), \(value))")
        case .byteStream: line("\(prefix).stream(\(status), \(mediaType), \(value))")
        case .eventStream(let data, let terminator):
            let end = terminator.map(SwiftLiteral.string) ?? "nil"
            writeWith("\(prefix).eventStream(\(status), \(value), terminator: \(end))", data, direction: content.direction)
        case .textEventStream(let terminator):
            line("\(prefix).eventStream(\(status), \(value), terminator: \(terminator.map(SwiftLiteral.string) ?? "nil"))")
        case .jsonLines(let item):
            writeWith("\(prefix).jsonLines(\(status), \(mediaType), \(value))", item, direction: content.direction)
        case .jsonSequence(let item):
            writeWith("\(prefix).jsonSequence(\(status), \(mediaType), \(value))", item, direction: content.direction)
        case .multipart, .multipartStream: line("\(prefix).multipart(\(status), \(mediaType), \(value))")
        }
    }
}

extension ResponseHeader {
    var explode: Bool { if case .style(_, let explode, _) = encoding { explode } else { false } }
}
