internal import APISupport
internal import APIWebSocket
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket
internal import ServiceLifecycle

/// One accepted connection: HTTP/1.1, which its first request may turn into a WebSocket.
struct APIChannel: ServerChildChannel {
    /// What became of the connection with its first request.
    enum Outcome: Sendable {
        case http(HTTPConnectionLink)
        case webSocket(WebSocketConnection.FrameChannel, run: @Sendable (any MessageTransport) async -> Void)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
        let state: ConnectionState
    }

    let router: APIRouter
    let configuration: APIServerConfiguration

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let state = ConnectionState()
            let outcome = channel.eventLoop.makePromise(of: Outcome.self)
            let setup = makeSetup(state: state)
            try channel.pipeline.syncOperations.addHandler(setup.encoder)
            try channel.pipeline.syncOperations.addHandler(setup.decoder)
            try channel.pipeline.syncOperations.addHandler(UpgradeHandler(setup: setup, state: state, outcome: outcome))
            // HTTPConnection watches over later requests; the first one's head, and the upgrade, have this deadline.
            let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(configuration.idleTimeout)) { channel.close(promise: nil) }
            outcome.futureResult.whenComplete { _ in deadline.cancel() }
            return Value(channel: channel, outcome: outcome.futureResult, state: state)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let outcome: Outcome
        do {
            outcome = try await value.outcome.get()
        } catch {
            // No first request, or an upgrade cut short: there is nobody to answer.
            logger.trace("connection ended before its first request", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
            return
        }
        switch outcome {
        case .http(let connection):
            let executor = configuration.runsHandlersOnEventLoop ? EventLoopExecutor(value.channel.eventLoop) : nil
            await withTaskExecutorPreference(executor) { await serve(connection, of: value) }
        case .webSocket(let channel, let run):
            await serve(channel, logger: logger, run)
        }
    }

    /// One task answers the connection's requests. It is cancelled when the peer has closed its side, which may still wait for an answer, and when
    /// the server must end.
    private func serve(_ connection: HTTPConnectionLink, of value: Value) async {
        let responder = APIResponder(router: router, connection: connection, remoteAddress: value.channel.remoteAddress?.ipAddress)
        let rejection = value.state.takeRejection()
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await responder.run(rejection: rejection) }
                do {
                    try await value.state.inputClosed.value
                } catch {
                    // Cancelled, as the responder is.
                }
                group.cancelAll()
            }
        } onCancel: {
            connection.stop()
        }
    }

    private func serve(
        _ channel: WebSocketConnection.FrameChannel, logger: Logger, _ run: @escaping @Sendable (any MessageTransport) async -> Void
    ) async {
        do {
            try await WebSocketConnection.run(channel, role: .server, configuration: configuration.webSocket) { transport in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do {
                            try await gracefulShutdown()
                            await transport.close(.goingAway, reason: "the server is shutting down")
                        } catch {
                            // Cancelled: the connection ended first.
                        }
                    }
                    await run(transport)
                    group.cancelAll()
                }
            }
        } catch {
            logger.debug("WebSocket connection ended", metadata: ["error": "\(error)"])
        }
    }
}

// MARK: Pipeline

extension APIChannel {
    private func makeSetup(state: ConnectionState) -> UpgradeHandler.Setup {
        let router = router
        let configuration = configuration
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = configuration.maximumHeaderListSize
        limits.maxHeaderFieldSize = configuration.maximumHeaderListSize
        limits.maxHeaderFieldCount = configuration.maximumHeaderCount
        let upgrader = NIOTypedWebSocketServerUpgrader<Outcome>(
            maxFrameSize: WebSocketConnection.maximumFrameSize(configuration.webSocket), enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, head in decide(head, on: channel, router: router, state: state) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let run = state.acceptedUpgrade else { throw NIOWebSocketUpgradeError.unsupportedWebSocketTarget }
                    return .webSocket(try WebSocketConnection.wrap(channel), run: run)
                }
            })
        return UpgradeHandler.Setup(
            encoder: HTTPResponseEncoder(),
            decoder: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)),
            upgrader: upgrader,
            serveHTTP: { channel in
                let connection = HTTPConnection(configuration: configuration)
                try channel.pipeline.syncOperations.addHandler(connection)
                return .http(HTTPConnectionLink(connection, eventLoop: channel.eventLoop))
            })
    }
}

/// Asks the channel's route; nil when it refuses, with its answer kept for the HTTP side.
///
/// NIO's upgrader wants a future: the task behind it ends with the decision, or with the connection.
private func decide(
    _ head: HTTPRequestHead, on channel: any Channel, router: APIRouter, state: ConnectionState
) -> EventLoopFuture<HTTPHeaders?> {
    let promise = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
    let task = promise.completeWithTask {
        let request = ServerRequest(
            head: try HTTPRequest(head, secure: false, splitCookie: true), remoteAddress: channel.remoteAddress?.ipAddress)
        switch await router.upgrade(for: request) {
        case .accept(let run):
            state.accept(run)
            let offered = head.headers[WebSocketSubprotocol.field]
            let selected = WebSocketSubprotocol.selected(offered.count == 1 ? offered[0] : nil)
            return selected.map { HTTPHeaders([(WebSocketSubprotocol.field, $0)]) } ?? [:]
        case .reject(let response):
            state.reject(response)
            return nil
        }
    }
    channel.closeFuture.whenComplete { _ in task.cancel() }
    return promise.futureResult
}
