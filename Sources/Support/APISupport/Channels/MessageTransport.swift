/// One open connection that carries whole text messages both ways. Pings, fragments, limits and the closing handshake are the adaptor's.
public protocol MessageTransport: Sendable {
    /// The next message; nil after the peer closed in good order. One caller at a time; while nobody calls, the peer is held back.
    ///
    /// Throws ``WebSocketClosed`` when the connection ended otherwise.
    func receive() async throws -> [UInt8]?

    /// Sends a text message; returns when the connection has taken it. Throws ``WebSocketClosed`` when it can take no more.
    func send(_ message: [UInt8]) async throws

    /// Starts the closing handshake (RFC 6455 §7.1.2), once; later calls do nothing. Longer reasons are cut to 123 bytes.
    func close(_ code: WebSocketCloseCode, reason: String) async
}

/// Makes connections to a server.
public protocol WebSocketClientTransport: Sendable {
    /// Connects, runs `body` where the caller runs (on the main actor, say), and closes the connection whatever came of it: normally, or with
    /// 1011 when `body` threw.
    ///
    /// Throws ``ClientError`` `upgradeRefused`, with status and body, when the server does not upgrade.
    nonisolated(nonsending) func connect<R>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R
}

/// Why a connection was closed (RFC 6455 §7.4.1).
public struct WebSocketCloseCode: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let normal = WebSocketCloseCode(rawValue: 1000)
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// The peer gave no code. Never sent.
    public static let noStatus = WebSocketCloseCode(rawValue: 1005)
    /// The connection was lost. Never sent.
    public static let abnormal = WebSocketCloseCode(rawValue: 1006)
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    public static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

    public var description: String { String(rawValue) }
}

/// The connection is closed, and not in good order.
public struct WebSocketClosed: Error, Sendable, Equatable, CustomStringConvertible {
    public let code: WebSocketCloseCode
    public let reason: String

    public init(code: WebSocketCloseCode, reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "WebSocket closed with \(code)\(reason.isEmpty ? "" : ": " + reason)" }
}
