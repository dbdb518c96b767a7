public import HTTPTypes

/// An operation's request before it has a server and credentials.
public struct ClientCall: Sendable {
    let operationID: String
    private let method: HTTPRequest.Method
    private let template: String
    private var pathValues: [String: String] = [:]
    private var query: [(name: String, value: String)] = []
    private var cookies: [String] = []
    private var headerFields = HTTPFields()
    private(set) var body: [UInt8] = []

    /// `path` is the template; parameters are percent-encoded into it.
    public init(operationID: String, method: HTTPRequest.Method, path: StaticString) {
        self.operationID = operationID
        self.method = method
        template = path.description
    }

    // MARK: Parameters

    /// A parameter with one value; nil leaves it out.
    public mutating func parameter<T: ParameterValue>(_ name: StaticString, in location: ParameterLocation, _ value: T?) {
        guard let value else { return }
        set(name.description, in: location, [value.parameterText])
    }

    /// A list: repeated in a query, comma-separated elsewhere. nil leaves it out.
    public mutating func parameters<T: ParameterValue>(_ name: StaticString, in location: ParameterLocation, _ values: [T]?) {
        guard let values else { return }
        set(name.description, in: location, values.map(\.parameterText))
    }

    mutating func set(_ name: String, in location: ParameterLocation, _ texts: [String]) {
        switch location {
        case .path: pathValues[name] = texts.map(PercentEncoding.encode).joined(separator: ",")
        case .query: query += texts.map { (name, $0) }
        case .header:
            if let name = HTTPField.Name(name) { headerFields[name] = texts.joined(separator: ",") }
        case .cookie: cookies.append("\(name)=\(texts.joined(separator: ","))")
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

    public mutating func form(_ value: some FormWritable) {
        bytes("application/x-www-form-urlencoded", FormWriter.encode(value))
    }

    /// `charset=utf-8` is added to the media type.
    public mutating func text(_ mediaType: StaticString, _ text: String) {
        headerFields[.contentType] = "\(mediaType); charset=utf-8"
        body = [UInt8](text.utf8)
    }

    public mutating func bytes(_ mediaType: StaticString, _ bytes: [UInt8]) {
        headerFields[.contentType] = mediaType.description
        body = bytes
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
        let pairs = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        let all = (given.isEmpty ? [] : [given]) + pairs
        if !all.isEmpty { path += "?" + all.joined(separator: "&") }
        var fields = headerFields
        if !cookies.isEmpty { fields[.cookie] = cookies.joined(separator: "; ") }
        let head = HTTPRequest(method: method, scheme: server.scheme, authority: server.authority, path: path, headerFields: fields)
        return ClientRequest(head: head, body: body, operationID: operationID)
    }

    /// A segment of the template with its parameters' values in place.
    private func render(_ segment: Substring) -> String {
        let (literals, parameters) = RouteTree.parts(of: segment)
        return zip(parameters, literals.dropFirst()).reduce(into: literals[0]) { $0 += (pathValues[$1.0] ?? "") + $1.1 }
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
            call.set(name, in: .header, [WebSocketSubprotocol.offer(credential)])
        case .apiKey(_, let location, let name): call.set(name, in: location, [credential])
        case .http(_, let method): call.set(.authorization, "\(method) \(credential)")
        case .mutualTLS: break
        }
    }
}
