internal import HTTPTypes

/// An operation's event while generated code puts it together.
public struct EventCall: Sendable {
    public let operationID: String
    private let address: EventAddress
    private let contentType: String
    private var values: [String: String] = [:]
    private var located: [(name: String, header: Bool, path: [String])] = []
    private var headers = EventHeaders()
    private var payload: [UInt8] = []

    /// `address` is the template.
    public init(operationID: String, address: String, contentType: String) {
        self.operationID = operationID
        self.address = EventAddress(address)
        self.contentType = contentType
    }

    public mutating func json(_ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        payload = json.bytes
    }

    /// A payload that is text, in UTF-8.
    public mutating func text(_ text: String) { payload = [UInt8](text.utf8) }

    /// A payload that is any bytes.
    public mutating func bytes(_ bytes: [UInt8]) { payload = bytes }

    /// The headers are the members of the object that `write` writes.
    public mutating func headers(_ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        // What was written here is read here: it is an object.
        if let object = try? JSONReader.decode(JSONObject.self, from: json.bytes) { headers = EventHeaders(object) }
    }

    public mutating func parameter<T: ParameterValue>(_ name: String, _ value: T?) { values[name] = value?.parameterText }

    /// A parameter whose value the message says itself, in a header or a member of the payload.
    public mutating func parameter(_ name: String, inHeader isHeader: Bool, at path: [String]) {
        located.append((name, isHeader, path))
    }

    /// The value at a place of the message.
    func value(inHeader isHeader: Bool, at path: [String]) -> String? {
        Self.value(inHeader: isHeader, at: path, of: headers, payload)
    }

    static func value(inHeader isHeader: Bool, at path: [String], of headers: EventHeaders, _ payload: [UInt8]) -> String? {
        guard isHeader, let name = path.first else {
            if case .value(let value) = JSONLocation.find(path, in: payload) { return value }
            return nil
        }
        guard let text = headers[name], path.count > 1 else { return headers[name] }
        if case .value(let value) = JSONLocation.find(Array(path.dropFirst()), in: [UInt8](text.utf8)) { return value }
        return nil
    }

    /// Puts a value where the message has a place for it, unless there is one already. Gives what is there then.
    mutating func setDefault(_ value: CorrelationValue, inHeader isHeader: Bool, at path: [String]) -> String? {
        if let present = self.value(inHeader: isHeader, at: path) { return present }
        guard let name = path.last else { return nil }
        if isHeader {
            guard path.count == 1 else { return nil }
            headers[name] = value.text
        } else {
            guard case .absent(let offset) = JSONLocation.find(path, in: payload) else { return nil }
            JSONLocation.insert(name, value, at: offset, into: &payload)
        }
        return value.text
    }

    /// The reply's correlation id is the request's, unless it has one of its own.
    public mutating func correlate(with request: Event, _ correlation: EventCorrelation) {
        let path = correlation.request
        guard let value = Self.value(inHeader: correlation.requestInHeader, at: path, of: request.headers, request.payload) else { return }
        let number = correlation.kind == .integer ? Int64(value).map { CorrelationValue.integer($0) } : nil
        _ = setDefault(number ?? .string(value), inHeader: correlation.replyInHeader, at: correlation.reply)
    }

    /// The event; throws when the address lacks a parameter.
    public func event() throws(RequestFailure) -> Event {
        var values = values
        for (name, isHeader, path) in located { values[name] = value(inHeader: isHeader, at: path) }
        guard let address = address.filled(values) else {
            throw RequestFailure(.internalError, detail: "The message does not say every parameter of the address \(self.address).")
        }
        return Event(address: address, contentType: contentType, headers: headers, payload: payload)
    }
}

/// Where requests and replies over a broker carry the same value (AsyncAPI 3.0, Correlation ID Object).
public struct EventCorrelation: Sendable {
    public let request: [String]
    public let requestInHeader: Bool
    public let reply: [String]
    public let replyInHeader: Bool
    public let kind: CorrelationRule.Kind

    public init(request: [String], requestInHeader: Bool, reply: [String], replyInHeader: Bool, kind: CorrelationRule.Kind) {
        self.request = request
        self.requestInHeader = requestInHeader
        self.reply = reply
        self.replyInHeader = replyInHeader
        self.kind = kind
    }
}

/// What generated dispatchers do with an event.
public enum EventReceipt {
    /// The largest payload that is read.
    public static let maximumPayloadSize = 16 << 20

    /// The event as a request, whose path parameters are those of the address, for the readers of parameters and payload.
    public static func request(_ event: Event, address: EventAddress) -> ServerRequest {
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: nil, headerFields: [.contentType: event.contentType])
        return ServerRequest(head: head, body: RequestBody(event.payload), pathParameters: address.match(event.address) ?? [:])
    }

    /// The value at a place of a message: where to send the reply.
    public static func value(inHeader isHeader: Bool, at path: [String], of event: Event) throws -> String {
        if let value = EventCall.value(inHeader: isHeader, at: path, of: event.headers, event.payload) { return value }
        throw RequestFailure(.invalid, detail: "The request does not say where its reply is to be sent.")
    }

    /// The headers as `read` reads them from an object; `json` names those that are no strings.
    public static func headers<T: Sendable>(
        _ event: Event, json: [String], _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) throws(RequestFailure) -> T {
        var validation = Validation()
        let bytes = JSONWriter.encode(event.headers.object(json: Set(json)))
        let headers = try JSONReader.decode(from: bytes, into: &validation, read)
        guard let headers, validation.isSatisfied else { throw RequestFailure(validation) }
        return headers
    }
}
