import APISupport
import Coordination
import GatewayAPI
import GatewayHandlers
import MemoryInfrastructure
import RuntimeAPI
import Testing

@Suite("Limits of frames", .timeLimit(.minutes(1)))
struct FrameLimitTests {
    private func configuration(_ messages: Int) -> GatewayConfiguration {
        var configuration = GatewayConfiguration(eventRetryDelays: [.zero, .zero])
        configuration.messagesPerMinute = messages
        return configuration
    }

    @Test("Messages beyond the limit are answered by an error frame and not taken; the connection stays, other users do not feel it")
    func messages() async throws {
        let clock = StandingClock()
        let limiter = MemoryRateLimiter(maximumKeys: 1000) { clock.now }
        let gateway = GatewayFixture(configuration: configuration(2), limiter: limiter)
        try await gateway.connect("ses_1") { (socket) async throws in
            for text in ["one", "two", "three"] { socket.say(.userMessage(.init(content: text))) }
            socket.say("nonsense")
            socket.say(.switchAgent(.init(agentType: .coder, content: "four")))
            for _ in 0..<3 {
                let frame = try await socket.next()
                #expect(frame.type == .error && frame.content == "Too many messages: try again in 30 seconds.")
                #expect(frame.error == frame.content)
                #expect(frame.metadata == ["code": "rate_limited", "retry_after": 30])
            }
            for expected in ["one", "two"] { #expect(try await gateway.runtime.posted.next().message.content == expected) }
            clock.advance(by: .seconds(30))
            socket.say(.userMessage(.init(content: "five")))
            #expect(try await gateway.runtime.posted.next().message.content == "five")
            #expect(socket.closed.all.isEmpty && socket.count == 3)
        }
        try await gateway.connect("ses_2") { (second) async throws in
            second.say(.userMessage(.init(content: "on another connection")))
            #expect(try await second.next().metadata?["code"] == "rate_limited")
        }
        try await gateway.connect("ses_bob", token: "bob") { (other) async throws in
            other.say(.userMessage(.init(content: "of bob")))
            #expect(try await gateway.runtime.posted.next().message.content == "of bob")
        }
    }

    @Test("What a turn waits for is never refused, only taken more slowly")
    func answers() async throws {
        // One a 10 milliseconds, after a burst of 6000 that is used up first.
        let limiter = MemoryRateLimiter()
        let configuration = configuration(6000)
        let gateway = GatewayFixture(configuration: configuration, limiter: limiter)
        _ = try limiter.take(6000, of: "gateway:messages:user:alice", under: .init(requests: 6000, per: .seconds(60)))
        try await gateway.connect("ses_1") { (socket) async throws in
            let start = ContinuousClock.now
            for number in 0..<10 { socket.say(.toolResult(.init(callID: "c\(number)", result: 1))) }
            socket.say(.hitlDecision(.init(callID: "d", decision: .approve)))
            socket.say(.planDecision(.init(approvalRequestID: "p", decision: .approve)))
            socket.say(.cancel(.init()))
            for _ in 0..<13 { _ = try await gateway.runtime.posted.next() }
            #expect(ContinuousClock.now - start >= .milliseconds(100))
            #expect(socket.count == 0)
        }
    }

    @Test("While nothing can be counted every frame is taken")
    func storeAway() async throws {
        let gateway = GatewayFixture(configuration: configuration(1), limiter: AwayLimiter(MemoryRateLimiter()))
        try await gateway.connect("ses_1") { (socket) async throws in
            for text in ["one", "two", "three"] { socket.say(.userMessage(.init(content: text))) }
            for expected in ["one", "two", "three"] { #expect(try await gateway.runtime.posted.next().message.content == expected) }
            #expect(socket.count == 0)
        }
    }
}

extension RuntimeAPI.Schemas.SessionMessage {
    /// The text of a user's message.
    fileprivate var content: String? { if case .userMessage(let message) = self { message.content } else { nil } }
}
