/// What a connection may cost, and how long its waits may last. The same for both sides.
public struct WebSocketConfiguration: Sendable {
    /// Bytes of one message, all fragments together; a larger one closes the connection with 1009.
    public var maximumMessageSize: Int
    /// Bytes of one frame; a larger one closes the connection with 1009. nil: as many as a message may have.
    public var maximumFrameSize: Int?
    /// Messages that are read ahead while the consumer is busy; then the peer is held back. (Bytes read ahead: one largest message at most.)
    public var readAheadMessages: Int
    /// Time between two pings; nil: none.
    public var heartbeatInterval: Duration?
    /// Time within which a ping must be answered; a peer that does not is dead and its connection is closed.
    public var heartbeatTimeout: Duration
    /// Time that the closing handshake may take.
    public var closeTimeout: Duration

    public init(
        maximumMessageSize: Int = 1 << 20, maximumFrameSize: Int? = nil, readAheadMessages: Int = 16,
        heartbeatInterval: Duration? = .seconds(30), heartbeatTimeout: Duration = .seconds(20), closeTimeout: Duration = .seconds(5)
    ) {
        self.maximumMessageSize = maximumMessageSize
        self.maximumFrameSize = maximumFrameSize
        self.readAheadMessages = readAheadMessages
        self.heartbeatInterval = heartbeatInterval
        self.heartbeatTimeout = heartbeatTimeout
        self.closeTimeout = closeTimeout
    }
}

/// The side of a connection: clients mask what they send, servers do not (RFC 6455 §5.1).
public enum WebSocketRole: Sendable {
    case server, client
}
