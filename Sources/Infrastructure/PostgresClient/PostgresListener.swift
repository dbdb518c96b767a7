public import ServiceLifecycle
internal import Synchronization

/// Hears what is said with `NOTIFY` on some channels, over a connection of its own that is made again when it is lost.
public final class PostgresListener: Service {
    /// What there is to know.
    public enum Event: Sendable, Equatable {
        /// From now on nothing is missed. Anything may have been said before: whoever keeps a copy of something reads it anew.
        case listening
        case notification(PostgresNotification)
    }

    /// Ends with ``run()``. To be read by one task. A reader that is slower than the channels loses the oldest events, and reads
    /// ``Event/listening`` in their place.
    public let events: AsyncStream<Event>

    private let configuration: PostgresConfiguration
    private let channels: [String]
    private let feed: AsyncStream<Event>.Continuation
    private let hasLost = Atomic<Bool>(false)

    /// - Parameters:
    ///   - channels: Their names, as in `NOTIFY`, at most 63 bytes each.
    ///   - capacity: Events that may wait for the reader.
    public init(_ configuration: PostgresConfiguration, channels: [String], capacity: Int = 1024) {
        self.configuration = configuration
        self.channels = channels
        (events, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(2, capacity)))
    }

    /// Listens until graceful shutdown or cancellation.
    public func run() async throws {
        defer { feed.finish() }
        await cancelWhenGracefulShutdown {
            let limits = PostgresPoolLimits()
            var failures = 0
            while !Task.isCancelled {
                do {
                    try await self.listen { failures = 0 }
                } catch {
                    failures += 1
                }
                do {
                    try await Task.sleep(for: limits.pause(afterFailures: failures))
                } catch {
                    return
                }
            }
        }
    }

    /// Until the connection is lost.
    private func listen(whenListening: () -> Void) async throws {
        let connection = try await PostgresConnection.connect(configuration) { [self] in hear($0) }
        defer { connection.close() }
        try await connection.execute(script: channels.map { "LISTEN \(PostgresQuery.quoted($0));" }.joined())
        whenListening()
        feed.yield(.listening)
        try await connection.ended()
    }

    private func hear(_ notification: PostgresNotification) {
        if hasLost.exchange(false, ordering: .relaxed) { feed.yield(.listening) }
        if case .dropped = feed.yield(.notification(notification)) { hasLost.store(true, ordering: .relaxed) }
    }
}

extension PostgresConnection {
    /// Waits until the connection has ended, and asks from time to time whether the server is still there.
    fileprivate func ended() async throws {
        let (end, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        whenClosed { signal.finish() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in end {} }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(15))
                    try await self.check(within: self.configuration.silenceTolerance)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
