import CodegenModel

/// What an operation's types and bodies look like in Swift; shared by its declaration, the server and the client.
struct OperationShape {
    let operation: Operation
    let api: APIContext

    /// `Operations.GetSession`.
    var path: String { api.generatedType("Operations.\(operation.typeName)") }

    /// The name of the method, escaped.
    var method: String { SwiftLiteral.identifier(operation.swiftName) }

    /// The label that tells the operation's private methods apart.
    var label: String { SwiftLiteral.label(operation.swiftName) }

    /// Whether the operation has anything to read.
    var hasInput: Bool { !operation.parameters.isEmpty || operation.requestBody != nil }

    /// Whether an input can be made of nothing.
    var inputIsOptional: Bool {
        operation.parameters.allSatisfy { !$0.isRequired } && operation.requestBody?.isRequired != true
    }

    /// The property of the body in `Input`.
    var bodyName: String { APIContext.unique("body", among: operation.parameters.map { Namer.unescaped($0.swiftName) }) }

    /// The property of the body in a response's struct.
    func bodyName(_ response: Response) -> String {
        APIContext.unique("body", among: response.headers.map { Namer.unescaped($0.swiftName) })
    }

    /// The Swift type of one content.
    func type(_ content: Content) -> String {
        switch content.kind {
        case .json(let use), .form(let use, _): api.type(use)
        case .text: media(content, api.standardType("String"))
        case .binary: media(content, "[\(api.standardType("UInt8"))]")
        case .byteStream: media(content, api.supportType("ByteStream"))
        case .eventStream(let data, _): "\(api.supportType("EventStream"))<\(api.type(data))>"
        case .textEventStream: "\(api.supportType("EventStream"))<\(api.standardType("String"))>"
        case .jsonLines(let item), .jsonSequence(let item): "\(api.supportType("ItemStream"))<\(api.type(item))>"
        case .multipart(let type): "\(path).\(type.typeName)"
        case .multipartStream: api.supportType("MultipartStream")
        }
    }

    /// Bytes of a range such as `image/*` come with their media type.
    private func media(_ content: Content, _ type: String) -> String {
        content.isRange ? "\(api.supportType("MediaBody"))<\(type)>" : type
    }

    /// The multipart types of a body.
    static func multipartTypes(_ contents: [Content]) -> [MultipartType] {
        contents.compactMap { if case .multipart(let type) = $0.kind { type } else { nil } }
    }

    /// The Swift type of a body; nil without content.
    func bodyType(_ contents: [Content], named name: String) -> String? {
        switch contents.count {
        case 0: nil
        case 1: type(contents[0])
        default: "\(path).\(name)"
        }
    }

    /// The type of the request's body.
    var requestBodyType: String? { bodyType(operation.requestBody?.contents ?? [], named: "Body") }

    /// What a response's case carries.
    enum Payload {
        case none
        case value(String)
        case structure(String)

        var type: String? {
            switch self {
            case .none: nil
            case .value(let type), .structure(let type): type
            }
        }
    }

    func payload(_ response: Response) -> Payload {
        if !response.headers.isEmpty { return .structure("\(path).\(response.typeName)") }
        return bodyType(response.contents, named: bodyTypeName(response)).map { .value($0) } ?? .none
    }

    /// The enum of a response with several contents.
    func bodyTypeName(_ response: Response) -> String { response.typeName + "Body" }
}

extension Content {
    /// Not one media type but a range of them, of bytes or text: the body says which one it has.
    var isRange: Bool { mediaType.hasSuffix("/*") && !isJSONRange }

    /// A range of media types whose bodies are JSON.
    private var isJSONRange: Bool {
        guard case .json = kind else { return false }
        return mediaType.hasSuffix("/*") || mediaType.hasSuffix("/*+json")
    }

    /// What a body is declared as when it is read; `*/*+json` for JSON of any media type.
    var readMediaType: String { isJSONRange && mediaType.hasSuffix("*") ? mediaType + "+json" : fullMediaType }

    /// What a body is written as.
    var writtenMediaType: String { isJSONRange ? "application/json" : fullMediaType }

    /// What a client accepts.
    var acceptedMediaTypes: [String] {
        isJSONRange ? [writtenMediaType, mediaType.prefix { $0 != "/" } + "/*;q=0.8"] : [writtenMediaType]
    }
}

extension Response {
    /// The statuses that the case stands for, when it carries the status.
    var statusRange: ClosedRange<Int>? {
        switch status {
        case .code: nil
        case .range(let hundreds): hundreds * 100...hundreds * 100 + 99
        case .default: 200...599
        }
    }

    var isSuccess: Bool {
        switch status {
        case .code(let code): 200..<300 ~= code
        case .range(let hundreds): hundreds == 2
        case .default: false
        }
    }

    /// Whether failures are answered with it.
    var isError: Bool {
        switch status {
        case .code(let code): code >= 400
        case .range(let hundreds): hundreds >= 4
        case .default: true
        }
    }

    /// Whether it can carry APISupport's Problem.
    var carriesProblem: Bool {
        contents.contains { content in
            guard content.mediaType == "application/problem+json", case .json(let use) = content.kind else { return false }
            return use.base == .external("APISupport.Problem")
        }
    }
}

extension Operation {
    /// The operation as it travels. An event stream in a request is taken as its bytes: events are typed on the way to the client only.
    /// Answers to `HEAD` have no body, whatever is declared for it (RFC 9110 §9.3.2).
    var asSent: Operation {
        var operation = self
        if let contents = requestBody?.contents {
            operation.requestBody?.contents = contents.map { content in
                switch content.kind {
                case .eventStream, .textEventStream:
                    return Content(mediaType: content.mediaType, swiftName: content.swiftName, kind: .binary)
                default: return content
                }
            }
        }
        if method == "HEAD" {
            for index in responses.indices { operation.responses[index].contents = [] }
        }
        return operation
    }

    /// The media types of successful responses, each once.
    var producedMediaTypes: [String] {
        var seen: Set<String> = []
        let successful = responses.filter { $0.isSuccess || $0.status == .default }
        return successful.flatMap(\.contents).map(\.writtenMediaType).filter { seen.insert($0).inserted }
    }

    /// Whether the handler says how failures are written: an error response has a body that is no problem.
    var needsFailureMapping: Bool {
        responses.contains { $0.isError && !$0.contents.isEmpty && !$0.carriesProblem }
    }
}
