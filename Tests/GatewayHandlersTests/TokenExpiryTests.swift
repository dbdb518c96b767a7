import APISupport
import GatewayAPI
import GatewayHandlers
import RuntimeAPI
import Testing

@Suite("A token that expires on an open connection", .timeLimit(.minutes(1)))
struct TokenExpiryTests {
    private let clock = ManualClock()
    private let gateway: GatewayFixture
    private var runtime: FakeRuntime { gateway.runtime }

    init() { gateway = GatewayFixture(clock: clock) }

    private func expectEnd(_ socket: FakeSocket) async throws {
        let frame = try await socket.next()
        #expect(frame.type == .error)
        #expect(frame.metadata?["code"] == "token_expired")
        #expect(try await socket.closed.next().code == 4401)
    }

    @Test("Ends the connection at once when no turn runs")
    func idle() async throws {
        try await gateway.connect("ses_1", token: "expiring") { (socket) async throws in
            runtime.emit(.assistantMessage(.init(turnID: "t", content: "before", agent: .ask)))
            runtime.emit(.turnCompleted(.init(turnID: "t")))
            #expect(try await socket.next().content == "before")
            clock.set(GatewayFixture.expiry)
            try await expectEnd(socket)
        }
    }

    @Test(
        "Lets the running turn end, its frames both ways included",
        arguments: [
            RuntimeAPI.Schemas.SessionEvent.turnCompleted(.init(turnID: "t")), .turnCancelled(.init(turnID: "t")),
            .turnFailed(.init(turnID: "t", code: .modelUnavailable, message: "no model", retryable: true)),
        ])
    func turn(end: RuntimeAPI.Schemas.SessionEvent) async throws {
        try await gateway.connect("ses_1", query: "?deltas=true", token: "expiring") { (socket) async throws in
            runtime.emit(.turnStarted(.init(turnID: "t", agent: .ask)))
            _ = try await socket.next()
            clock.set(GatewayFixture.expiry)
            runtime.emit(.textDelta(.init(turnID: "t", text: "still here")))
            #expect(try await socket.next().token == "still here")
            socket.say(.toolResult(.init(callID: "c", result: 1)))
            #expect(try await runtime.posted.next().message == .toolResult(.init(callID: "c", result: 1)))
            runtime.emit(end)
            #expect(try await socket.next().turnID == "t")
            try await expectEnd(socket)
        }
    }

    @Test("Does not wait for ever for a turn")
    func grace() async throws {
        try await gateway.connect("ses_1", query: "?deltas=true", token: "expiring") { (socket) async throws in
            runtime.emit(.turnStarted(.init(turnID: "t", agent: .ask)))
            _ = try await socket.next()
            clock.set(GatewayFixture.expiry.advanced(by: .seconds(899)))
            runtime.emit(.textDelta(.init(turnID: "t", text: "still here")))
            #expect(try await socket.next().token == "still here")
            clock.set(GatewayFixture.expiry.advanced(by: .seconds(900)))
            try await expectEnd(socket)
        }
    }

    @Test("The system's clock does not wait for what is past, and its wait can be cancelled")
    func systemClock() async throws {
        try await SystemGatewayClock().wait(until: Timestamp(secondsSinceEpoch: 0))
        let waiting = Task { try await SystemGatewayClock().wait(until: GatewayFixture.expiry) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
