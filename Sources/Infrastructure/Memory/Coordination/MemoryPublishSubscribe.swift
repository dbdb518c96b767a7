public import Coordination
internal import Synchronization

/// Publishing within one process.
public final class MemoryPublishSubscribe: PublishSubscribe {
    private struct State {
        /// By channel and by subscription.
        var subscribers: [String: [UInt64: SubscriptionBuffer]] = [:]
        var count = 0
        var lastID: UInt64 = 0
    }

    private let limits: PublishSubscribeLimits
    private let state = Mutex(State())

    public init(limits: PublishSubscribeLimits = PublishSubscribeLimits()) { self.limits = limits }

    public func publish(_ payload: [UInt8], to channel: String) async throws {
        try limits.check(payload, to: channel)
        let subscribers = state.withLock { $0.subscribers[channel].map { Array($0.values) } ?? [] }
        for subscriber in subscribers { subscriber.offer(.message(channel: channel, payload: payload)) }
    }

    public func withSubscription<Value: Sendable>(
        to channels: [String], _ body: @Sendable (Subscription) async throws -> Value
    ) async throws -> Value {
        try limits.check(channels)
        let buffer = SubscriptionBuffer(limits)
        let id = try state.withLock { state in
            guard state.count < limits.maximumSubscriptions else { throw TooManyWaiting() }
            state.count += 1
            state.lastID += 1
            for channel in channels { state.subscribers[channel, default: [:]][state.lastID] = buffer }
            return state.lastID
        }
        defer {
            state.withLock { state in
                state.count -= 1
                for channel in channels {
                    state.subscribers[channel]?.removeValue(forKey: id)
                    if state.subscribers[channel]?.isEmpty == true { state.subscribers.removeValue(forKey: channel) }
                }
            }
        }
        return try await body(Subscription(buffer))
    }
}
