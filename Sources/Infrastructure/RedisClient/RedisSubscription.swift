public import ServiceLifecycle
internal import Synchronization

/// Hears what is published on some channels, over a connection of its own that is made again when it is lost.
public final class RedisSubscription: Service {
    /// What there is to know.
    public enum Event: Sendable, Equatable {
        /// From now on nothing is missed. Anything may have been published before: whoever keeps a copy of something reads it anew.
        case subscribed
        case message(channel: String, payload: [UInt8])
    }

    /// Ends with ``run()``. To be read by one task. A reader that is slower than the channels loses the oldest events, and reads
    /// ``Event/subscribed`` in their place.
    public let events: AsyncStream<Event>

    private let configuration: RedisConfiguration
    private let channels: [String]
    private let patterns: [String]
    private let feed: AsyncStream<Event>.Continuation
    /// Confirmations that are still to come.
    private let unconfirmed = Mutex(0)
    private let hasLost = Atomic<Bool>(false)
    /// Set by anything that comes.
    private let hasAnswered = Atomic<Bool>(false)

    /// - Parameters:
    ///   - channels: By name.
    ///   - patterns: By pattern, as `PSUBSCRIBE` has them.
    ///   - capacity: Events that may wait for the reader.
    public init(_ configuration: RedisConfiguration, channels: [String], patterns: [String] = [], capacity: Int = 1024) {
        self.configuration = configuration
        self.channels = channels
        self.patterns = patterns
        (events, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(2, capacity)))
    }

    /// Listens until graceful shutdown or cancellation.
    public func run() async throws {
        defer { feed.finish() }
        await cancelWhenGracefulShutdown {
            var backoff = Backoff()
            while !Task.isCancelled {
                do {
                    try await self.listen { backoff.reset() }
                } catch {
                    // Tried again below; the reader learns of the gap by the next `subscribed`.
                }
                guard await backoff.pause() else { return }
            }
        }
    }

    private func listen(whenConnected: () -> Void) async throws {
        let connection = try await RedisConnection.connect(configuration) { [self] in hear($0) }
        defer { connection.close() }
        whenConnected()
        unconfirmed.withLock { $0 = channels.count + patterns.count }
        var commands: [RedisCommand] = []
        if !channels.isEmpty { commands.append(RedisCommand(["SUBSCRIBE"] + channels.map { .text($0) })) }
        if !patterns.isEmpty { commands.append(RedisCommand(["PSUBSCRIBE"] + patterns.map { .text($0) })) }
        try connection.post(commands)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await connection.ended() }
            group.addTask { try await self.watch(connection) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A peer that is gone without a word is noticed by what it does not answer.
    private func watch(_ connection: RedisConnection) async throws {
        while true {
            try await Task.sleep(for: .seconds(10))
            hasAnswered.store(false, ordering: .relaxed)
            try connection.post([["PING"]])
            try await Task.sleep(for: configuration.commandTimeout)
            guard hasAnswered.load(ordering: .relaxed) else { throw RedisError(.timeout, "The server did not answer in time") }
        }
    }

    private func hear(_ value: RedisValue) {
        hasAnswered.store(true, ordering: .relaxed)
        guard case .array(let parts) = value, let kind = parts.first?.text else { return }
        switch (kind, parts.count) {
        case ("subscribe", 3), ("psubscribe", 3):
            let isLast = unconfirmed.withLock { count in
                count -= 1
                return count == 0
            }
            if isLast { feed.yield(.subscribed) }
        case ("message", 3): deliver(parts[1], parts[2])
        case ("pmessage", 4): deliver(parts[2], parts[3])
        default: break
        }
    }

    private func deliver(_ channel: RedisValue, _ payload: RedisValue) {
        guard let channel = channel.text, let payload = payload.bytes else { return }
        if hasLost.exchange(false, ordering: .relaxed) { feed.yield(.subscribed) }
        if case .dropped = feed.yield(.message(channel: channel, payload: payload)) { hasLost.store(true, ordering: .relaxed) }
    }
}
