internal import APISupport
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Watches a connection's first request: it may turn the connection into a WebSocket, otherwise HTTP is set up behind this handler.
///
/// NIO has a handler of this kind, but it loses a request whose upgrade is turned down, and we answer such requests. Only the first request
/// of a connection can be an upgrade, as with NIO. Once that is settled the handler lets everything pass; it stays for the peer's going away.
final class UpgradeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Any
    typealias OutboundOut = HTTPServerResponsePart

    /// The parts of the pipeline that depend on what becomes of the connection.
    struct Setup {
        var encoder: HTTPResponseEncoder
        var decoder: ByteToMessageHandler<HTTPRequestDecoder>
        var upgrader: NIOTypedWebSocketServerUpgrader<APIChannel.Outcome>
        /// Adds the HTTP handlers.
        var serveHTTP: (any Channel) throws -> APIChannel.Outcome
    }

    private enum Phase {
        case waiting
        /// The route is being asked, or the rest of the request awaited.
        case deciding(HTTPRequestHead)
        /// The frame coders take the place of the HTTP ones.
        case upgrading
        case settled
    }

    /// Request parts kept while the route is being asked: an upgrade request has no body to speak of.
    private static let maximumKeptParts = 16

    private let setup: Setup
    private let state: ConnectionState
    private let outcome: EventLoopPromise<APIChannel.Outcome>
    private var phase = Phase.waiting
    private var kept: [NIOAny] = []
    private var hasWholeRequest = false
    private var decision: Result<HTTPHeaders, any Error>?
    private var heldRead = false

    init(setup: Setup, state: ConnectionState, outcome: EventLoopPromise<APIChannel.Outcome>) {
        self.setup = setup
        self.state = state
        self.outcome = outcome
    }

    // MARK: Events

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .settled: context.fireChannelRead(data)
        case .upgrading: kept.append(data)
        case .waiting: start(with: data, context)
        case .deciding:
            kept.append(data)
            if case .end = Self.unwrapInboundIn(data) { hasWholeRequest = true }
            guard kept.count <= Self.maximumKeptParts else { return context.close(promise: nil) }
            proceed(context)
        }
    }

    func read(context: ChannelHandlerContext) {
        switch phase {
        case .deciding where hasWholeRequest: heldRead = true
        case .upgrading: heldRead = true
        default: context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .waiting = phase, error is HTTPParserError else { return context.fireErrorCaught(error) }
        // Later on HTTPConnection does this; before the first request nobody else is there.
        let head = HTTPResponseHead(
            version: .http1_1, status: .badRequest, headers: ["connection": "close", "content-length": "0"])
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { state.closeInput() }
        if case .waiting = phase, event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed {
            // Nothing asked, nothing owed.
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.closeInput()
        outcome.fail(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { outcome.fail(ChannelError.ioOnClosedChannel) }

    // MARK: Decision

    private func start(with data: NIOAny, _ context: ChannelHandlerContext) {
        kept = [data]
        guard case .head(let head) = Self.unwrapInboundIn(data) else { return context.close(promise: nil) }
        guard Self.wantsWebSocket(head) else { return serveHTTP(context) }
        phase = .deciding(head)
        // Checks the handshake (RFC 6455 §4.2.1), then asks the route.
        setup.upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
            .hop(to: context.eventLoop).assumeIsolated()
            .whenComplete { result in
                self.decision = result
                self.proceed(context)
            }
    }

    private static func wantsWebSocket(_ head: HTTPRequestHead) -> Bool {
        head.method == .GET && head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// Goes on as soon as there are a decision and a whole request.
    private func proceed(_ context: ChannelHandlerContext) {
        guard case .deciding(let head) = phase, hasWholeRequest, let decision else { return }
        switch decision {
        case .success(let headers): upgrade(context, head, headers)
        case .failure:
            state.rejectIfUndecided()
            serveHTTP(context)
        }
    }

    // MARK: Outcomes

    private func serveHTTP(_ context: ChannelHandlerContext) {
        do {
            // HTTPConnection writes bytes.
            context.pipeline.syncOperations.removeHandler(setup.encoder, promise: nil)
            settle(try setup.serveHTTP(context.channel), context)
        } catch {
            fail(error, context)
        }
    }

    private func upgrade(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ headers: HTTPHeaders) {
        phase = .upgrading
        kept = []
        let pipeline = context.pipeline.syncOperations
        let channel = context.channel
        let response = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        // What the decoder has not parsed comes here as bytes, and goes to the frame decoder.
        pipeline.removeHandler(setup.decoder).assumeIsolated()
            .flatMap { context.writeAndFlush(Self.wrapOutboundOut(.head(response))) }
            .flatMap { pipeline.removeHandler(self.setup.encoder) }
            .flatMap { self.setup.upgrader.upgrade(channel: channel, upgradeRequest: head) }
            .whenComplete { result in
                switch result {
                case .success(let outcome): self.settle(outcome, context)
                case .failure(let error): self.fail(error, context)
                }
            }
    }

    private func settle(_ outcome: APIChannel.Outcome, _ context: ChannelHandlerContext) {
        phase = .settled
        self.outcome.succeed(outcome)
        let kept = self.kept
        self.kept = []
        for data in kept { context.fireChannelRead(data) }
        context.fireChannelReadComplete()
        if heldRead { context.read() }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        phase = .settled
        kept = []
        outcome.fail(error)
        context.close(promise: nil)
    }
}
