import APISupport
import APIWebSocket
import HTTPTypes
import Testing

/// The client against servers that do what ours never does.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WebSocketClientTests {
    @Test func framesRightBehindTheUpgradeAreNotLost() async throws {
        let frames: [UInt8] = [0x81, 3] + [UInt8]("bye".utf8) + [0x88, 2, 0x03, 0xF0]
        try await RawServer.run({ RawServer.upgrade($0, then: frames) }) { request in
            try await WebSocketClient().connect(request) { transport in
                let message = try await transport.receive()
                #expect(message == [UInt8]("bye".utf8))
                let error = await #expect(throws: WebSocketClosed.self) { try await transport.receive() }
                #expect(error?.code == .policyViolation)
            }
        }
    }

    @Test func maskedFramesOfAServerAreABreach() async throws {
        try await RawServer.run({ RawServer.upgrade($0, then: [0x81, 0x81, 0, 0, 0, 0, 0x61]) }) { request in
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
        try await RawServer.run({ _ in [UInt8](answer.utf8) }) { request in
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
        try await RawServer.run({ _ in [UInt8](answer.utf8) }) { request in
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
