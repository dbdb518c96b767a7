/// Decides whether somebody may do something once more.
public protocol RateLimiter: Sendable {
    /// Takes from what `key` may still do, in one atomic step; a refused call takes nothing.
    ///
    /// - Parameters:
    ///   - key: Who, and what for: `sign-in:203.0.113.7`. At most 512 bytes.
    ///   - cost: How much is taken; from 1 to the limit's ``RateLimit/requests``.
    /// - Throws: ``RateLimitFailure`` for a key or a cost that is out of range; what the store throws, which the caller's policy has to deal with:
    ///   limits that guard authentication fail closed, others open.
    func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision
}

/// So many requests in such a time.
///
/// The generic cell rate algorithm (ITU-T I.371): all of `requests` may come at once, and from then on one each `period / requests`.
public struct RateLimit: Sendable, Equatable {
    /// At least 1.
    public let requests: Int
    /// At least a millisecond, at most a year, and at least a microsecond a request.
    public let period: Duration

    public init(requests: Int, per period: Duration) {
        let period = min(max(period, .milliseconds(1)), .seconds(365 * 86_400))
        self.requests = max(1, min(requests, Int(clamping: period.microseconds)))
        self.period = period
    }

    /// Microseconds after which one more request may come.
    public var interval: Int64 { period.microseconds / Int64(requests) }
}

/// What became of a request, as the fields `RateLimit` and `Retry-After` tell it (IETF draft-ietf-httpapi-ratelimit-headers; RFC 9110 §10.2.3).
public struct RateLimitDecision: Sendable, Equatable {
    public let isAllowed: Bool
    /// ``RateLimit/requests``.
    public let limit: Int
    /// Requests that may still come at once.
    public let remaining: Int
    /// Until all of them may come at once again.
    public let reset: Duration
    /// How long to wait before the same request is allowed; nil when it was.
    public let retryAfter: Duration?

    public init(isAllowed: Bool, limit: Int, remaining: Int, reset: Duration, retryAfter: Duration?) {
        self.isAllowed = isAllowed
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
        self.retryAfter = retryAfter
    }
}

/// The limiter was asked what it cannot answer.
public enum RateLimitFailure: Error, Sendable, Equatable {
    /// Longer than 512 bytes.
    case keyTooLong
    /// Less than 1, or more than the limit has in all.
    case costOutOfRange
}

extension RateLimit {
    /// Longest key, in bytes.
    public static let maximumKeyLength = 512

    /// Checks what every limiter refuses.
    public func check(_ cost: Int, _ key: String) throws(RateLimitFailure) {
        guard key.utf8.count <= Self.maximumKeyLength else { throw .keyTooLong }
        guard cost >= 1, cost <= requests else { throw .costOutOfRange }
    }

    /// The algorithm's one step, in microseconds of any clock.
    ///
    /// - Parameter theoretical: When the key will have used nothing, as far as is known ("theoretical arrival time").
    /// - Returns: The decision; and the new theoretical arrival time, nil when it stays.
    public func decide(_ cost: Int, theoretical: Int64?, now: Int64) -> (decision: RateLimitDecision, theoretical: Int64?) {
        let used = max(0, (theoretical ?? now) - now)
        let next = used + interval * Int64(cost)
        let decision = decision(used: used, next: next)
        return (decision, decision.isAllowed ? now + next : nil)
    }

    /// What a request is told for which the key's use would grow from `used` to `next`, both in microseconds.
    public func decision(used: Int64, next: Int64) -> RateLimitDecision {
        let whole = interval * Int64(requests)
        let isAllowed = next <= whole
        let use = isAllowed ? next : used
        return RateLimitDecision(
            isAllowed: isAllowed, limit: requests, remaining: Int(max(0, whole - use) / interval), reset: .microseconds(use),
            retryAfter: isAllowed ? nil : .microseconds(next - whole))
    }
}

extension Duration {
    /// Whole microseconds; finer digits are cut off.
    public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : microseconds + attoseconds / 1_000_000_000_000
    }
}
