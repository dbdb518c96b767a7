/// The gateway's settings.
public struct GatewayConfiguration: Sendable {
    /// How long a call of the runtime may take until its answer begins.
    public var runtimeTimeout: Duration
    /// The waits before each new try to hear a session's events again, when the stream broke; after the last one the connection is closed
    /// with 1013. An event that comes begins the row anew.
    public var eventRetryDelays: [Duration]
    /// Whether requests without a token are served, as the user `anonymous` with all scopes. For trusted networks and clients that have no
    /// sign-in only: all of them share that user's sessions.
    public var allowsAnonymous: Bool

    public init(
        runtimeTimeout: Duration = .seconds(30),
        eventRetryDelays: [Duration] = [.milliseconds(50), .milliseconds(200), .seconds(1), .seconds(3), .seconds(5)],
        allowsAnonymous: Bool = false
    ) {
        self.runtimeTimeout = runtimeTimeout
        self.eventRetryDelays = eventRetryDelays
        self.allowsAnonymous = allowsAnonymous
    }
}
