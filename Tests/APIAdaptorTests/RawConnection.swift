import NIOCore
import NIOPosix

/// A TCP connection for what no well-behaved client sends.
struct RawConnection {
    typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    struct UnexpectedEnd: Error {}

    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received: [UInt8] = []
    /// The other side has closed.
    private(set) var isAtEnd = false

    @discardableResult
    static func open<R>(port: Int, _ body: (inout RawConnection) async throws -> R) async throws -> R {
        let channel: Channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Channel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(iterator: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private init(
        iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.iterator = iterator
        self.outbound = outbound
    }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    func send(_ text: String) async throws { try await send([UInt8](text.utf8)) }

    /// Closes the side that this one sends on.
    func finishSending() { outbound.finish() }

    /// Exactly `count` bytes.
    mutating func read(_ count: Int) async throws -> [UInt8] {
        while received.count < count { try await fill() }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    /// Up to and with `end`.
    mutating func read(through end: String) async throws -> String {
        let end = [UInt8](end.utf8)
        while true {
            if let start = received.indices.first(where: { received[$0...].starts(with: end) }) {
                return String(decoding: try await read(start + end.count), as: UTF8.self)
            }
            try await fill()
        }
    }

    /// Everything to the end of the connection, a reset counting as one.
    mutating func readToEnd() async -> [UInt8] {
        while !isAtEnd {
            do {
                try await fill()
            } catch {
                isAtEnd = true
            }
        }
        defer { received = [] }
        return received
    }

    private mutating func fill() async throws {
        guard let bytes = try await iterator.next() else {
            isAtEnd = true
            throw UnexpectedEnd()
        }
        received += bytes.readableBytesView
    }

    // MARK: WebSocket

    struct Frame: Equatable {
        var opcode: UInt8
        var isFinal: Bool
        var payload: [UInt8]

        /// Of a close frame.
        var closeCode: Int? { payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    }

    /// Sends an upgrade request and gives the status line with the header fields of the answer.
    mutating func upgrade(path: String = "/ws") async throws -> String {
        try await send(
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        return try await read(through: "\r\n\r\n")
    }

    /// Sends a frame; masked with zeros, which leaves the payload as it is.
    func send(opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true) async throws {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(mask | UInt8(payload.count))
        case ...0xFFFF: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        if isMasked { bytes += [0, 0, 0, 0] }
        try await send(bytes + payload)
    }

    mutating func readFrame() async throws -> Frame {
        let head = try await read(2)
        var count = Int(head[1] & 0x7F)
        if count == 126 { count = try await read(2).reduce(0) { $0 << 8 | Int($1) } }
        if count == 127 { count = try await read(8).reduce(0) { $0 << 8 | Int($1) } }
        return Frame(opcode: head[0] & 0x0F, isFinal: head[0] & 0x80 != 0, payload: try await read(count))
    }
}
