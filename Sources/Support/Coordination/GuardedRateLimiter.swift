internal import Metrics

/// What becomes of a request when the limiter cannot say whether it is allowed.
public enum RateLimitPolicy: Sendable, Equatable {
    /// It fails with ``RateLimitUnavailable``: for limits that guard authentication, since guessing must not become free.
    case closed
    /// It is allowed, and nothing is told of what it may still do: for everything else, since an outage of the store is not to become one of the
    /// service.
    case open
}

/// A limiter could not say whether a request is allowed, and the policy is ``RateLimitPolicy/closed``. For HTTP this is 503 with Retry-After.
public struct RateLimitUnavailable: Error, Sendable {
    public let cause: any Error

    public init(cause: any Error) { self.cause = cause }
}

/// The store did not decide in time.
public struct RateLimitTimeout: Error, Sendable, Equatable {
    public init() {}
}

/// A limiter whose store may be away: it answers in bounded time, by a stated policy, and tells of an outage once.
///
/// ``RateLimitFailure`` and the caller's own cancellation are passed on. Everything else that the limiter throws, and its silence, is an outage.
public struct GuardedRateLimiter: Sendable {
    /// What has become of the store.
    public enum Change: Sendable {
        /// It fails, or is silent; until it is ``back`` the policy decides.
        case away(cause: any Error)
        case back
    }

    private let limiter: any RateLimiter
    private let policy: RateLimitPolicy
    private let deadline: Duration
    private let report: @Sendable (Change) -> Void
    private let outage: Outage
    /// 1 while the store is away.
    private let away: Meter

    /// - Parameters:
    ///   - limiter: Must end soon after its task has been cancelled.
    ///   - owner: Whose limits these are, for the metrics: a service.
    ///   - deadline: How long a decision may take.
    ///   - pause: While the store is away, one caller asks it each time that so much time has passed; the policy answers the others at once.
    ///   - report: Called at the beginning and at the end of an outage: to log it. Must not wait.
    public init(
        _ limiter: any RateLimiter, of owner: String, policy: RateLimitPolicy, deadline: Duration = .milliseconds(500),
        pause: Duration = .seconds(1),
        report: @escaping @Sendable (Change) -> Void
    ) {
        self.limiter = limiter
        self.policy = policy
        self.deadline = deadline
        self.report = report
        outage = Outage(pause: pause)
        away = Meter(label: "codelab_rate_limit_store_away", dimensions: [("limits", owner)])
        away.set(0)
    }

    /// ``RateLimiter/take(_:of:under:)``.
    ///
    /// - Returns: nil when it is allowed because nothing can be counted.
    public func take(_ cost: Int, of key: String, under limit: RateLimit) async throws -> RateLimitDecision? {
        try await guarded { try await $0.take(cost, of: key, under: limit) }
    }

    /// ``RateLimiter/take(_:)``.
    ///
    /// - Returns: nil when it is allowed because nothing can be counted.
    public func take(_ charges: [RateCharge]) async throws -> [RateLimitDecision]? {
        try await guarded { try await $0.take(charges) }
    }

    /// ``RateLimiter/giveBack(_:)``. While nothing can be counted, the open policy has nothing to give back.
    public func giveBack(_ charges: [RateCharge]) async throws {
        _ = try await guarded { try await $0.giveBack(charges) }
    }

    /// What the limiter answers; nil where it does not and the policy is open.
    private func guarded<Answer: Sendable>(
        _ ask: @escaping @Sendable (any RateLimiter) async throws -> Answer
    ) async throws -> Answer? {
        if let cause = outage.reasonNotToAsk() { return try uncounted(because: cause) }
        do {
            let answer = try await inTime(ask)
            if outage.ends() {
                away.set(0)
                report(.back)
            }
            return answer
        } catch let failure as RateLimitFailure {
            throw failure
        } catch {
            // The caller is gone: nobody asks any more.
            try Task.checkCancellation()
            if outage.begins(because: error) {
                away.set(1)
                report(.away(cause: error))
            }
            return try uncounted(because: error)
        }
    }

    private func uncounted<Answer>(because cause: any Error) throws(RateLimitUnavailable) -> Answer? {
        switch policy {
        case .closed: throw RateLimitUnavailable(cause: cause)
        case .open: return nil
        }
    }

    private func inTime<Answer: Sendable>(_ ask: @escaping @Sendable (any RateLimiter) async throws -> Answer) async throws -> Answer {
        if limiter.isLocal { return try await ask(limiter) }
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { [limiter] in try await ask(limiter) }
            group.addTask { [deadline] in
                try await Task.sleep(for: deadline)
                throw RateLimitTimeout()
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw RateLimitTimeout() }
            return answer
        }
    }
}
