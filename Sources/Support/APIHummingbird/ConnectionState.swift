internal import APISupport
internal import NIOCore
internal import Synchronization

/// What is known about one connection beside its requests.
final class ConnectionState: Sendable {
    private struct State {
        var accepted: (@Sendable (any MessageTransport) async -> Void)?
        var rejection: ServerResponse?
        var hasFirstRequest = false
    }

    private let state = Mutex(State())
    /// Resolved when the peer has closed its side: nobody waits for an answer any more.
    let inputClosed = OneShot<Void>()

    func accept(_ run: @escaping @Sendable (any MessageTransport) async -> Void) { state.withLock { $0.accepted = run } }

    func reject(_ response: ServerResponse) { state.withLock { $0.rejection = response } }

    var acceptedUpgrade: (@Sendable (any MessageTransport) async -> Void)? { state.withLock { $0.accepted } }

    /// The answer to the request that asked for an upgrade; once.
    func takeRejection() -> ServerResponse? {
        state.withLock { state in
            defer { state.rejection = nil }
            return state.rejection
        }
    }

    var hasFirstRequest: Bool {
        get { state.withLock { $0.hasFirstRequest } }
        set { state.withLock { $0.hasFirstRequest = newValue } }
    }
}

/// Sees the connection's first request pass, and its end.
///
/// Before the first request nothing else in the pipeline minds a shutdown: such a connection is closed at once.
final class FirstRequestHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = Any

    private let state: ConnectionState

    init(state: ConnectionState) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        state.hasFirstRequest = true
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A WebSocket says goodbye by itself, an HTTP connection is looked after by HTTPConnectionStateHandler.
        if event is ChannelShouldQuiesceEvent, !state.hasFirstRequest, state.acceptedUpgrade == nil {
            context.close(promise: nil)
            return
        }
        if event as? ChannelEvent == .inputClosed { state.inputClosed.resolve(.success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.inputClosed.resolve(.success(()))
        context.fireChannelInactive()
    }
}
