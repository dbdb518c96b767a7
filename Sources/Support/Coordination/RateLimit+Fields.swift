/// Limits as the header fields `RateLimit-Policy` and `RateLimit` tell them: items of a structured field (RFC 9651) as of
/// draft-ietf-httpapi-ratelimit-headers-11. The items of several limits are joined with commas.
extension RateLimit {
    /// An item of `RateLimit-Policy`, such as `"user";q=600;w=60` (section 3.1).
    ///
    /// - Parameter name: What the policy is called.
    public func policy(named name: String) -> String { "\(Self.text(name));q=\(requests);w=\(period.wholeSeconds)" }

    /// An item of `RateLimit`, such as `"user";r=599;t=1` (section 4.1).
    ///
    /// `t` is the time until more than `r` may come: a full burst is back later than that.
    public func serviceLimit(named name: String, _ decision: RateLimitDecision) -> String {
        let untilNext = decision.reset.microseconds - interval * Int64(requests - decision.remaining - 1)
        return "\(Self.text(name));r=\(decision.remaining);t=\(Duration.microseconds(untilNext).wholeSeconds)"
    }

    /// A string of RFC 9651 section 3.3.3: what it cannot hold is left out.
    private static func text(_ value: String) -> String {
        let characters = value.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }
        return "\"" + characters.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }
}

extension RateLimitDecision {
    /// `Retry-After` (RFC 9110 section 10.2.3): whole seconds after which the same request is allowed; nil when it was.
    public var retryAfterSeconds: Int64? { retryAfter?.wholeSeconds }
}

extension Duration {
    /// Rounded up, at least one: who waits that long has waited enough.
    public var wholeSeconds: Int64 { max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)) }
}
