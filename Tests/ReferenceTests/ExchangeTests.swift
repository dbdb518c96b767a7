import APISupport
import ChannelsAPI
import HTTPTypes
import Testing

/// Answers what traders ask; the place decides how.
struct MarketHandler: ChannelHandler {
    typealias Caller = Channels.Market.Caller<Principal, Principal>

    /// A question that is to be answered late has come; it is answered once `released` has happened.
    let late = Moment()
    let released = Moment()
    /// A question that is never answered has come.
    let stuck = Moment()

    func market(
        _ connection: Channels.Market.ServerConnection, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
    ) async throws {
        if parameters.place == .south {
            let confirmed = try await connection.confirm(.init(text: parameters.xTrader), timeout: .seconds(5))
            try await connection.send(.tick(.init(value: confirmed.yes ? 1 : 0)))
        }
        for try await message in connection.messages(invalid: .close) {
            guard case .note(let note) = message else { continue }
            switch note.text {
            case "flood": for value in 0..<100 { try await connection.send(.tick(.init(value: Double(value)))) }
            case "close": return await connection.close(Channels.Market.CloseCode.closedMarket)
            // A reply that nobody asked for.
            case "stray": try await connection.send(.refused(.init(reason: "stray", reqid: 4711)))
            default: try await connection.send(.tick(.init(value: Double(parameters.depth))))
            }
        }
    }

    func askPrice(
        _ request: Schemas.QuestionsAsk, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
    ) async throws -> Channels.Market.AskPriceReply {
        switch request.item {
        case "never":
            stuck.happen()
            // Ends with the connection.
            try await Moment().wait()
        case "late":
            late.happen()
            try await released.wait()
        case "nothing": return .refused(.init(reason: "none left"))
        case "invalid": return .price(.init(cents: -1))
        case "broken": throw RequestFailure(.conflict, detail: "broken")
        default: break
        }
        return .price(.init(cents: Int64(request.item.count)))
    }

    func placeOrder(
        _ request: Schemas.QuestionsOrder, parameters: Channels.Market.Parameters, principal: Caller, context: CallContext
    ) async throws -> Schemas.AnswersRefused {
        .init(reason: "\(request.reqid ?? 0)")
    }

    func takeLetters(
        _ request: Channels.Letters.TakeLettersRequest, parameters: Channels.Letters.Parameters, context: CallContext
    ) async throws -> Schemas.LettersReceipt {
        switch request {
        case .letter(let letter): .init(meta: .init(), body: letter.body.text)
        case .parcel(let parcel): .init(meta: .init(), body: "\(parcel.body.grams) g, urgent: \(parcel.meta.urgent ?? false)")
        }
    }
}

struct MarketSecurity: SecurityHandler {
    func token(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard token == "good" else { throw RequestFailure(.unauthenticated) }
        return Principal(subject: "token")
    }

    func apiKey(_ key: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: key) }
}

struct Yes: MarketAnswers {
    func confirm(_ request: Schemas.AnswersConfirm) async throws -> Schemas.ConfirmationsConfirmed { .init(yes: request.text == "ann") }
}

@Suite("Requests and replies", .timeLimit(.minutes(1)))
struct ExchangeTests {
    typealias Connection = Channels.Market.ClientConnection

    let handler = MarketHandler()

    func client(_ credentials: [String: String] = ["token": "good"], limits: ExchangeLimits = ExchangeLimits()) -> ChannelClient {
        let server = ChannelServer(handler: handler, security: MarketSecurity())
        let router = APIRouter(routes: [], webSockets: server.routes)
        var client = ChannelClient(
            serverURL: "ws://localhost", transport: InProcessWebSockets(router: router), credentials: Credentials(values: credentials))
        client.limits = limits
        return client
    }

    func market<R>(
        _ place: Schemas.MarketPlace = .north, limits: ExchangeLimits = ExchangeLimits(), _ body: (Connection) async throws -> R
    ) async throws -> R {
        try await client(limits: limits).market(.init(place: place, xTrader: "ann"), answering: Yes(), body)
    }

    @Test("a reply comes to the request with its correlation id, however they are ordered")
    func matches() async throws {
        let replies = try await market { connection in
            async let late = connection.askPrice(.init(item: "late"))
            try await handler.late.wait()
            let early = try await connection.askPrice(.init(item: "pear"))
            let none = try await connection.askPrice(.init(item: "nothing", reqid: 99))
            handler.released.happen()
            return try await [early, none, late]
        }
        #expect(replies.count == 3)
        #expect(
            replies.first == .price(.init(cents: 4, reqid: replies.first.flatMap { if case .price(let p) = $0 { p.reqid } else { nil } })))
        #expect(replies[1] == .refused(.init(reason: "none left", reqid: 99)))
        if case .price(let late) = replies[2] { #expect(late.cents == 4 && late.reqid != nil) } else { Issue.record("no price") }
    }

    @Test("the correlation id is made up once for each request, as its schema says")
    func makesIDs() async throws {
        let orders = try await market { connection in
            [try await connection.placeOrder(.init(item: "a")), try await connection.placeOrder(.init(item: "b"))]
        }
        #expect(orders.map(\.reason) == ["1", "2"] && orders.map(\.reqid) == [1, 2])
    }

    @Test("no reply in time, and the connection goes on")
    func timesOut() async throws {
        let clock = ManualClock()
        try await market(limits: ExchangeLimits(clock: clock)) { connection in
            async let never = connection.askPrice(.init(item: "never"), timeout: .seconds(30))
            try await handler.stuck.wait()
            await clock.wait(forSleepers: 1)
            clock.advance(by: .seconds(30))
            do {
                _ = try await never
                Issue.record("answered")
            } catch let error as RequestError {
                #expect(error.code == .timedOut && error.operationID == "askPrice")
            }
            let again = try await connection.askPrice(.init(item: "fig", reqid: 5))
            #expect(again == .price(.init(cents: 3, reqid: 5)))
        }
    }

    @Test("a correlation id in use is refused, an invalid reply is an error")
    func refuses() async throws {
        try await market { connection in
            async let first = connection.askPrice(.init(item: "late", reqid: 1))
            try await handler.late.wait()
            let duplicate = await #expect(throws: RequestError.self) { try await connection.askPrice(.init(item: "x", reqid: 1)) }
            #expect(duplicate?.code == .duplicate)
            handler.released.happen()
            _ = try await first
            let invalid = await #expect(throws: RequestError.self) { try await connection.askPrice(.init(item: "invalid")) }
            #expect(invalid?.code == .invalidReply && invalid?.violations.map(\.pointer) == ["/cents"])
        }
    }

    @Test("requests beyond the bound wait for a place")
    func boundsRequests() async throws {
        let clock = ManualClock()
        try await market(limits: ExchangeLimits(requestsInFlight: 1, clock: clock)) { connection in
            async let first = connection.askPrice(.init(item: "late", reqid: 1))
            try await handler.late.wait()
            async let second = connection.askPrice(.init(item: "fig", reqid: 2))
            await clock.wait(forSleepers: 2)
            handler.released.happen()
            _ = try await (first, second)
            let error = await #expect(throws: RequestError.self) {
                async let never = connection.askPrice(.init(item: "never"), timeout: .seconds(60))
                try await handler.stuck.wait()
                async let fig = connection.askPrice(.init(item: "fig"), timeout: .seconds(1))
                await clock.wait(forSleepers: 2)
                clock.advance(by: .seconds(1))
                _ = try await fig
                _ = try await never
            }
            #expect(error?.code == .timedOut)
        }
    }

    @Test("a cancelled request gives its place back")
    func cancels() async throws {
        try await market(limits: ExchangeLimits(requestsInFlight: 1)) { connection in
            let task = Task { try await connection.askPrice(.init(item: "never")) }
            try await handler.stuck.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            _ = try await connection.askPrice(.init(item: "fig"))
        }
    }

    @MainActor private static var received: [Channels.Market.FromServer] = []

    @MainActor private static func receive(_ message: Channels.Market.FromServer) { received.append(message) }

    @Test("the body runs where its caller does: a plain closure on the main actor uses what is on the main actor")
    @MainActor func bodyOnMainActor() async throws {
        var count = 0
        try await client().market(.init(place: .south, xTrader: "ann"), answering: Yes()) { connection in
            for try await case .message(let message) in connection.incoming {
                // Without `await`: this would not compile anywhere else.
                Self.receive(message)
                count += 1
                break
            }
        }
        #expect(Self.received == [.tick(.init(value: 1))] && count == 1)
    }

    @Test("the server asks, the client answers; other messages go past both")
    func serverAsks() async throws {
        let tick = try await market(.south) { connection -> Channels.Market.FromServer? in
            for try await case .message(let message) in connection.incoming { return message }
            return nil
        }
        #expect(tick == .tick(.init(value: 1)))
    }

    @Test("a reply that nobody waits for is a message like others")
    func keepsUnknownReplies() async throws {
        let message = try await market { connection -> Channels.Market.FromServer? in
            try await connection.send(.note(.init(text: "stray")))
            for try await case .message(let message) in connection.incoming { return message }
            return nil
        }
        #expect(message == .refused(.init(reason: "stray", reqid: 4711)))
    }

    @Test("a consumer that is too slow loses its connection")
    func closesSlowConsumers() async throws {
        let closed = await #expect(throws: WebSocketClosed.self) {
            try await market(limits: ExchangeLimits(waitingMessages: 8)) { connection in
                try await connection.send(.note(.init(text: "flood")))
                _ = try await connection.askPrice(.init(item: "never"))
            }
        }
        #expect(closed?.code == .policyViolation)
    }

    @Test("a slow consumer is held back where the limits say so")
    func holdsBack() async throws {
        let count = try await market(limits: ExchangeLimits(waitingMessages: 8, overflow: .holdBack)) { connection in
            try await connection.send(.note(.init(text: "flood")))
            var count = 0
            for try await _ in connection.incoming {
                count += 1
                if count == 100 { break }
            }
            return count
        }
        #expect(count == 100)
    }

    @Test("invalid frames close the connection with 1007; a failed answer with its reason; a declared code is the channel's")
    func closes() async throws {
        for (frame, code) in [
            ("{", WebSocketCloseCode.invalidPayload), (#"{"event":"note"}"#, .invalidPayload),
            (#"{"event":"ask","item":"broken"}"#, .policyViolation),
            (#"{"event":"note","text":"close"}"#, WebSocketCloseCode(rawValue: 4403)),
        ] {
            let router = APIRouter(routes: [], webSockets: ChannelServer(handler: MarketHandler(), security: MarketSecurity()).routes)
            var head = HTTPRequest(method: .get, scheme: "ws", authority: "localhost", path: "/live/market/north?key=k")
            head.headerFields[HTTPField.Name("X-Trader")!] = "ann"
            guard case .accept(let run) = await router.upgrade(for: ServerRequest(head: head)) else {
                Issue.record("rejected")
                return
            }
            let (client, server) = InMemoryMessageTransport.pair()
            async let serving: Void = run(server)
            try await client.send([UInt8](frame.utf8))
            await serving
            #expect(client.closed?.code == code, "\(frame)")
        }
        #expect(Channels.Market.CloseCode(WebSocketCloseCode(rawValue: 4409)) == .code4409)
        #expect(Channels.Market.CloseCode(.normal) == nil)
    }

    @Test("headers travel in the envelope, and pair the reply")
    func carriesHeaders() async throws {
        let receipts = try await client([:]).letters(.init()) { connection in
            let uuid = "01234567-89ab-4def-8123-456789abcdef"
            return [
                try await connection.takeLetters(.letter(.init(meta: .init(traceID: uuid, attempt: 1), body: .init(text: "hello")))),
                try await connection.takeLetters(.parcel(.init(meta: .init(attempt: 2, urgent: true), body: .init(grams: 5)))),
            ]
        }
        #expect(receipts.map(\.body) == ["hello", "5 g, urgent: true"])
        #expect(receipts[0].meta.traceID == "01234567-89ab-4def-8123-456789abcdef")
        #expect(receipts[1].meta.traceID?.count == 36)
    }

    @Test("security, parameters and headers are checked at the upgrade; each alternative of security opens the channel")
    func checksUpgrade() async throws {
        let anonymous = await #expect(throws: ClientError.self) {
            try await client([:]).market(.init(place: .north, xTrader: "x"), answering: Yes()) { _ in }
        }
        #expect(anonymous?.status == 401)
        let wrong = await #expect(throws: ClientError.self) {
            try await client(["apiKey": "k"]).market(.init(place: .north, depth: 11, xTrader: "more than sixteen"), answering: Yes()) { _ in
            }
        }
        #expect(wrong?.status == 400 && wrong?.problem?.errors?.map(\.pointer) == ["query:depth", "header:X-Trader"])
        try await client(["apiKey": "k"]).market(.init(place: .north, xTrader: "x"), answering: Yes()) { _ in }
        let router = APIRouter(routes: [], webSockets: ChannelServer(handler: MarketHandler(), security: MarketSecurity()).routes)
        let head = HTTPRequest(method: .get, scheme: "ws", authority: "localhost", path: "/live/market/west?key=k")
        guard case .reject(let response) = await router.upgrade(for: ServerRequest(head: head)) else {
            Issue.record("accepted")
            return
        }
        #expect(response.head.status == 400)
    }
}
