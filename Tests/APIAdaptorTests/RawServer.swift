import APISupport
import Crypto
import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL

/// A server that sends what it is told, for what ours never sends.
enum RawServer {
    private typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Accepts one connection, reads a request's head and sends back what `answer` makes of it, in one piece; then waits for the end.
    ///
    /// - Parameter tls: of the server, for `wss`; the request is then for `localhost`, otherwise for `127.0.0.1`.
    @discardableResult
    static func run<R: Sendable>(
        tls: NIOSSLContext? = nil, _ answer: @escaping @Sendable (String) -> [UInt8], _ body: @Sendable (ClientRequest) async throws -> R
    ) async throws -> R {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                return try Channel(wrappingChannelSynchronously: channel)
            }
        }
        let authority = "\(tls == nil ? "127.0.0.1" : "localhost"):\(server.channel.localAddress?.port ?? 0)"
        let head = HTTPRequest(method: .get, scheme: tls == nil ? "ws" : "wss", authority: authority, path: "/")
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        try await answerOnce(connection, answer)
                        break
                    }
                }
            }
            let result = try await body(ClientRequest(head: head, operationID: "raw"))
            try await group.waitForAll()
            return result
        }
    }

    private static func answerOnce(_ connection: Channel, _ answer: @Sendable (String) -> [UInt8]) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var request = ""
            var hasAnswered = false
            for try await bytes in inbound where !hasAnswered {
                request += String(buffer: bytes)
                guard request.contains("\r\n\r\n") else { continue }
                hasAnswered = true
                try await outbound.write(ByteBuffer(bytes: answer(request)))
            }
        }
    }

    /// 101 with the right accept value (RFC 6455 §4.2.2), then `frames`.
    static func upgrade(_ request: String, then frames: [UInt8]) -> [UInt8] {
        let line = request.split(separator: "\r\n").first { $0.lowercased().hasPrefix("sec-websocket-key:") } ?? ""
        let key = line.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ")
        let digest = Insecure.SHA1.hash(data: [UInt8]("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        let accept = String(decoding: Base64.encode(Array(digest)), as: UTF8.self)
        let head =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n"
        return [UInt8](head.utf8) + frames
    }
}
