public import HTTPTypes

/// A request as a route gets it.
public struct ServerRequest: Sendable {
    /// Method, path with query, header fields.
    public var head: HTTPRequest
    public var body: RequestBody
    /// The values of the path template's parameters as they came, in order. Set by ``APIRouter``.
    var pathValues: [PathValue] = []
    /// The peer's address as the transport knows it.
    public var remoteAddress: String?

    public init(
        head: HTTPRequest, body: RequestBody = .none, pathParameters: [String: String] = [:], remoteAddress: String? = nil
    ) {
        self.head = head
        self.body = body
        self.remoteAddress = remoteAddress
        if !pathParameters.isEmpty { self.pathParameters = pathParameters }
    }

    /// The values of the path template's parameters by name, percent-decoded.
    public var pathParameters: [String: String] {
        get { Dictionary(pathValues.map { ($0.name, WireText($0.text, .percent).decoded) }) { first, _ in first } }
        set { pathValues = newValue.map { PathValue(name: $0.key, text: Substring(PercentEncoding.encode($0.value))) } }
    }

    /// The path without query, as sent.
    public var path: Substring {
        let path = head.path ?? "/"
        return path[..<(path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex)]
    }

    /// The query as sent, without the question mark; nil when there is none.
    public var query: Substring? {
        guard let path = head.path, let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return path[path.utf8.index(after: mark)...]
    }
}

/// The value of a path parameter, still encoded.
struct PathValue: Sendable {
    var name: String
    var text: Substring
}

/// A request's body: read once, never more of it than the reader allows.
public struct RequestBody: Sendable {
    /// The default limit of ``collect(upTo:)`` in generated code: 1 MiB.
    public static let defaultLimit = 1 << 20

    /// No body.
    public static let none = RequestBody(stream: ByteStream([]), contentLength: 0)

    /// The length that the request declares; nil when it does not (chunked).
    public let contentLength: Int?
    /// The bytes as they come. For what is larger than memory; other uses want ``collect(upTo:)``.
    public let stream: ByteStream

    public init(stream: ByteStream, contentLength: Int?) {
        self.stream = stream
        self.contentLength = contentLength
    }

    public init(_ bytes: [UInt8]) { self.init(stream: ByteStream(bytes), contentLength: bytes.count) }

    /// All bytes. Throws ``RequestFailure`` `contentTooLarge` when they are more than `limit`: before reading any, when the request says
    /// so itself.
    public nonisolated(nonsending) func collect(upTo limit: Int) async throws -> [UInt8] {
        if let contentLength {
            if contentLength == 0 { return [] }
            guard contentLength <= limit else { throw Self.tooLarge(limit) }
        }
        guard let bytes = try await stream.collect(upTo: limit) else { throw Self.tooLarge(limit) }
        return bytes
    }

    private static func tooLarge(_ limit: Int) -> RequestFailure {
        RequestFailure(.contentTooLarge, detail: "The body may have \(limit) bytes at most.").ofRequest
    }
}
