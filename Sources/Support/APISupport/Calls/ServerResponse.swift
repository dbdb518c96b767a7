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
        var json = JSONWriter(capacity: 4_096)
        write(&json)
        return bytes(status, mediaType, json.bytes)
    }

    /// A form (`application/x-www-form-urlencoded`) of the object that `write` writes as JSON.
    public static func form(
        _ status: Int, encoding: [FormEncoding] = [], _ write: (inout JSONWriter) -> Void
    ) -> ServerResponse {
        var json = JSONWriter()
        write(&json)
        return bytes(status, "application/x-www-form-urlencoded", FormWriter.encode(json: json.bytes, encoding: encoding))
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
        let bytes = ByteStream(
            EventBytes(events: stream, terminator: terminator) { value in
                var json = JSONWriter()
                write(value, &json)
                return json.bytes
            })
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

    static func with(_ status: Int, contentType: String, _ body: ResponseBody) -> ServerResponse {
        var response = ServerResponse(head: HTTPResponse(status: .init(code: status)), body: body)
        response.head.headerFields[.contentType] = contentType
        return response
    }

}

// MARK: Header fields

extension ServerResponse {
    /// Sets a header field; nil leaves it out. A value that no field can hold (RFC 9110 §5.5) has its control characters replaced.
    public mutating func setHeader<T: ParameterValue>(_ name: StaticString, _ value: T?) {
        guard let value, let name = HTTPField.Name(name.description) else { return }
        head.headerFields[name] = value.parameterText
    }

    /// Sets a header field to a comma-separated list; nil leaves it out. `Set-Cookie` becomes one field a value (RFC 6265 §3).
    public mutating func setHeader<T: ParameterValue>(_ name: StaticString, values: [T]?) {
        guard let values, let name = HTTPField.Name(name.description) else { return }
        if name == .setCookie {
            for value in values { head.headerFields.append(HTTPField(name: name, value: value.parameterText)) }
        } else {
            head.headerFields[name] = ParameterStyle.fieldText(.list(values.map { .text($0.parameterText) }), explode: false)
        }
    }

    /// Sets a header field to what `write` writes as JSON, in style `simple`; nil leaves it out.
    public mutating func setHeader<T>(
        _ name: StaticString, explode: Bool, _ value: T?, _ write: (T, inout JSONWriter) -> Void
    ) {
        guard let value, let name = HTTPField.Name(name.description) else { return }
        var json = JSONWriter()
        write(value, &json)
        guard let value = TextValue.of(json: json.bytes) else { return }
        head.headerFields[name] = ParameterStyle.fieldText(value, explode: explode)
    }

    /// Sets a header field to JSON text; nil leaves it out.
    public mutating func setHeader<T>(_ name: StaticString, json value: T?, _ write: (T, inout JSONWriter) -> Void) {
        guard let value, let name = HTTPField.Name(name.description) else { return }
        var json = JSONWriter()
        write(value, &json)
        head.headerFields[name] = String(decoding: json.bytes, as: UTF8.self)
    }
}
