import APISupport
import Coordination
import HTTPTypes
import LLMProxyAPI
import LLMProxyHandlers
import MemoryInfrastructure
import ScenarioFiles
import Synchronization
import Testing

@Suite("Limits of completions")
struct CompletionLimitTests {
    private let now = Now()

    private func proxy(_ limiter: any RateLimiter, perMinute: Int = 2) throws -> ProxyFixture {
        var configuration = LLMProxyConfiguration()
        configuration.completionsPerMinute = perMinute
        let book = try ScenarioBook(yaml: "version: 1\nmodels: [scripted]\ndefault: {text: 'Understood.'}\n", file: "test.yaml")
        return try ProxyFixture(ScriptedProvider(book), configuration: configuration, limiter: limiter)
    }

    private func limiter() -> MemoryRateLimiter { MemoryRateLimiter(maximumKeys: 1000) { [now] in now.microseconds } }

    private func complete(_ proxy: ProxyFixture, for user: String, token: String = "good", stream: Bool = false) async throws -> Answer {
        let body = userMessage("x", stream: stream, more: #","user":"\#(user)""#)
        return try await proxy.send(.post, "/v1/chat/completions", token: token, body)
    }

    @Test("A user's completions may come at once until there are too many; other users and clients do not feel it, and time heals")
    func users() async throws {
        let proxy = try proxy(limiter())
        let first = try await complete(proxy, for: "ada")
        #expect(first.status == 200 && first.field("x-ratelimit-limit-requests") == "2")
        #expect(first.field("x-ratelimit-remaining-requests") == "1" && first.field("x-ratelimit-reset-requests") == "30s")
        let second = try await complete(proxy, for: "ada", stream: true)
        #expect(second.status == 200 && second.field("x-ratelimit-remaining-requests") == "0")
        #expect(second.field("x-ratelimit-reset-requests") == "1m0s" && second.events.last == "[DONE]")
        let refusal = try await complete(proxy, for: "ada")
        #expect(refusal.status == 429 && refusal.field("Retry-After") == "30")
        #expect(refusal.field("x-ratelimit-limit-requests") == "2" && refusal.field("x-ratelimit-remaining-requests") == "0")
        let error = try refusal.error
        #expect(error.type == "rate_limit_error" && error.code == "rate_limit_exceeded")
        #expect(error.message == "Too many completions for this user: try again in 30s.")
        #expect(try await complete(proxy, for: "grace").status == 200)
        #expect(try await complete(proxy, for: "ada", token: "other").status == 200)
        now.advance(by: .seconds(30))
        #expect(try await complete(proxy, for: "ada").status == 200)
        #expect(try await complete(proxy, for: "ada").status == 429)
    }

    @Test("A user's name of any length is counted")
    func longNames() async throws {
        let proxy = try proxy(limiter())
        let name = String(repeating: "\u{1F600}", count: 256)
        for expected in [200, 200, 429] { #expect(try await complete(proxy, for: name).status == expected) }
    }

    @Test("Two replicas with one limiter count together; without a limit nothing is counted")
    func replicas() async throws {
        let limiter = limiter()
        let replicas = [try proxy(limiter), try proxy(limiter)]
        for (turn, expected) in [200, 200, 429, 429].enumerated() {
            #expect(try await complete(replicas[turn % 2], for: "ada").status == expected)
        }
        let open = try proxy(limiter, perMinute: 0)
        let answer = try await complete(open, for: "ada")
        #expect(answer.status == 200 && answer.field("x-ratelimit-limit-requests") == nil)
    }

    @Test("While nothing can be counted everything is allowed")
    func storeAway() async throws {
        let proxy = try proxy(AwayLimiter())
        for _ in 0..<5 {
            let answer = try await complete(proxy, for: "ada")
            #expect(answer.status == 200 && answer.field("x-ratelimit-limit-requests") == nil)
        }
    }
}

/// A clock that stands until it is moved.
private final class Now: Sendable {
    private let time = Atomic<Int64>(1_764_000_000_000_000)

    var microseconds: Int64 { time.load(ordering: .sequentiallyConsistent) }

    func advance(by duration: Duration) { time.add(duration.microseconds, ordering: .sequentiallyConsistent) }
}

/// A limiter whose store is away.
private struct AwayLimiter: RateLimiter {
    struct StoreAway: Error {}

    func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision { throw StoreAway() }

    func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision] { throw StoreAway() }

    func giveBack(_ charges: [RateCharge]) async throws { throw StoreAway() }
}

extension Answer {
    fileprivate func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }
}
