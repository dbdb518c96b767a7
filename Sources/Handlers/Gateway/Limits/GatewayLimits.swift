import APISupport
import Coordination
import HTTPTypes
import Logging

/// How much users may ask of the gateway, each by itself, counted where all replicas share it. While the counts cannot be had everything is
/// allowed: who is signed in should be able to work.
struct GatewayLimits: Sendable {
    /// A limit by the name that callers are told.
    struct Policy: Sendable {
        let name: String
        /// nil: there is none.
        let limit: RateLimit?
    }

    let calls: Policy
    let connections: Policy
    let messages: Policy
    let unauthenticated: Policy
    private let limiter: any RateLimiter
    private let logger: Logger
    private let outage = Outage()

    init(_ configuration: GatewayConfiguration, limiter: any RateLimiter, logger: Logger) {
        func policy(_ name: String, _ count: Int) -> Policy {
            Policy(name: name, limit: count > 0 ? RateLimit(requests: count, per: .seconds(60)) : nil)
        }
        calls = policy("calls", configuration.callsPerMinute)
        connections = policy("connections", configuration.connectionsPerMinute)
        messages = policy("messages", configuration.messagesPerMinute)
        unauthenticated = policy("unauthenticated", configuration.unauthenticatedCallsPerMinute)
        // Answers in bounded time. That it cannot is told from a decision, so that callers are told nothing of what was not counted.
        self.limiter = GuardedRateLimiter(limiter, policy: .closed) { _, _ in }
        self.logger = logger
    }

    /// Counts one more of what `policy` limits; where there is no valid token, the call itself.
    ///
    /// - Returns: nil when nothing is limited, or cannot be counted.
    func take(_ policy: Policy, of caller: Caller) async -> Allowance? {
        let policy = if case .unauthenticated = caller { unauthenticated } else { policy }
        guard let limit = policy.limit, let name = caller.name(of: policy.name) else { return nil }
        do {
            let decision = try await limiter.take(1, of: name, under: limit)
            if outage.ends() { logger.notice("Limits are counted again") }
            return Allowance(name: policy.name, limit: limit, decision: decision)
        } catch {
            if !Task.isCancelled, outage.begins() {
                logger.error("Limits cannot be counted, so everything is allowed", metadata: ["cause": "\(error)"])
            }
            return nil
        }
    }
}

/// What a caller is told of a limit.
struct Allowance: Sendable {
    let name: String
    let limit: RateLimit
    let decision: RateLimitDecision

    var isRefused: Bool { !decision.isAllowed }

    /// At least one.
    var retryAfter: Int64 { decision.retryAfterSeconds ?? 1 }

    /// `1 second`.
    var wait: String { retryAfter == 1 ? "1 second" : "\(retryAfter) seconds" }

    /// `RateLimit-Policy` and `RateLimit`; with `Retry-After` for a refusal.
    var fields: HTTPFields {
        var fields = HTTPFields()
        if let policy = HTTPField.Name("RateLimit-Policy"), let limit = HTTPField.Name("RateLimit") {
            fields[policy] = self.limit.policy(named: name)
            fields[limit] = self.limit.serviceLimit(named: name, decision)
        }
        if isRefused { fields[.retryAfter] = String(retryAfter) }
        return fields
    }
}
