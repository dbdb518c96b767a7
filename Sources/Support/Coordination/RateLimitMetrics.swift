internal import Metrics

/// What one limit decided, counted, all of it at 0 from the start on.
public struct RateLimitMetrics: Sendable {
    private let allowed: Counter
    private let refused: Counter
    private let uncounted: Counter

    /// - Parameter limit: Its name, as operators know it; never who is limited.
    public init(limit: String) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: "codelab_rate_limit_decisions_total", dimensions: [("limit", limit), ("outcome", outcome)])
        }
        allowed = counter("allowed")
        refused = counter("refused")
        uncounted = counter("uncounted")
    }

    /// - Parameter isAllowed: nil: nothing could be counted, and the policy decided.
    public func record(isAllowed: Bool?) {
        switch isAllowed {
        case true?: allowed.increment()
        case false?: refused.increment()
        case nil: uncounted.increment()
        }
    }
}
