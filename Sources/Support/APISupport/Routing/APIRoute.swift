public import HTTPTypes

/// One operation: what it is asked by, and what answers.
public struct APIRoute: Sendable {
    public let method: HTTPRequest.Method
    /// The path template, such as `/sessions/{session_id}`.
    public let path: String
    public let operationID: String
    /// The media types of the operation's successful answers; empty when they have no body.
    public let produces: [StaticString]
    public let respond: @Sendable (ServerRequest, CallContext) async -> ServerResponse

    public init(
        method: HTTPRequest.Method, path: String, operationID: String, produces: [StaticString] = [],
        respond: @escaping @Sendable (ServerRequest, CallContext) async -> ServerResponse
    ) {
        self.method = method
        self.path = path
        self.operationID = operationID
        self.produces = produces
        self.respond = respond
    }
}

/// One WebSocket channel: where it is, and who decides about its connections.
public struct WebSocketRoute: Sendable {
    /// The address template, such as `/api/v1/ws/{session_id}`.
    public let path: StaticString
    public let channelID: String
    public let upgrade: @Sendable (ServerRequest, CallContext) async -> WebSocketUpgrade

    public init(
        path: StaticString, channelID: String, upgrade: @escaping @Sendable (ServerRequest, CallContext) async -> WebSocketUpgrade
    ) {
        self.path = path
        self.channelID = channelID
        self.upgrade = upgrade
    }
}

/// The answer to a request for a WebSocket connection (RFC 6455 §4.2.2).
public enum WebSocketUpgrade: Sendable {
    /// No connection; the response says why.
    case reject(ServerResponse)
    /// The connection is made and `run` uses it; when it returns, the connection is closed.
    case accept(run: @Sendable (any MessageTransport) async -> Void)
}
