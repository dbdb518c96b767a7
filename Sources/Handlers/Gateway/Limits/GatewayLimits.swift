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
        let metrics: RateLimitMetrics
    }

    let calls: Policy
    let connections: Policy
    let messages: Policy
    let unauthenticated: Policy
    private let limiter: GuardedRateLimiter
    private let logger: Logger

    init(_ configuration: GatewayConfiguration, limiter: any RateLimiter, logger: Logger) {
        func policy(_ name: String, _ count: Int) -> Policy {
            Policy(
                name: name, limit: count > 0 ? RateLimit(requests: count, per: .seconds(60)) : nil,
                metrics: RateLimitMetrics(limit: name))
        }
        calls = policy("calls", configuration.callsPerMinute)
        connections = policy("connections", configuration.connectionsPerMinute)
        messages = policy("messages", configuration.messagesPerMinute)
        unauthenticated = policy("unauthenticated", configuration.unauthenticatedCallsPerMinute)
        self.limiter = GuardedRateLimiter(limiter, of: "gateway", policy: .open) { change in
            switch change {
            case .away(let cause): logger.error("Limits cannot be counted, so everything is allowed", metadata: ["cause": "\(cause)"])
            case .back: logger.notice("Limits are counted again")
            }
        }
        self.logger = logger
    }

    /// Counts one more of what `policy` limits; where there is no valid token, the call itself.
    ///
    /// - Returns: nil when nothing is limited, or cannot be counted, or when the caller is gone.
    func take(_ policy: Policy, of caller: Caller) async -> Allowance? {
        let policy = if case .unauthenticated = caller { unauthenticated } else { policy }
        guard let limit = policy.limit, let name = caller.name(of: policy.name) else { return nil }
        do {
            let decision = try await limiter.take(1, of: name, under: limit)
            policy.metrics.record(isAllowed: decision?.isAllowed)
            return decision.map { Allowance(name: policy.name, limit: limit, decision: $0) }
        } catch {
            if !Task.isCancelled {
                logger.error("A limit cannot be asked for", metadata: ["limit": "\(policy.name)", "cause": "\(error)"])
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
