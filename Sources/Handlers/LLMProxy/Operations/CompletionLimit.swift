import APISupport
import Coordination
import LLMProxyAPI
import Logging

/// How many completions the users of each client may ask for, each user by itself, counted where all replicas share it. While nothing can be
/// counted everything is allowed.
struct CompletionLimit: Sendable {
    private let limiter: GuardedRateLimiter
    /// nil: there is none.
    private let limit: RateLimit?
    private let metrics = RateLimitMetrics(limit: "completions")

    /// - Parameter perMinute: 0: no limit.
    init(perMinute: Int, limiter: any RateLimiter, logger: Logger) {
        limit = perMinute > 0 ? RateLimit(requests: perMinute, per: .seconds(60)) : nil
        self.limiter = GuardedRateLimiter(limiter, of: "llm-proxy", policy: .open) { change in
            switch change {
            case .away(let cause): logger.error("Completions cannot be counted, so all are allowed", metadata: ["cause": "\(cause)"])
            case .back: logger.notice("Completions are counted again")
            }
        }
    }

    /// Counts a completion.
    ///
    /// - Parameters:
    ///   - client: Who calls; services call for all of their users.
    ///   - user: For whom, as the client says.
    /// - Returns: nil when nothing is limited, or cannot be counted.
    /// - Throws: `CancellationError`.
    func take(client: String, user: String?) async throws -> RateLimitDecision? {
        guard let limit else { return nil }
        // The length of the client's name keeps a user of one client from being mistaken for one of another.
        let client = RateLimit.bounded(client)
        let key = "llm:\(client.utf8.count):\(client):\(RateLimit.bounded(user ?? ""))"
        let decision = try await limiter.take(1, of: key, under: limit)
        metrics.record(isAllowed: decision?.isAllowed)
        return decision
    }
}

extension Operations.CreateChatCompletion.Output {
    /// The answer to a completion that is one too many.
    init(refused decision: RateLimitDecision) {
        let wait = decision.retryAfterSeconds ?? 1
        let body = Schemas.ErrorResponse(
            message: "Too many completions for this user: try again in \(decision.retryAfter?.goText ?? "1s").", type: "rate_limit_error",
            code: "rate_limit_exceeded")
        self = .tooManyRequests(
            .init(
                retryAfter: wait, xRatelimitLimitRequests: Int64(decision.limit),
                xRatelimitRemainingRequests: Int64(decision.remaining), xRatelimitResetRequests: decision.reset.goText, body: body))
    }
}

extension Operations.CreateChatCompletion.Ok {
    /// A completion, with what its user has left.
    init(_ body: Operations.CreateChatCompletion.OkBody, _ decision: RateLimitDecision?) {
        self.init(
            xRatelimitLimitRequests: decision.map { Int64($0.limit) }, xRatelimitRemainingRequests: decision.map { Int64($0.remaining) },
            xRatelimitResetRequests: decision?.reset.goText, body: body)
    }
}

extension Duration {
    /// As OpenAI's header fields tell a duration, rounded up: `120ms`, `1s`, `6m0s`.
    var goText: String {
        let milliseconds = (microseconds + 999) / 1000
        guard milliseconds >= 1000 else { return "\(max(0, milliseconds))ms" }
        let seconds = (milliseconds + 999) / 1000
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}
