import APISupport
import APIWebSocket
import Crypto
import HTTPTypes
import NIOCore
import NIOPosix
import Testing

/// The client against servers that do what ours never does.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WebSocketClientTests {
    private typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Accepts one connection, reads a request's head and sends back what `answer` makes of it, in one piece; then waits for the end.
    @discardableResult
    private func withRawServer<R: Sendable>(
        _ answer: @escaping @Sendable (String) -> [UInt8], _ body: @Sendable (ClientRequest) async throws -> R
    ) async throws -> R {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture { try Channel(wrappingChannelSynchronously: channel) }
        }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        try await Self.answerOnce(connection, answer)
                        break
                    }
                }
            }
            let result = try await body(
                ClientRequest(head: HTTPRequest(method: .get, scheme: "ws", authority: "127.0.0.1:\(port)", path: "/"), operationID: "raw"))
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
    private static func upgrade(_ request: String, then frames: [UInt8]) -> [UInt8] {
        let line = request.split(separator: "\r\n").first { $0.lowercased().hasPrefix("sec-websocket-key:") } ?? ""
        let key = line.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ")
        let digest = Insecure.SHA1.hash(data: [UInt8]("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        let accept = String(decoding: Base64.encode(Array(digest)), as: UTF8.self)
        let head =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n"
        return [UInt8](head.utf8) + frames
    }

    @Test func framesRightBehindTheUpgradeAreNotLost() async throws {
        let frames: [UInt8] = [0x81, 3] + [UInt8]("bye".utf8) + [0x88, 2, 0x03, 0xF0]
        try await withRawServer({ Self.upgrade($0, then: frames) }) { request in
            try await WebSocketClient().connect(request) { transport in
                let message = try await transport.receive()
                #expect(message == [UInt8]("bye".utf8))
                let error = await #expect(throws: WebSocketClosed.self) { try await transport.receive() }
                #expect(error?.code == .policyViolation)
            }
        }
    }

    @Test func maskedFramesOfAServerAreABreach() async throws {
        try await withRawServer({ Self.upgrade($0, then: [0x81, 0x81, 0, 0, 0, 0, 0x61]) }) { request in
            try await WebSocketClient().connect(request) { transport in
                let error = await #expect(throws: WebSocketClosed.self) { try await transport.receive() }
                #expect(error?.code == .protocolError)
            }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ])
    func otherAnswersAreRefusals(_ answer: String) async throws {
        try await withRawServer({ _ in [UInt8](answer.utf8) }) { request in
            let error = await #expect(throws: ClientError.self) { try await WebSocketClient().connect(request) { _ in } }
            #expect(error?.code == .upgradeRefused)
            #expect(error.map { answer.contains(" \($0.status) ") } == true)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "nonsense\r\n\r\n",
    ])
    func falseUpgradesAreErrors(_ answer: String) async throws {
        try await withRawServer({ _ in [UInt8](answer.utf8) }) { request in
            await #expect(throws: (any Error).self) {
                try await WebSocketClient(connectTimeout: .seconds(5)).connect(request) { _ in }
            }
        }
    }

    @Test func nobodyThereIsAnError() async throws {
        let request = ClientRequest(head: HTTPRequest(method: .get, scheme: "ws", authority: "127.0.0.1:1", path: "/"), operationID: "none")
        await #expect(throws: (any Error).self) { try await WebSocketClient().connect(request) { _ in } }
        for authority in ["", "host:x", "host:99999", "[::1"] {
            let bad = ClientRequest(head: HTTPRequest(method: .get, scheme: "ws", authority: authority, path: "/"), operationID: "none")
            let error = await #expect(throws: ClientError.self) { try await WebSocketClient().connect(bad) { _ in } }
            #expect(error?.code == .invalidServerURL)
        }
    }
}
