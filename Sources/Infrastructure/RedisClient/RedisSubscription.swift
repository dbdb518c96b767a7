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

    private let configuration: RedisConfiguration
    private let channels: [String]
    private let patterns: [String]
    private let receive: @Sendable (Event) -> Void
    /// Confirmations that are still to come.
    private let unconfirmed = Mutex(0)
    private let failure = Mutex<(any Error)?>(nil)
    /// Set by anything that comes.
    private let hasAnswered = Atomic<Bool>(false)

    /// - Parameters:
    ///   - channels: By name.
    ///   - patterns: By pattern, as `PSUBSCRIBE` has them.
    ///   - receive: Called for each event, one at a time, on the connection's event loop. Must not wait: who is slower than the channels keeps what
    ///     comes in a buffer with a bound.
    public init(
        _ configuration: RedisConfiguration, channels: [String], patterns: [String] = [], receive: @escaping @Sendable (Event) -> Void
    ) {
        self.configuration = configuration
        self.channels = channels
        self.patterns = patterns
        self.receive = receive
    }

    /// Why the last connection ended, or could not be made.
    public var lastFailure: (any Error)? { failure.withLock { $0 } }

    /// Listens until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var backoff = Backoff()
            while !Task.isCancelled {
                do {
                    try await self.listen { backoff.reset() }
                } catch {
                    // Tried again below; the receiver learns of the gap by the next `subscribed`.
                    self.failure.withLock { $0 = error }
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

    /// A peer that is gone without a word is noticed by what it does not answer; one that refuses a channel by what it does not confirm.
    private func watch(_ connection: RedisConnection) async throws {
        try await Task.sleep(for: configuration.commandTimeout)
        guard unconfirmed.withLock({ $0 <= 0 }) else {
            throw lastFailure ?? RedisError(.timeout, "The server did not confirm the subscription in time")
        }
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
        if case .error(let text) = value { failure.withLock { $0 = RedisError(serverMessage: text) } }
        guard case .array(let parts) = value, let kind = parts.first?.text else { return }
        switch (kind, parts.count) {
        case ("subscribe", 3), ("psubscribe", 3):
            let isLast = unconfirmed.withLock { count in
                count -= 1
                return count == 0
            }
            guard isLast else { return }
            failure.withLock { $0 = nil }
            receive(.subscribed)
        case ("message", 3): deliver(parts[1], parts[2])
        case ("pmessage", 4): deliver(parts[2], parts[3])
        default: break
        }
    }

    private func deliver(_ channel: RedisValue, _ payload: RedisValue) {
        guard let channel = channel.text, let payload = payload.bytes else { return }
        receive(.message(channel: channel, payload: payload))
    }
}
