/// Decides whether somebody may do something once more.
public protocol RateLimiter: Sendable {
    /// Whether it decides by itself, without waiting for anything: then nobody needs to watch the time. false by default.
    var isLocal: Bool { get }

    /// Takes from what `key` may still do, in one atomic step; a refused call takes nothing.
    ///
    /// - Parameters:
    ///   - key: Who, and what for: `sign-in:203.0.113.7`. At most 512 bytes.
    ///   - cost: How much is taken; from 1 to the limit's ``RateLimit/requests``.
    /// - Throws: ``RateLimitFailure`` for a key or a cost that is out of range; what the store throws, which the caller's policy has to deal with:
    ///   limits that guard authentication fail closed, others open.
    func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision

    /// Takes all of the charges or none of them, in one atomic step: for whoever is counted in several ways at once.
    ///
    /// - Returns: A decision a charge, in their order. Where one is refused nothing is taken, and the decisions about the others tell how they
    ///   stand without it.
    /// - Throws: As ``take(_:of:under:)``, and ``RateLimitFailure`` for a key that is named twice.
    func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision]

    /// Gives back what was taken, each in an atomic step: an attempt that turned out to be none. Never more than was used; a cost of the limit's
    /// ``RateLimit/requests`` makes the key as new.
    ///
    /// - Throws: As ``take(_:)``.
    func giveBack(_ charges: [RateCharge]) async throws
}

extension RateLimiter {
    public var isLocal: Bool { false }
}

/// One count among several that a request is held against.
public struct RateCharge: Sendable, Equatable {
    /// As in ``RateLimiter/take(_:of:under:)``.
    public let key: String
    public let limit: RateLimit
    /// From 1 to the limit's ``RateLimit/requests``.
    public let cost: Int

    public init(_ key: String, under limit: RateLimit, cost: Int = 1) {
        self.key = key
        self.limit = limit
        self.cost = cost
    }
}

extension [RateLimitDecision] {
    /// Whether no charge was refused, so that all were taken.
    public var areAllowed: Bool { allSatisfy(\.isAllowed) }

    /// How long to wait until none of them would be refused; nil when none was.
    public var retryAfter: Duration? { compactMap(\.retryAfter).max() }
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
    /// One key in two charges that are to be taken at once.
    case keyRepeated
}

extension RateLimit {
    /// Longest key, in bytes.
    public static let maximumKeyLength = 512

    /// As much of a name that others chose as fits into a key beside another and what is ours, 200 bytes: names that are longer and begin alike are one.
    public static func bounded(_ name: String) -> String {
        name.utf8.count <= 200 ? name : String(decoding: name.utf8.prefix(200), as: UTF8.self)
    }

    /// Checks what every limiter refuses.
    public func check(_ cost: Int, _ key: String) throws(RateLimitFailure) {
        guard key.utf8.count <= Self.maximumKeyLength else { throw .keyTooLong }
        guard cost >= 1, cost <= requests else { throw .costOutOfRange }
    }

    /// Checks what every limiter refuses among charges that are to be taken, or given back, at once.
    public static func check(_ charges: [RateCharge]) throws(RateLimitFailure) {
        for charge in charges { try charge.limit.check(charge.cost, charge.key) }
        guard charges.count < 2 || Set(charges.map(\.key)).count == charges.count else { throw .keyRepeated }
    }

    /// The algorithm's one step, in microseconds of any clock.
    ///
    /// - Parameter theoretical: When the key will have used nothing, as far as is known ("theoretical arrival time").
    /// - Returns: What the key has used, and what it would have used after this request.
    public func use(_ cost: Int, theoretical: Int64?, now: Int64) -> (used: Int64, next: Int64) {
        let used = max(0, (theoretical ?? now) - now)
        return (used, used + interval * Int64(cost))
    }

    /// The same with its decision; and the new theoretical arrival time, nil when it stays.
    public func decide(_ cost: Int, theoretical: Int64?, now: Int64) -> (decision: RateLimitDecision, theoretical: Int64?) {
        let (used, next) = use(cost, theoretical: theoretical, now: now)
        let isTaken = allows(next)
        return (decision(used: used, next: next, isTaken: isTaken), isTaken ? now + next : nil)
    }

    /// Whether a key may come to have used so much.
    public func allows(_ next: Int64) -> Bool { next <= interval * Int64(requests) }

    /// What a request is told for which the key's use would grow from `used` to `next`, both in microseconds.
    ///
    /// - Parameter isTaken: Whether it did grow; by itself a request is taken when it is allowed.
    public func decision(used: Int64, next: Int64, isTaken: Bool) -> RateLimitDecision {
        let whole = interval * Int64(requests)
        let use = isTaken ? next : used
        return RateLimitDecision(
            isAllowed: next <= whole, limit: requests, remaining: Int(max(0, whole - use) / interval), reset: .microseconds(use),
            retryAfter: next <= whole ? nil : .microseconds(next - whole))
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
