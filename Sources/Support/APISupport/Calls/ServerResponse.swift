public import HTTPTypes

/// A response as a route gives it.
public struct ServerResponse: Sendable {
    public var head: HTTPResponse
    public var body: ResponseBody

    public init(head: HTTPResponse, body: ResponseBody = .none) {
        self.head = head
        self.body = body
    }
}

/// A response's body.
public enum ResponseBody: Sendable {
    case none
    case bytes([UInt8])
    /// Sent as it comes. An error thrown on the way breaks the connection off, since the status is long gone.
    case stream(ByteStream)
}

extension ServerResponse {
    /// A response without a body.
    public static func empty(_ status: Int) -> ServerResponse { ServerResponse(head: HTTPResponse(status: .init(code: status))) }

    /// A JSON body.
    public static func json(_ status: Int, _ mediaType: StaticString, _ write: (inout JSONWriter) -> Void) -> ServerResponse {
        var json = JSONWriter(capacity: 512)
        write(&json)
        return bytes(status, mediaType, json.bytes)
    }

    /// A form (`application/x-www-form-urlencoded`).
    public static func form(_ status: Int, _ value: some FormWritable) -> ServerResponse {
        bytes(status, "application/x-www-form-urlencoded", FormWriter.encode(value))
    }

    /// A text body; `charset=utf-8` is added to the media type.
    public static func text(_ status: Int, _ mediaType: StaticString, _ text: String) -> ServerResponse {
        with(status, contentType: "\(mediaType); charset=utf-8", .bytes([UInt8](text.utf8)))
    }

    public static func bytes(_ status: Int, _ mediaType: StaticString, _ bytes: [UInt8]) -> ServerResponse {
        with(status, contentType: mediaType.description, .bytes(bytes))
    }

    /// A stream of server-sent events whose data is JSON. `terminator` is the data of one last event, as OpenAI's `[DONE]`.
    public static func eventStream<T: Sendable>(
        _ status: Int, _ stream: EventStream<T>, terminator: StaticString?,
        _ write: @escaping @Sendable (T, inout JSONWriter) -> Void
    ) -> ServerResponse {
        let bytes = ByteStream(EventBytes(events: stream, terminator: terminator, write: write))
        var response = with(status, contentType: "text/event-stream", .stream(bytes))
        response.head.headerFields[.cacheControl] = "no-cache"
        return response
    }

    /// RFC 9457 problem details.
    public static func problem(_ problem: Problem, headerFields: HTTPFields = HTTPFields()) -> ServerResponse {
        var response = json(problem.status, Problem.mediaType) { problem.write(to: &$0) }
        response.head.headerFields.append(contentsOf: headerFields)
        return response
    }

    private static func with(_ status: Int, contentType: String, _ body: ResponseBody) -> ServerResponse {
        var response = ServerResponse(head: HTTPResponse(status: .init(code: status)), body: body)
        response.head.headerFields[.contentType] = contentType
        return response
    }

    /// Sets a header field; nil leaves it out. A value that no field can hold (RFC 9110 §5.5) has its control characters replaced.
    public mutating func setHeader<T: ParameterValue>(_ name: StaticString, _ value: T?) {
        guard let value, let name = HTTPField.Name(name.description) else { return }
        head.headerFields[name] = value.parameterText
    }

    /// Sets a header field to a comma-separated list; nil leaves it out.
    public mutating func setHeader<T: ParameterValue>(_ name: StaticString, values: [T]?) {
        guard let values, let name = HTTPField.Name(name.description) else { return }
        head.headerFields[name] = values.map(\.parameterText).joined(separator: ",")
    }
}
