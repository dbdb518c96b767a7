import APISupport
import Coordination
import GatewayHandlers
import HTTPTypes
import InMemoryLogging
import Logging
import MemoryInfrastructure
import RedisClient
import RedisInfrastructure
import TestServers
import Testing

@Suite("Limits of calls", .timeLimit(.minutes(1)))
struct CallLimitTests {
    private let clock = StandingClock()

    private func configuration(_ change: (inout GatewayConfiguration) -> Void = { _ in }) -> GatewayConfiguration {
        var configuration = GatewayConfiguration(eventRetryDelays: [.zero, .zero])
        configuration.callsPerMinute = 3
        configuration.unauthenticatedCallsPerMinute = 2
        change(&configuration)
        return configuration
    }

    private func gateway(_ change: (inout GatewayConfiguration) -> Void = { _ in }) -> GatewayFixture {
        GatewayFixture(configuration: configuration(change), limiter: MemoryRateLimiter(maximumKeys: 1000) { [clock] in clock.now })
    }

    @Test("A user's calls may come at once until there are too many; others do not feel it, and time heals")
    func users() async throws {
        let gateway = gateway()
        for remaining in [2, 1, 0] {
            let answer = try await gateway.send(.get, "/sessions")
            #expect(answer.status == 200)
            #expect(answer.field("RateLimit-Policy") == #""calls";q=3;w=60"#)
            #expect(answer.field("RateLimit") == #""calls";r=\#(remaining);t=20"#)
            #expect(answer.field("Retry-After") == nil)
        }
        for (method, path, body) in [
            (HTTPRequest.Method.get, "/agents", nil), (.delete, "/sessions/ses_1", nil), (.post, "/sessions", "{}"),
        ] {
            let refusal = try await gateway.send(method, path, body)
            #expect(refusal.status == 429)
            #expect(refusal.field("Content-Type") == "application/problem+json")
            #expect(refusal.field("Retry-After") == "20")
            #expect(refusal.field("RateLimit-Policy") == #""calls";q=3;w=60"#)
            #expect(refusal.field("RateLimit") == #""calls";r=0;t=20"#)
            let problem = try refusal.problem
            #expect(problem.type == "urn:codelab:problem:too-many-requests" && problem.status == 429)
            #expect(problem.detail == "Too many calls; try again in 20 seconds.")
            #expect(problem.requestID == refusal.field("X-Request-ID"))
        }
        #expect(gateway.runtime.owner(of: "ses_1") == "alice", "a refused call does nothing")
        #expect(try await gateway.send(.get, "/sessions", token: "bob").status == 200)
        clock.advance(by: .seconds(20))
        #expect(try await gateway.send(.get, "/sessions").status == 200)
        #expect(try await gateway.send(.get, "/sessions").status == 429)
        clock.advance(by: .seconds(3600))
        for _ in 0..<3 { #expect(try await gateway.send(.get, "/sessions").status == 200) }
    }

    @Test("What is left is told with errors too; a token that lacks a scope is its user's")
    func errors() async throws {
        let gateway = gateway()
        #expect(try await gateway.send(.get, "/sessions/none").field("RateLimit") == #""calls";r=2;t=20"#)
        #expect(try await gateway.send(.get, "/sessions?limit=0").field("RateLimit") == #""calls";r=1;t=20"#)
        let forbidden = try await gateway.send(.post, "/sessions", token: "reader", "{}")
        #expect(forbidden.status == 403 && forbidden.field("RateLimit") == #""calls";r=0;t=20"#)
        #expect(try await gateway.send(.get, "/sessions").status == 429)
    }

    @Test("Calls without a valid token count for their address, and only for it")
    func addresses() async throws {
        let gateway = gateway()
        #expect(try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.1").status == 401)
        let second = try await gateway.send(.get, "/sessions", token: "expired", from: "192.0.2.1")
        #expect(second.status == 401 && second.field("RateLimit") == #""unauthenticated";r=0;t=30"#)
        #expect(second.field("WWW-Authenticate")?.contains("invalid_token") == true)
        let refusal = try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.1")
        #expect(refusal.status == 429 && refusal.field("RateLimit-Policy") == #""unauthenticated";q=2;w=60"#)
        #expect(try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.2").status == 401)
        #expect(try await gateway.send(.get, "/sessions", from: "192.0.2.1").status == 200, "who has a token is somebody else")
        for _ in 0..<9 { #expect(try await gateway.send(.get, "/health", token: nil, from: "192.0.2.1").status == 200) }
        await #expect(throws: UpgradeRefused(status: 429, retryAfter: "30")) {
            try await gateway.connect("ses_1", token: nil, from: "192.0.2.1") { _ in }
        }
    }

    @Test("Behind a proxy the address is the one that it saw; without one the header is the client's invention")
    func proxies() async throws {
        let gateway = gateway { $0.trustedProxies = 1 }
        func status(_ forwardedFor: String) async throws -> Int {
            try await gateway.send(.get, "/sessions", token: nil, from: "10.0.0.1", forwardedFor: forwardedFor).status
        }
        for _ in 0..<2 { #expect(try await status("6.6.6.6, 192.0.2.1") == 401) }
        #expect(try await status("7.7.7.7, 192.0.2.1") == 429)
        #expect(try await status("192.0.2.1, 192.0.2.2") == 401)
        let open = self.gateway()
        for (count, address) in ["1.1.1.1", "2.2.2.2", "3.3.3.3"].enumerated() {
            let answer = try await open.send(.get, "/sessions", token: nil, from: "10.0.0.1", forwardedFor: address)
            #expect(answer.status == (count < 2 ? 401 : 429))
        }
    }

    @Test("Anonymous users are one user, but do not share a limit")
    func anonymous() async throws {
        let gateway = gateway { $0.allowsAnonymous = true }
        for _ in 0..<3 { #expect(try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.1").status == 200) }
        #expect(try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.1").status == 429)
        #expect(try await gateway.send(.get, "/sessions", token: nil, from: "192.0.2.2").status == 200)
    }

    @Test("Connections of a user are limited before they are made")
    func connections() async throws {
        let gateway = gateway { $0.connectionsPerMinute = 2 }
        for _ in 0..<2 { try await gateway.connect("ses_1") { _ in } }
        await #expect(throws: UpgradeRefused(status: 429, retryAfter: "30")) { try await gateway.connect("ses_1") { _ in } }
        try await gateway.connect("ses_bob", token: "bob") { _ in }
        clock.advance(by: .seconds(30))
        try await gateway.connect("ses_1") { _ in }
    }

    @Test("Without a limit nothing is counted and nothing is told")
    func off() async throws {
        let gateway = gateway {
            $0.callsPerMinute = 0
            $0.unauthenticatedCallsPerMinute = 0
        }
        for _ in 0..<9 {
            let answer = try await gateway.send(.get, "/sessions")
            #expect(answer.status == 200 && answer.field("RateLimit") == nil && answer.field("RateLimit-Policy") == nil)
            #expect(try await gateway.send(.get, "/sessions", token: nil).status == 401)
        }
    }

    @Test("While nothing can be counted everything is allowed, and the log says so once")
    func storeAway() async throws {
        let log = InMemoryLogHandler()
        let limiter = AwayLimiter(MemoryRateLimiter(maximumKeys: 1000) { [clock] in clock.now })
        let gateway = GatewayFixture(configuration: configuration(), limiter: limiter, logger: Logger(label: "test") { _ in log })
        for _ in 0..<9 {
            let answer = try await gateway.send(.get, "/sessions")
            #expect(answer.status == 200 && answer.field("RateLimit") == nil)
            #expect(try await gateway.send(.get, "/sessions", token: nil).status == 401)
        }
        #expect(log.entries.map(\.message) == ["Limits cannot be counted, so everything is allowed"])
        limiter.comeBack()
        // One caller a second asks whether it is back; that one is counted.
        try await Deadline.wait("calls to be counted again") { try await gateway.send(.get, "/sessions").field("RateLimit") != nil }
        for _ in 0..<2 { #expect(try await gateway.send(.get, "/sessions").status == 200) }
        #expect(try await gateway.send(.get, "/sessions").status == 429)
        limiter.leave()
        for _ in 0..<3 { #expect(try await gateway.send(.get, "/sessions").status == 200) }
        #expect(
            log.entries.map(\.message) == [
                "Limits cannot be counted, so everything is allowed", "Limits are counted again",
                "Limits cannot be counted, so everything is allowed",
            ])
    }

    @Test("Two replicas with one limiter count together")
    func replicas() async throws {
        try await countsTogether(MemoryRateLimiter(maximumKeys: 1000) { [clock] in clock.now })
    }

    @Test("So they do on Redis")
    func replicasOnRedis() async throws {
        let server = try await RedisServer()
        do {
            try await RedisClient.withClient(try RedisConfiguration(url: server.url)) { client in
                try await countsTogether(RedisRateLimiter(client) { [clock] in clock.now })
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    private func countsTogether(_ limiter: any RateLimiter) async throws {
        let replicas = [
            GatewayFixture(configuration: configuration(), limiter: limiter), .init(configuration: configuration(), limiter: limiter),
        ]
        var statuses: [Int] = []
        for turn in 0..<4 { statuses.append(try await replicas[turn % 2].send(.get, "/sessions").status) }
        #expect(statuses == [200, 200, 200, 429])
        #expect(try await replicas[0].send(.get, "/sessions", token: "bob").field("RateLimit") == #""calls";r=2;t=20"#)
        #expect(try await replicas[1].send(.get, "/sessions", token: "bob").field("RateLimit") == #""calls";r=1;t=20"#)
    }
}

extension Answer {
    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }
}
