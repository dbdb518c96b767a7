import APIHummingbird
import APISupport
import APIWebSocket
import ChannelsAPI
import HTTPTypes
import Testing

/// Generated channels of both roles over real sockets.
@Suite("Generated channels over sockets", .serialized, .timeLimit(.minutes(2)))
struct ExchangeSocketTests {
    private struct Market: ChannelHandler {
        typealias Caller = Channels.Market.Caller<Principal, Principal>

        /// Ends when the slow question may be answered.
        let released: AsyncStream<Void>

        func market(
            _ connection: Channels.Market.ServerConnection, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
        ) async throws {
            let confirmed = try await connection.confirm(.init(text: parameters.xTrader))
            try await connection.send(.tick(.init(value: confirmed.yes ? 1 : 0)))
            for try await message in connection.messages() {
                if case .note = message { await connection.close(Channels.Market.CloseCode.closedMarket, reason: "closed") }
            }
        }

        func askPrice(
            _ request: Schemas.QuestionsAsk, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
        ) async throws -> Channels.Market.AskPriceReply {
            if request.item == "slow" { for await _ in released {} }
            return .price(.init(cents: Int64(request.item.count)))
        }

        func placeOrder(
            _ request: Schemas.QuestionsOrder, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
        ) async throws -> Schemas.AnswersRefused { .init(reason: "no") }

        func takeLetters(
            _ request: Channels.Letters.TakeLettersRequest, parameters: Channels.Letters.Parameters, context: CallContext
        ) async throws -> Schemas.LettersReceipt { .init(meta: .init(), body: "thanks") }
    }

    private struct Security: SecurityHandler {
        func token(_ token: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: token) }
        func apiKey(_ key: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: key) }
    }

    private struct Yes: MarketAnswers {
        func confirm(_ request: Schemas.AnswersConfirm) async throws -> Schemas.ConfirmationsConfirmed { .init(yes: request.text == "ann") }
    }

    private func client(_ server: RunningServer, _ configuration: WebSocketConfiguration = WebSocketConfiguration()) -> ChannelClient {
        ChannelClient(
            serverURL: "ws://127.0.0.1:\(server.port)",
            transport: WebSocketClient(configuration: configuration, connectTimeout: .seconds(60)),
            credentials: BearerCredentialProvider(token: "good", scheme: "token"))
    }

    private let slowAnswer = AsyncStream<Void>.makeStream()

    private var routes: [WebSocketRoute] { ChannelServer(handler: Market(released: slowAnswer.stream), security: Security()).routes }

    @Test func requestsAreAnsweredBothWaysAndOutOfOrder() async throws {
        try await withServer(webSockets: routes) { server in
            let closed = await #expect(throws: WebSocketClosed.self) {
                try await client(server).market(.init(place: .north, xTrader: "ann"), answering: Yes()) { connection in
                    async let slow = connection.askPrice(.init(item: "slow", reqid: 7))
                    let fast = try await connection.askPrice(.init(item: "fig", reqid: 8))
                    #expect(fast == .price(.init(cents: 3, reqid: 8)))
                    slowAnswer.continuation.finish()
                    #expect(try await slow == .price(.init(cents: 4, reqid: 7)))
                    try await connection.send(.note(.init(text: "close")))
                    var ticks: [Channels.Market.FromServer] = []
                    for try await case .message(let message) in connection.incoming { ticks.append(message) }
                    #expect(ticks == [.tick(.init(value: 1))])
                }
            }
            #expect(closed.map { Channels.Market.CloseCode($0.code) } == .closedMarket)
        }
    }

    @Test func envelopesAndFrameLimits() async throws {
        var configuration = APIServerConfiguration()
        configuration.webSocket.maximumFrameSize = 256
        try await withServer(webSockets: routes, configuration: configuration) { server in
            let receipt = try await client(server).letters(.init()) { connection in
                try await connection.takeLetters(.letter(.init(meta: .init(attempt: 1), body: .init(text: "hello"))))
            }
            #expect(receipt.body == "thanks" && receipt.meta.traceID?.count == 36)
            let closed = await #expect(throws: WebSocketClosed.self) {
                try await client(server).letters(.init()) { connection in
                    let text = String(repeating: "x", count: 300)
                    _ = try await connection.takeLetters(.letter(.init(meta: .init(attempt: 1), body: .init(text: text))))
                }
            }
            #expect(closed?.code == .messageTooBig)
        }
    }

    @Test func tokenAsSubprotocolIsSelectedAndRead() async throws {
        let use = CredentialUse.apiKey(scheme: "token", in: .header, name: WebSocketSubprotocol.field)
        let route = WebSocketRoute(path: "/ws", channelID: "ws") { request, _ in
            let token = ServerCall.apiKey(WebSocketSubprotocol.field, in: .header, of: request)
            return .accept { transport in
                try? await transport.send([UInt8]((token ?? "none").utf8))
                _ = try? await transport.receive()
            }
        }
        try await withServer(webSockets: [route]) { server in
            let core = ChannelCore(
                serverURL: "ws://127.0.0.1:\(server.port)", transport: WebSocketClient(connectTimeout: .seconds(60)),
                credentials: BearerCredentialProvider(token: "e30.e30.x"))
            let call = ClientCall(operationID: "ws", method: .get, path: "/ws")
            let token = try await core.connect(call, security: [[use]]) { transport in try await transport.receive() }
            #expect(token == [UInt8]("e30.e30.x".utf8))
            let answer = try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: bearer, t\r\n\r\n")
                return try await connection.read(through: "\r\n\r\n")
            }
            #expect(answer.lowercased().contains("sec-websocket-protocol: bearer\r\n"))
        }
    }
}
