import APIHummingbird
import APISupport
import APIWebSocket
import HTTPTypes
import Testing

@Suite(.serialized, .timeLimit(.minutes(2)))
struct WebSocketTests {
    /// Sends back every message.
    private static let echo = WebSocketRoute(path: "/ws", channelID: "echo") { _, _ in
        .accept { transport in
            do {
                while let message = try await transport.receive() { try await transport.send(message) }
            } catch {
                // The tests look at the client's side.
            }
        }
    }

    @discardableResult
    private func connect<R>(
        _ server: RunningServer, path: String = "/ws", configuration: WebSocketConfiguration = WebSocketConfiguration(),
        _ body: (any MessageTransport) async throws -> R
    ) async throws -> R {
        try await WebSocketClient(configuration: configuration, connectTimeout: .seconds(60)).connect(server.request(.get, path), body)
    }

    @Test func messagesTravelBothWaysInOrder() async throws {
        try await withServer(webSockets: [Self.echo]) { server in
            try await connect(server) { transport in
                let messages = (0..<200).map { [UInt8]("message \($0) \(String(repeating: "ü", count: $0 * 40))".utf8) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for message in messages { try await transport.send(message) } }
                    for message in messages { #expect(try await transport.receive() == message) }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func typedConnectionTellsMessagesFromRubbish() async throws {
        let route = WebSocketRoute(path: "/ws", channelID: "typed") { _, context in
            .accept { transport in
                await MessageConnection<Int64, String>.serve(transport, context: context) { connection in
                    for try await message in connection.incoming {
                        switch message {
                        case .message(let number): try await connection.send("number \(number)")
                        case .invalid(let failure): try await connection.send("\(failure.code)")
                        }
                    }
                }
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await connect(server) { transport in
                for text in ["7", "\"x\"", "{"] { try await transport.send([UInt8](text.utf8)) }
                var answers: [String] = []
                for _ in 0..<3 { answers.append(String(decoding: try await transport.receive() ?? [], as: UTF8.self)) }
                #expect(answers == [#""number 7""#, #""invalid-request""#, #""malformed-body""#])
            }
        }
    }

    @Test func handlersEndClosesNormally() async throws {
        let route = WebSocketRoute(path: "/ws", channelID: "brief") { _, _ in
            .accept { transport in
                do { try await transport.send([UInt8]("bye".utf8)) } catch {}
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await connect(server) { transport in
                let messages = [try await transport.receive(), try await transport.receive()]
                #expect(messages == [[UInt8]("bye".utf8), nil])
                await #expect(throws: WebSocketClosed.self) { try await transport.send([]) }
            }
        }
    }

    @Test func closeCodeAndReasonReachTheOtherSide() async throws {
        let route = WebSocketRoute(path: "/ws", channelID: "closing") { _, context in
            .accept { transport in
                await MessageConnection<String, String>.serve(transport, context: context) { _ in
                    throw RequestFailure(.forbidden, detail: "not yours")
                }
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await connect(server) { transport in
                await #expect(throws: WebSocketClosed(code: .policyViolation, reason: "not yours")) {
                    try await transport.receive()
                }
            }
        }
    }

    @Test func whatWasSentBeforeAHastyCloseArrives() async throws {
        let route = WebSocketRoute(path: "/ws", channelID: "hasty") { _, _ in
            .accept { transport in
                do { try await transport.send([UInt8]("bye".utf8)) } catch {}
                await transport.close(.serviceRestart, reason: "")
            }
        }
        let hasty = WebSocketConfiguration(closeTimeout: .zero)
        try await withServer(webSockets: [route], configuration: APIServerConfiguration(webSocket: hasty)) { server in
            for _ in 0..<20 {
                try await connect(server) { transport in
                    let message = try await transport.receive()
                    #expect(message == [UInt8]("bye".utf8))
                    let error = await #expect(throws: WebSocketClosed.self) { try await transport.receive() }
                    #expect(error?.code == .serviceRestart)
                }
            }
        }
    }

    @Test func clientsCloseReachesTheHandler() async throws {
        let end = Signal<String>()
        let route = WebSocketRoute(path: "/ws", channelID: "end") { _, _ in
            .accept { transport in
                do {
                    let message = try await transport.receive()
                    await end.set(message == nil ? "in order" : "message")
                } catch {
                    await end.set("\(error)")
                }
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await connect(server) { _ in }
            #expect(await end.wait() == "in order")
        }
    }

    @Test func lostConnectionIsNoOrderlyEnd() async throws {
        let end = Signal<String>()
        let route = WebSocketRoute(path: "/ws", channelID: "end") { _, _ in
            .accept { transport in
                do {
                    _ = try await transport.receive()
                    await end.set("in order")
                } catch {
                    await end.set("\(error)")
                }
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await RawConnection.open(port: server.port) { connection in
                let answer = try await connection.upgrade()
                #expect(answer.hasPrefix("HTTP/1.1 101 "))
            }
            #expect(await end.wait().hasPrefix("WebSocket closed with 1006: "))
        }
    }

    // MARK: Upgrade

    @Test func refusedUpgradeIsTheRoutesResponse() async throws {
        let route = WebSocketRoute(path: "/ws/{id}", channelID: "guarded") { request, context in
            var failure = RequestFailure(.unauthenticated, detail: "no token for \(request.pathParameters["id"] ?? "")")
            failure.headerFields[.wwwAuthenticate] = "Bearer"
            return .reject(ServerCall.response(to: failure, declared: DeclaredFailures(problems: [401]), context: context))
        }
        try await withServer(webSockets: [route]) { server in
            let error = await #expect(throws: ClientError.self) { try await connect(server, path: "/ws/7") { _ in } }
            #expect(error?.code == .upgradeRefused)
            #expect(error?.status == 401)
            #expect(error?.problem?.detail == "no token for 7")
            let unknown = await #expect(throws: ClientError.self) { try await connect(server, path: "/other") { _ in } }
            #expect(unknown?.status == 404)
        }
    }

    @Test func requestFieldsReachTheDecision() async throws {
        let route = WebSocketRoute(path: "/ws", channelID: "fields") { request, _ in
            let token = ServerCall.bearer(in: request) ?? "none"
            return .accept { transport in
                do { try await transport.send([UInt8](token.utf8)) } catch {}
            }
        }
        try await withServer(webSockets: [route]) { server in
            var request = server.request(.get, "/ws?a=1", [.authorization: "Bearer abc"])
            request.head.scheme = "ws"
            let answer = try await WebSocketClient().connect(request) { try await $0.receive() }
            #expect(answer == [UInt8]("abc".utf8))
        }
    }

    @Test func withoutUpgradeTheChannelSaysSo() async throws {
        try await withServer(webSockets: [Self.echo]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /ws HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 426 "))
            }
        }
    }

    // MARK: Protocol

    private func firstFrame(
        _ configuration: WebSocketConfiguration = WebSocketConfiguration(), _ send: @Sendable (RawConnection) async throws -> Void
    ) async throws -> RawConnection.Frame {
        try await withServer(webSockets: [Self.echo], configuration: APIServerConfiguration(webSocket: configuration)) { server in
            try await RawConnection.open(port: server.port) { connection in
                #expect(try await connection.upgrade().hasPrefix("HTTP/1.1 101 "))
                try await send(connection)
                return try await connection.readFrame()
            }
        }
    }

    @Test func pingIsAnsweredWithItsData() async throws {
        let frame = try await firstFrame { try await $0.send(opcode: 0x9, [1, 2, 3]) }
        #expect(frame == .init(opcode: 0xA, isFinal: true, payload: [1, 2, 3]))
    }

    @Test func fragmentsArePutTogetherAroundControlFrames() async throws {
        let text = [UInt8]("grüße".utf8)
        let message = try await withServer(webSockets: [Self.echo]) { server in
            try await RawConnection.open(port: server.port) { connection in
                _ = try await connection.upgrade()
                // Cut in the middle of a character.
                try await connection.send(opcode: 0x1, Array(text[..<3]), isFinal: false)
                try await connection.send(opcode: 0x9, [])
                try await connection.send(opcode: 0x0, [], isFinal: false)
                try await connection.send(opcode: 0x0, Array(text[3...]))
                #expect(try await connection.readFrame().opcode == 0xA)
                return try await connection.readFrame()
            }
        }
        #expect(message == .init(opcode: 0x1, isFinal: true, payload: text))
    }

    @Test func closeIsAnsweredWithItsCode() async throws {
        let frame = try await firstFrame { try await $0.send(opcode: 0x8, [0x03, 0xE9]) }
        #expect(frame.opcode == 0x8)
        #expect(frame.closeCode == 1001)
    }

    @Test func breachesOfTheProtocolCloseWithTheirCode() async throws {
        let small = WebSocketConfiguration(maximumMessageSize: 1_000)
        #expect(try await firstFrame { try await $0.send(opcode: 0x1, [0xFF]) }.closeCode == 1007)
        #expect(try await firstFrame { try await $0.send(opcode: 0x2, [1]) }.closeCode == 1003)
        #expect(try await firstFrame { try await $0.send(opcode: 0x1, [0x61], isMasked: false) }.closeCode == 1002)
        #expect(try await firstFrame { try await $0.send(opcode: 0x0, [0x61]) }.closeCode == 1002)
        #expect(try await firstFrame { try await $0.send(opcode: 0x3, [0x61]) }.closeCode == 1002)
        #expect(try await firstFrame { try await $0.send(opcode: 0x9, [0x61], isFinal: false) }.closeCode == 1002)
        #expect(try await firstFrame { try await $0.send(opcode: 0x8, [0x03]) }.closeCode == 1002)
        #expect(try await firstFrame { try await $0.send(opcode: 0x8, [0x03, 0xED]) }.closeCode == 1002)
        #expect(try await firstFrame(small) { try await $0.send(opcode: 0x1, [UInt8](repeating: 0x61, count: 1_001)) }.closeCode == 1009)
        #expect(try await firstFrame(small) { try await $0.send(opcode: 0x1, [UInt8](repeating: 0x61, count: 900_000)) }.closeCode == 1009)
    }

    @Test func fragmentsOverTheLimitCloseWithMessageTooBig() async throws {
        let small = WebSocketConfiguration(maximumMessageSize: 1_000)
        let frame = try await firstFrame(small) { connection in
            try await connection.send(opcode: 0x1, [UInt8](repeating: 0x61, count: 600), isFinal: false)
            try await connection.send(opcode: 0x0, [UInt8](repeating: 0x61, count: 600))
        }
        #expect(frame.closeCode == 1009)
    }

    @Test func clientLearnsThatItsMessageIsTooBig() async throws {
        let configuration = APIServerConfiguration(webSocket: WebSocketConfiguration(maximumMessageSize: 1_000))
        try await withServer(webSockets: [Self.echo], configuration: configuration) { server in
            try await connect(server) { transport in
                try await transport.send([UInt8](repeating: 0x61, count: 200_000))
                let error = await #expect(throws: WebSocketClosed.self) { try await transport.receive() }
                #expect(error?.code == .messageTooBig)
            }
        }
    }

    // MARK: Heartbeat, shutdown

    @Test func peerThatDoesNotAnswerPingsIsDead() async throws {
        let configuration = WebSocketConfiguration(heartbeatInterval: .milliseconds(50), heartbeatTimeout: .milliseconds(40))
        try await withServer(webSockets: [Self.echo], configuration: APIServerConfiguration(webSocket: configuration)) { server in
            try await RawConnection.open(port: server.port) { connection in
                _ = try await connection.upgrade()
                #expect(try await connection.readFrame().opcode == 0x9)
                _ = await connection.readToEnd()
                #expect(connection.isAtEnd)
            }
        }
    }

    @Test func peerThatAnswersPingsStays() async throws {
        let configuration = WebSocketConfiguration(heartbeatInterval: .milliseconds(20), heartbeatTimeout: .seconds(30))
        try await withServer(webSockets: [Self.echo], configuration: APIServerConfiguration(webSocket: configuration)) { server in
            try await RawConnection.open(port: server.port) { connection in
                _ = try await connection.upgrade()
                for _ in 0..<3 {
                    #expect(try await connection.readFrame().opcode == 0x9)
                    try await connection.send(opcode: 0xA, [])
                }
                try await connection.send(opcode: 0x1, [0x61])
                var frame = try await connection.readFrame()
                while frame.opcode == 0x9 { frame = try await connection.readFrame() }
                #expect(frame.payload == [0x61])
            }
        }
    }

    @Test func shutdownSaysGoingAway() async throws {
        try await withServer(webSockets: [Self.echo]) { server in
            try await RawConnection.open(port: server.port) { connection in
                _ = try await connection.upgrade()
                try await connection.send(opcode: 0x1, [0x61])
                #expect(try await connection.readFrame().payload == [0x61])
                await server.shutDown()
                let frame = try await connection.readFrame()
                #expect(frame.opcode == 0x8)
                #expect(frame.closeCode == 1001)
                try await connection.send(opcode: 0x8, [0x03, 0xE9])
                _ = await connection.readToEnd()
            }
        }
    }

    @Test func slowConsumerHoldsThePeerBackAndLosesNothing() async throws {
        let mayRead = Signal<Void>()
        let route = WebSocketRoute(path: "/ws", channelID: "slow") { _, context in
            .accept { transport in
                await mayRead.wait()
                await MessageConnection<JSONValue, Int64>.serve(transport, context: context) { connection in
                    var count: Int64 = 0
                    for try await _ in connection.incoming {
                        count += 1
                        if count == 40 { try await connection.send(count) }
                    }
                }
            }
        }
        try await withServer(webSockets: [route]) { server in
            try await connect(server) { transport in
                let message = JSONWriter.encode(String(repeating: "a", count: 50_000))
                for number in 0..<40 {
                    // More than what may be read ahead is on its way only once the consumer has begun.
                    if number == 10 { await mayRead.set(()) }
                    try await transport.send(message)
                }
                let answer = try await transport.receive()
                #expect(answer == [UInt8]("40".utf8))
            }
        }
    }
}
