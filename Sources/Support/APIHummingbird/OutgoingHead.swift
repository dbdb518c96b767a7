internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// What is sent of an answer before its body (RFC 9112 §4 and §5); the empty line behind it, and `Connection`, are the connection's.
struct OutgoingHead: Sendable {
    /// A body up to this size is sent in one piece with its head.
    static let roomForBody = 65_536

    private(set) var bytes: ByteBuffer
    private(set) var isChunked = false
    /// No other request is answered behind this one.
    let mustClose: Bool

    /// Field names and values, and reason phrases, hold no line ends: HTTPTypes sees to that.
    ///
    /// - Parameter bodyLength: of the body that is to be sent along.
    init(_ head: HTTPResponse, mustClose: Bool, bodyLength: Int = 0) {
        self.mustClose = mustClose
        bytes = ByteBufferAllocator().buffer(capacity: 320 + (bodyLength <= Self.roomForBody ? bodyLength : 0))
        if head.status == .ok {
            bytes.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            let phrase =
                head.status.reasonPhrase.isEmpty ? HTTPResponseStatus(statusCode: head.status.code).reasonPhrase : head.status.reasonPhrase
            bytes.writeString("HTTP/1.1 \(head.status.code) \(phrase)\r\n")
        }
        for field in head.headerFields where !Self.isFraming(field.name) { add(field.name.rawName, field.value) }
        add("Date", DateField.shared.now)
    }

    mutating func addLength(_ length: Int) { add("Content-Length", String(length)) }

    mutating func chunk() {
        isChunked = true
        add("Transfer-Encoding", "chunked")
    }

    private mutating func add(_ name: String, _ value: String) {
        bytes.writeString(name)
        bytes.writeStaticString(": ")
        bytes.writeString(value)
        bytes.writeStaticString("\r\n")
    }

    /// What follows from the body and the connection, not from what a route says.
    private static func isFraming(_ name: HTTPField.Name) -> Bool {
        name == .contentLength || name == .transferEncoding || name == .date
    }
}

extension HTTPRequestHead {
    /// A client of HTTP/1.0 knows neither chunks nor interim answers.
    var isCurrent: Bool { (version.major, version.minor) >= (1, 1) }
}
