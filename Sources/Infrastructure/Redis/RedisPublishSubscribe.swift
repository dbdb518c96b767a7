public import Coordination
public import RedisClient
internal import Synchronization

/// Publishing among all replicas.
///
/// Each subscription has a connection of its own, which is made again when it is lost. When the server is away while something is published, the
/// publisher gets an error; what was published while a subscriber's connection was down is that subscriber's gap.
public final class RedisPublishSubscribe: PublishSubscribe {
    private let client: RedisClient
    private let prefix: String
    private let limits: PublishSubscribeLimits
    private let count = Mutex(0)

    /// - Parameter prefix: Of the channels in Redis.
    public init(_ client: RedisClient, limits: PublishSubscribeLimits = PublishSubscribeLimits(), prefix: String = "codelab:channel:") {
        self.client = client
        self.prefix = prefix
        self.limits = limits
    }

    public func publish(_ payload: [UInt8], to channel: String) async throws {
        try limits.check(payload, to: channel)
        try await client.send(["PUBLISH", .text(prefix + channel), .bytes(payload)])
    }

    public func withSubscription<Value: Sendable>(
        to channels: [String], _ body: @Sendable (Subscription) async throws -> Value
    ) async throws -> Value {
        try limits.check(channels)
        try count.withLock { count in
            guard count < limits.maximumSubscriptions else { throw TooManyWaiting() }
            count += 1
        }
        defer { count.withLock { $0 -= 1 } }
        let buffer = SubscriptionBuffer(limits)
        let begin = Beginning()
        let subscription = RedisSubscription(client.configuration, channels: Set(channels).map { prefix + $0 }) { [prefix] event in
            switch event {
            case .subscribed: if !begin.isFirst() { buffer.offer(.gap) }
            case .message(let channel, let payload):
                // By bytes: a name may begin with what makes one character with the prefix's last.
                let name = channel[channel.utf8.index(channel.startIndex, offsetBy: prefix.utf8.count)...]
                buffer.offer(.message(channel: String(name), payload: payload))
            }
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await subscription.run() }
            defer { group.cancelAll() }
            guard try await begin.wait(client.configuration.commandTimeout) else {
                throw RedisError(.connectionFailed, "The subscription did not begin in time", cause: subscription.lastFailure)
            }
            return try await body(Subscription(buffer))
        }
    }
}

/// When a subscription stands for the first time.
private final class Beginning: Sendable {
    private let hasBegun = Atomic<Bool>(false)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Whether this is the first time.
    func isFirst() -> Bool {
        guard !hasBegun.exchange(true, ordering: .relaxed) else { return false }
        signal.finish()
        return true
    }

    /// - Returns: false when it has not begun in time.
    func wait(_ duration: Duration) async throws -> Bool {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [signals] in for await _ in signals {} }
            group.addTask { try await Task.sleep(for: duration) }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
        return hasBegun.load(ordering: .relaxed)
    }
}
