/// Tells everybody who listens now: that something has changed, that a run is to be stopped.
///
/// At most once: a message that is published while nobody listens, while a subscriber's connection is down, or faster than a subscriber reads, is
/// gone for that subscriber, which is told so by ``Subscription/Event/gap``. Messages of one publisher arrive in the order in which their
/// publishing returned. What must not be lost belongs into an ``EntryStream`` or a ``WorkQueue``.
public protocol PublishSubscribe: Sendable {
    /// Sends a message to those who listen.
    ///
    /// - Parameters:
    ///   - payload: Any bytes, at most ``PublishSubscribeLimits/maximumPayload``.
    ///   - channel: Its name, 1 to 512 bytes.
    /// - Throws: ``CoordinationNameFailure``, ``PublishSubscribeFailure``; what the store throws.
    func publish(_ payload: [UInt8], to channel: String) async throws

    /// Listens to some channels for as long as `body` runs, which begins when nothing is missed any more.
    ///
    /// - Parameters:
    ///   - channels: 1 to 64 names.
    ///   - body: Reads the subscription in one task.
    /// - Throws: What `body` throws; ``CoordinationNameFailure``; ``PublishSubscribeFailure``; ``TooManyWaiting`` when there are
    ///   ``PublishSubscribeLimits/maximumSubscriptions``; what the store throws when it cannot be reached at first. Later it is tried again
    ///   until it can.
    func withSubscription<Value: Sendable>(
        to channels: [String], _ body: @Sendable (Subscription) async throws -> Value
    ) async throws -> Value
}

/// Bounds of publishing and subscribing.
public struct PublishSubscribeLimits: Sendable {
    /// Bytes of one message.
    public var maximumPayload: Int
    /// Events that may wait for a subscriber. When there are more, the oldest are dropped, and a ``Subscription/Event/gap`` stands for them.
    public var capacity: Int
    /// Bytes of payload that may wait for a subscriber; beyond it, as with `capacity`.
    public var capacityBytes: Int
    /// Subscriptions at a time, a process.
    public var maximumSubscriptions: Int

    public init(
        maximumPayload: Int = 1 << 20, capacity: Int = 1024, capacityBytes: Int = 16 << 20, maximumSubscriptions: Int = 64
    ) {
        self.maximumPayload = max(0, maximumPayload)
        self.capacity = max(1, capacity)
        self.capacityBytes = max(0, capacityBytes)
        self.maximumSubscriptions = max(1, maximumSubscriptions)
    }

    /// Most channels of one subscription.
    public static let maximumChannels = 64
}

public enum PublishSubscribeFailure: Error, Sendable, Equatable {
    case payloadTooLarge
    /// None, or more than ``PublishSubscribeLimits/maximumChannels``.
    case channelCountOutOfRange
    /// Two tasks read one subscription.
    case alreadyReading
}

extension PublishSubscribeLimits {
    /// Checks what every implementation refuses.
    public func check(_ channels: [String]) throws {
        guard (1...Self.maximumChannels).contains(channels.count) else { throw PublishSubscribeFailure.channelCountOutOfRange }
        for channel in channels { try CoordinationNameFailure.check(channel) }
    }

    /// Checks what every implementation refuses.
    public func check(_ payload: [UInt8], to channel: String) throws {
        try CoordinationNameFailure.check(channel)
        guard payload.count <= maximumPayload else { throw PublishSubscribeFailure.payloadTooLarge }
    }
}
