public import APISupport
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// Connects to WebSocket servers: `ws://` and `wss://`, header fields of the request included.
public struct WebSocketClient: WebSocketClientTransport {
    /// What connections may cost.
    public var configuration: WebSocketConfiguration
    /// Time for TCP, TLS and the upgrade together.
    public var connectTimeout: Duration
    /// A PEM file with the certificate authorities that `wss://` servers may be of; nil: those of the system.
    public var authoritiesFile: String?

    public init(
        configuration: WebSocketConfiguration = WebSocketConfiguration(), connectTimeout: Duration = .seconds(10),
        authoritiesFile: String? = nil
    ) {
        self.configuration = configuration
        self.connectTimeout = connectTimeout
        self.authoritiesFile = authoritiesFile
    }

    /// See ``WebSocketClientTransport/connect(_:_:)``. Throws `ClientError` `upgradeRefused`, with the status and the start of the body,
    /// when the server does not upgrade; the transport's own error when there is no connection.
    public nonisolated(nonsending) func connect<R>(
        _ request: ClientRequest, _ body: nonisolated(nonsending) (any MessageTransport) async throws -> R
    ) async throws -> R {
        switch try await upgrade(request) {
        case .upgraded(let channel):
            return try await WebSocketConnection.run(channel, role: .client, configuration: configuration, body)
        case .refused(let channel):
            throw try await refusal(of: request, on: channel)
        }
    }

    private enum Upgrade: Sendable {
        case upgraded(WebSocketConnection.FrameChannel)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }

    private func upgrade(_ request: ClientRequest) async throws -> Upgrade {
        guard let target = ServerTarget(request) else {
            throw ClientError(operationID: request.operationID, status: 0, code: .invalidServerURL, detail: "not a server's URL")
        }
        let configuration = configuration
        let tls = target.isSecure ? try tlsContext() : nil
        let timeout = TimeAmount(connectTimeout)
        let deadline = NIODeadline.now() + timeout
        let head = target.requestHead(for: request)
        let negotiation: EventLoopFuture<Upgrade> = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The server's end of sending must not close the channel under frames that are still to be read.
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: target.host, port: target.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: target.serverName)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(EndOfInputDelay())
                    let result = try Self.configure(channel, head: head, configuration: configuration)
                    let expiry = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
                    result.whenComplete { result in
                        expiry.cancel()
                        if case .failure = result { channel.close(promise: nil) }
                    }
                    return result
                }
            }
        return try await negotiation.get()
    }

    private func tlsContext() throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authoritiesFile { tls.trustRoots = .file(authoritiesFile) }
        return try NIOSSLContext(configuration: tls)
    }

    /// HTTP until the server has answered the upgrade, frames from then on. A refusal leaves HTTP in place.
    private static func configure(
        _ channel: any Channel, head: HTTPRequestHead, configuration: WebSocketConfiguration
    ) throws -> EventLoopFuture<Upgrade> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(
            maxFrameSize: WebSocketConnection.maximumFrameSize(configuration), enableAutomaticErrorHandling: false,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { .upgraded(try WebSocketConnection.wrap(channel)) }
            })
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Upgrade>(
            upgradeRequestHead: head, upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture { .refused(try NIOAsyncChannel(wrappingChannelSynchronously: channel)) }
            })
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // The server may send frames right behind its answer.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
    }

    private func refusal(
        of request: ClientRequest, on channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    ) async throws -> ClientError {
        let expiry = channel.channel.eventLoop.scheduleTask(in: TimeAmount(connectTimeout)) { channel.channel.close(promise: nil) }
        defer { expiry.cancel() }
        var error = ClientError(operationID: request.operationID, status: 0, code: .upgradeRefused)
        try await channel.executeThenClose { inbound, _ in
            for try await part in inbound {
                switch part {
                case .head(let head): error.status = Int(head.status.code)
                case .body(let bytes):
                    error.bodyPrefix += bytes.readableBytesView.prefix(Self.maximumRefusalSize - error.bodyPrefix.count)
                case .end: return
                }
            }
        }
        return error
    }

    /// Bytes kept of the body of a refusal.
    private static let maximumRefusalSize = 16_384
}

/// Hands on the end of input one turn of the event loop later.
///
/// The answer to an upgrade, frames behind it, and the end may come in one read. NIO's decoder leaves the pipeline a turn later; when it
/// saw the end before that, it would drop the frames.
private final class EndOfInputDelay: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
        context.eventLoop.assumeIsolated().execute { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    }
}

/// Where a request goes.
private struct ServerTarget: Sendable {
    var host: String
    var port: Int
    var isSecure: Bool

    /// nil when the request's scheme or authority is none that can be connected to.
    init?(_ request: ClientRequest) {
        switch request.head.scheme {
        case "ws", "http": isSecure = false
        case "wss", "https": isSecure = true
        default: return nil
        }
        guard let authority = request.head.authority else { return nil }
        var rest = Substring(authority)
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.dropFirst(host.count)
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard rest.first == ":", let number = UInt16(rest.dropFirst()) else { return nil }
            port = Int(number)
        }
    }

    /// For TLS: addresses have no name to indicate (RFC 6066 §3).
    var serverName: String? {
        do {
            _ = try SocketAddress(ipAddress: host, port: port)
            return nil
        } catch {
            return host
        }
    }

    func requestHead(for request: ClientRequest) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: request.head.authority ?? host)
        for field in request.head.headerFields { headers.add(name: field.name.rawName, value: field.value) }
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: request.head.path ?? "/", headers: headers)
    }
}
