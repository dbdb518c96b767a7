public import HTTPTypes

/// An operation's request before it has a server and credentials.
public struct ClientCall: Sendable {
    let operationID: String
    private let method: HTTPRequest.Method
    private let template: String
    /// By name, encoded.
    private var pathTexts: [String: String] = [:]
    /// Encoded pairs.
    private var query: [String] = []
    private var cookies: [String] = []
    private var headerFields = HTTPFields()
    private(set) var body: [UInt8] = []
    private var bodyStream: ByteStream?

    /// `path` is the template; parameters are percent-encoded into it.
    public init(operationID: String, method: HTTPRequest.Method, path: StaticString) {
        self.operationID = operationID
        self.method = method
        template = path.description
    }

    // MARK: Parameters

    /// A parameter with one value; nil leaves it out. Without `style`, that of the location.
    public mutating func parameter<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, allowReserved: Bool = false, _ value: T?
    ) {
        guard let value else { return }
        set(name.description, in: location, style, nil, allowReserved, .text(value.parameterText))
    }

    /// A list; nil leaves it out. Without `style`, that of the location; without `explode`, that of the style.
    public mutating func parameters<T: ParameterValue>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, explode: Bool? = nil,
        allowReserved: Bool = false, _ values: [T]?
    ) {
        guard let values else { return }
        set(name.description, in: location, style, explode, allowReserved, .list(values.map { .text($0.parameterText) }))
    }

    /// A parameter that is neither a scalar nor a list of scalars: what `write` writes as JSON, in the parameter's style.
    public mutating func structure<T>(
        _ name: StaticString, in location: ParameterLocation, style: ParameterStyle? = nil, explode: Bool? = nil,
        allowReserved: Bool = false, _ value: T?, _ write: (T, inout JSONWriter) -> Void
    ) {
        guard let value, let value = TextValue.of(json: Self.json(value, write)) else { return }
        set(name.description, in: location, style, explode, allowReserved, value)
    }

    /// A parameter whose text is JSON (`content` of a Parameter Object).
    public mutating func json<T>(
        _ name: StaticString, in location: ParameterLocation, _ value: T?, _ write: (T, inout JSONWriter) -> Void
    ) {
        guard let value else { return }
        let text = String(decoding: Self.json(value, write), as: UTF8.self)
        guard location == .querystring else { return set(name.description, in: location, nil, nil, false, .text(text)) }
        query = [PercentEncoding.encode(text)]
    }

    /// The whole query as a form (OpenAPI 3.2, `in: querystring`).
    public mutating func queryForm<T>(_ value: T?, encoding: [FormEncoding] = [], _ write: (T, inout JSONWriter) -> Void) {
        guard let value else { return }
        let form = FormWriter.encode(json: Self.json(value, write), encoding: encoding)
        query = form.isEmpty ? [] : [String(decoding: form, as: UTF8.self)]
    }

    private static func json<T>(_ value: T, _ write: (T, inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        write(value, &json)
        return json.bytes
    }

    mutating func set(
        _ name: String, in location: ParameterLocation, _ style: ParameterStyle?, _ explode: Bool?, _ allowReserved: Bool,
        _ value: TextValue
    ) {
        let style = style ?? location.defaultStyle
        let explode = explode ?? (style == .form || style == .cookie)
        switch location {
        case .path: pathTexts[name] = style.pathText(value, name: name, explode: explode, allowReserved: allowReserved)
        case .query: query += style.queryPairs(value, name: name, explode: explode, allowReserved: allowReserved)
        case .header:
            if let name = HTTPField.Name(name) { headerFields[name] = ParameterStyle.fieldText(value, explode: explode) }
        case .cookie: cookies += style.cookiePairs(value, name: name, explode: explode)
        case .querystring: query = [PercentEncoding.encode(value.joined)]
        }
    }

    mutating func set(_ name: HTTPField.Name, _ value: String) { headerFields[name] = value }

    /// The media types that the operation's responses have.
    public mutating func accept(_ mediaTypes: [StaticString]) {
        if !mediaTypes.isEmpty { headerFields[.accept] = mediaTypes.map(\.description).joined(separator: ", ") }
    }

    // MARK: Body

    public mutating func json(_ mediaType: StaticString, _ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        bytes(mediaType, json.bytes)
    }

    /// A form of the object that `write` writes as JSON.
    public mutating func form(encoding: [FormEncoding] = [], _ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        bytes("application/x-www-form-urlencoded", FormWriter.encode(json: json.bytes, encoding: encoding))
    }

    /// `charset=utf-8` is added to the media type.
    public mutating func text(_ mediaType: StaticString, _ text: String) {
        headerFields[.contentType] = "\(mediaType); charset=utf-8"
        body = [UInt8](text.utf8)
    }

    public mutating func bytes(_ mediaType: StaticString, _ bytes: [UInt8]) { setBody(mediaType.description, bytes) }

    mutating func setBody(_ mediaType: String, _ bytes: [UInt8]) {
        headerFields[.contentType] = mediaType
        body = bytes
    }

    mutating func setBody(_ mediaType: String, _ stream: ByteStream) {
        headerFields[.contentType] = mediaType
        bodyStream = stream
    }

    // MARK: Request

    /// The request to `server`.
    /// - Parameter replaced: What the template begins with and the server's own path stands in place of.
    func request(to server: ServerURL, replacing replaced: String = "") -> ClientRequest {
        let rest = template.hasPrefix(replaced) ? template.dropFirst(replaced.count) : template[...]
        // An operation with a path of its own in front is not behind the one that is replaced.
        let isBehind = rest.isEmpty || rest.hasPrefix("/") && (replaced.isEmpty || rest.count < template.count)
        let segments = RouteTree.segments(isBehind ? rest : template[...])
        return request(server, path: segments.reduce(into: isBehind ? server.path : "") { $0 += "/" + render($1) }, query: "")
    }

    /// The request to a URL that is complete but for the query's parameters; nil when it is none.
    func request(toURL url: String) -> ClientRequest? {
        let rest = url.prefix { $0 != "#" }
        let mark = rest.firstIndex(of: "?") ?? rest.endIndex
        guard let server = ServerURL(String(rest[..<mark])) else { return nil }
        // A slash at the end is part of the address here.
        let path = server.path + (rest[..<mark].hasSuffix("/") ? "/" : "")
        return request(server, path: path, query: String(rest[mark...].dropFirst()))
    }

    private func request(_ server: ServerURL, path: String, query given: String) -> ClientRequest {
        var path = path.isEmpty ? "/" : path
        let all = (given.isEmpty ? [] : [given]) + query
        if !all.isEmpty { path += "?" + all.joined(separator: "&") }
        var fields = headerFields
        if !cookies.isEmpty { fields[.cookie] = cookies.joined(separator: "; ") }
        let head = HTTPRequest(method: method, scheme: server.scheme, authority: server.authority, path: path, headerFields: fields)
        return ClientRequest(head: head, body: body, bodyStream: bodyStream, operationID: operationID)
    }

    /// A segment of the template with its parameters' values in place.
    private func render(_ segment: Substring) -> String {
        guard let pattern = SegmentPattern(segment) else { return String(segment) }
        return zip(pattern.names, pattern.literals.dropFirst()).reduce(pattern.literals[0]) { text, part in
            text + (pathTexts[part.0] ?? "") + part.1
        }
    }
}

/// How a credential travels.
public enum CredentialUse: Sendable {
    /// `Authorization: Bearer`. `scheme` is the scheme's name in the document.
    case bearer(scheme: String)
    /// `Authorization: Basic`; the credential is `user:password`.
    case basic(scheme: String)
    case apiKey(scheme: String, in: ParameterLocation, name: String)
    /// `Authorization` with another authentication scheme (`method`), such as `Digest`; the credential is what follows its name.
    case http(scheme: String, method: String)
    /// The certificate that the transport connects with: nothing in the request.
    case mutualTLS

    /// The name in the document by which the credential is asked for; nil when none is needed.
    var scheme: String? {
        switch self {
        case .bearer(let scheme), .basic(let scheme), .apiKey(let scheme, _, _), .http(let scheme, _): scheme
        case .mutualTLS: nil
        }
    }

    func apply(_ credential: String, to call: inout ClientCall) {
        switch self {
        case .bearer: call.set(.authorization, "Bearer \(credential)")
        case .basic: call.set(.authorization, "Basic \([UInt8](credential.utf8).parameterText)")
        case .apiKey(_, .header, let name) where WebSocketSubprotocol.isField(name):
            call.set(name, in: .header, nil, nil, false, .text(WebSocketSubprotocol.offer(credential)))
        case .apiKey(_, let location, let name):
            // A key goes into a cookie as it is.
            call.set(name, in: location, location == .cookie ? .cookie : nil, nil, false, .text(credential))
        case .http(_, let method): call.set(.authorization, "\(method) \(credential)")
        case .mutualTLS: break
        }
    }
}
