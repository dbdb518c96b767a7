public import HTTPTypes

/// Sends requests over some wire.
public protocol ClientTransport: Sendable {
    /// Sends the request and returns as soon as the response's head is there; its body is pulled by the caller.
    ///
    /// Cancelling the calling task cancels the request; dropping the response does too.
    func send(_ request: ClientRequest) async throws -> ClientResponse
}

/// A request as a transport gets it.
public struct ClientRequest: Sendable {
    /// Complete: scheme, authority, path with query.
    public var head: HTTPRequest
    public var body: [UInt8]
    /// A body that is sent as it comes, its length not known; ``body`` is empty then.
    public var bodyStream: ByteStream?
    /// The operation, or channel, that is called; for logs and errors.
    public var operationID: String

    public init(head: HTTPRequest, body: [UInt8] = [], bodyStream: ByteStream? = nil, operationID: String) {
        self.head = head
        self.body = body
        self.bodyStream = bodyStream
        self.operationID = operationID
    }

    /// The URL of scheme, authority and path.
    public var url: String { "\(head.scheme ?? "http")://\(head.authority ?? "")\(head.path ?? "/")" }
}

/// A response as a transport gives it.
public struct ClientResponse: Sendable {
    public var head: HTTPResponse
    public var body: ByteStream

    public init(head: HTTPResponse, body: ByteStream) {
        self.head = head
        self.body = body
    }
}

/// Gives a client its credentials.
public protocol CredentialProvider: Sendable {
    /// The credential for a security scheme, by its name in the document: a bearer token, an API key, `user:password` for basic.
    /// nil: there is none for this scheme.
    func credential(scheme: String) async throws -> String?
}

/// The same credential for every scheme, or for one.
public struct BearerCredentialProvider: CredentialProvider {
    private let token: String
    private let scheme: String?

    /// `scheme`: the only scheme it is for; nil: any.
    public init(token: String, scheme: String? = nil) {
        self.token = token
        self.scheme = scheme
    }

    public func credential(scheme: String) async throws -> String? { self.scheme.map { $0 == scheme } ?? true ? token : nil }
}

extension BearerCredentialProvider: CustomStringConvertible, CustomReflectable {
    /// Without the token.
    public var description: String { "BearerCredentialProvider" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
