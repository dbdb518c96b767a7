internal import APISupport
internal import NIOCore
internal import NIOWebSocket

/// What the frames of a peer mean (RFC 6455 §5, §7): a pure state machine that puts fragments together and finds breaches of the protocol.
struct FrameInterpreter: Sendable {
    enum Event: Equatable {
        /// A whole text message.
        case message([UInt8])
        case ping(ByteBuffer)
        case pong
        /// The peer closes; the code is `noStatus` when it gave none.
        case close(WebSocketCloseCode, reason: String)
        /// The peer broke the rules: the connection must be failed with this code.
        case violation(WebSocketCloseCode, reason: String)
    }

    private let role: WebSocketRole
    private let limit: Int
    /// The fragments so far; nil between messages.
    private var fragments: [UInt8]?

    init(role: WebSocketRole, maximumMessageSize: Int) {
        self.role = role
        limit = maximumMessageSize
    }

    /// Takes one frame; nil when it is a part of a message that is not complete yet.
    mutating func receive(_ frame: WebSocketFrame) -> Event? {
        if frame.rsv1 || frame.rsv2 || frame.rsv3 { return .violation(.protocolError, reason: "no extension was negotiated") }
        // §5.1: a server must close on an unmasked frame, a client on a masked one.
        guard (frame.maskKey != nil) == (role == .server) else {
            return .violation(.protocolError, reason: role == .server ? "frame is not masked" : "frame is masked")
        }
        let data = frame.unmaskedData
        switch frame.opcode {
        case .text:
            guard fragments == nil else { return .violation(.protocolError, reason: "message inside a message") }
            fragments = []
            return append(data, isLast: frame.fin)
        case .continuation:
            guard fragments != nil else { return .violation(.protocolError, reason: "continuation of no message") }
            return append(data, isLast: frame.fin)
        case .binary: return .violation(.unsupportedData, reason: "text messages only")
        case .ping: return .ping(data)
        case .pong: return .pong
        case .connectionClose: return close(data)
        default: return .violation(.protocolError, reason: "unknown opcode")
        }
    }

    private mutating func append(_ data: ByteBuffer, isLast: Bool) -> Event? {
        guard data.readableBytes <= limit - (fragments?.count ?? 0) else {
            return .violation(.messageTooBig, reason: "a message may have \(limit) bytes")
        }
        fragments?.append(contentsOf: data.readableBytesView)
        guard isLast, let message = fragments else { return nil }
        fragments = nil
        guard UTF8Check.isValid(message) else {
            return .violation(.invalidPayload, reason: "text is not UTF-8")
        }
        return .message(message)
    }

    /// The body of a close frame (§5.5.1): nothing, or a code and a reason.
    private func close(_ data: ByteBuffer) -> Event {
        var data = data
        guard data.readableBytes > 0 else { return .close(.noStatus, reason: "") }
        guard let code = data.readInteger(as: UInt16.self), Self.isAllowed(code) else {
            return .violation(.protocolError, reason: "invalid close code")
        }
        guard let reason = String(validating: data.readableBytesView, as: UTF8.self) else {
            return .violation(.invalidPayload, reason: "close reason is not UTF-8")
        }
        return .close(WebSocketCloseCode(rawValue: code), reason: reason)
    }

    /// §7.4: the defined codes that may travel, and those for libraries and applications.
    private static func isAllowed(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
