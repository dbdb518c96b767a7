public import APIWebSocket

/// What a server allows its peers.
public struct APIServerConfiguration: Sendable {
    /// Time without progress after which a connection that waits for a request, or for the rest of one, is closed. The first request's
    /// head has this much time in all.
    public var idleTimeout: Duration
    /// Bytes of all header fields of a request together; more are answered with 400.
    public var maximumHeaderListSize: Int
    public var maximumHeaderCount: Int
    /// Connections at a time; more wait in the kernel's queue.
    public var maximumConnections: Int
    /// Time that a peer has, after an answer that closes the connection, to stop sending.
    public var lingerTimeout: Duration
    /// How often a comment is sent on a stream of server-sent events (WHATWG HTML §9.2.7): a peer that is gone is noticed, and proxies do not
    /// take a stream for dead in which nothing happens.
    public var eventStreamHeartbeat: Duration
    public var webSocket: WebSocketConfiguration
    /// Handlers of HTTP requests run on the event loop of their connection, so that no other thread has to be woken for a request, instead of
    /// Swift's global executor. That suits many small requests. A handler that computes for long, or blocks, then keeps the other connections
    /// of its loop waiting, unless it moves that work away (`withTaskExecutorPreference(globalConcurrentExecutor)`).
    public var runsHandlersOnEventLoop: Bool

    public init(
        idleTimeout: Duration = .seconds(60), maximumHeaderListSize: Int = 32 * 1024, maximumHeaderCount: Int = 200,
        maximumConnections: Int = 8_192, lingerTimeout: Duration = .seconds(5),
        eventStreamHeartbeat: Duration = .seconds(15), webSocket: WebSocketConfiguration = WebSocketConfiguration(),
        runsHandlersOnEventLoop: Bool = false
    ) {
        self.idleTimeout = idleTimeout
        self.maximumHeaderListSize = maximumHeaderListSize
        self.maximumHeaderCount = maximumHeaderCount
        self.maximumConnections = maximumConnections
        self.lingerTimeout = lingerTimeout
        self.eventStreamHeartbeat = eventStreamHeartbeat
        self.webSocket = webSocket
        self.runsHandlersOnEventLoop = runsHandlersOnEventLoop
    }
}
