public import APISupport
public import NIOCore
public import NIOWebSocket

/// Runs an upgraded channel as a connection of whole messages (RFC 6455), for either side.
public enum WebSocketConnection {
    public typealias FrameChannel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    /// The largest frame that the decoder lets through for a configuration.
    public static func maximumFrameSize(_ configuration: WebSocketConfiguration) -> Int {
        min(max(configuration.maximumFrameSize ?? configuration.maximumMessageSize, 125), Int(UInt32.max))
    }

    /// Wraps a channel whose pipeline has the frame coders. To be called on its event loop.
    public static func wrap(_ channel: any Channel) throws -> FrameChannel {
        // Frames may be as large as messages: few are read ahead here, the queue behind does the rest.
        try FrameChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
    }

    /// Runs `body` on the connection; then closes it: normally, with `goingAway` when cancelled, with `internalError` when `body` threw.
    ///
    /// Returns when the connection is gone; the closing handshake takes `closeTimeout` at most.
    public nonisolated(nonsending) static func run<R>(
        _ channel: FrameChannel, role: WebSocketRole, configuration: WebSocketConfiguration,
        _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        var result: Result<R, any Error>?
        try await channel.executeThenClose(isolation: #isolation) { inbound, outbound in
            let session = WebSocketSession(
                channel: channel.channel, outbound: outbound, role: role, configuration: configuration)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await read(inbound, session) }
                do {
                    result = .success(try await body(session))
                    await session.close(Task.isCancelled ? .goingAway : .normal, reason: "")
                } catch {
                    await session.close(error is CancellationError ? .goingAway : .internalError, reason: "")
                    result = .failure(error)
                }
                session.abandon()
            }
            await endHalfClosure(channel.channel)
        }
        guard let result else { throw WebSocketClosed(code: .abnormal, reason: "connection lost") }
        return try result.get()
    }

    /// Both sides have said all: from now on the peer's end is the connection's. With half-closure allowed, NIOSSL would wait out its shutdown
    /// timeout, although the peer's `close_notify` is there.
    private static func endHalfClosure(_ channel: any Channel) async {
        do {
            try await channel.setOption(.allowRemoteHalfClosure, value: false).get()
        } catch {
            // The channel is closed already.
        }
    }

    private static func read(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ session: WebSocketSession) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await session.heartbeat()
                } catch {
                    // Cancelled: the connection has ended by itself.
                }
            }
            await session.read(inbound)
            group.cancelAll()
        }
    }
}
