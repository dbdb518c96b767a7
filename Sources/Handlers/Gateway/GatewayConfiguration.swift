/// All settings of the gateway. Each has the environment variable that ``init(environment:)`` reads it from.
public struct GatewayConfiguration: Sendable {
    /// How long a call of the runtime may take until its answer begins. `CODELAB_GATEWAY_RUNTIME_TIMEOUT` in seconds, by default 30.
    public var runtimeTimeout: Duration
    /// The waits before each new try to hear a session's events again, when the stream broke; after the last one the connection is closed
    /// with 1013. An event that comes begins the row anew. In all longer than a runtime replica that was killed has its sessions (15 s). Not read
    /// from the environment.
    public var eventRetryDelays: [Duration]
    /// How long a turn that runs when its connection's token expires may go on before the connection is closed. Not read from the
    /// environment: specs/gateway/asyncapi.yaml names it.
    public var expiredTurnGrace: Duration
    /// Whether requests without a token are served, as the user `anonymous` with all scopes. For trusted networks and clients that have no
    /// sign-in only: all of them share that user's sessions. `CODELAB_GATEWAY_ANONYMOUS`, `true` or `false`, by default `false`.
    public var allowsAnonymous: Bool
    /// Calls of a user a minute, that many at once too; 0: no limit. Anonymous users are told apart by their addresses. `CODELAB_GATEWAY_RATE_LIMIT`,
    /// by default 600.
    public var callsPerMinute = 600
    /// Frames that a user sends a minute, over all connections; 0: no limit. `CODELAB_GATEWAY_RATE_LIMIT_MESSAGES`, by default 600.
    public var messagesPerMinute = 600
    /// Connections that a user opens a minute; 0: no limit. `CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS`, by default 120.
    public var connectionsPerMinute = 120
    /// Calls and connections of an address a minute that carry no valid token; 0: no limit. `CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED`, by default
    /// 120.
    public var unauthenticatedCallsPerMinute = 120
    /// How many proxies stand in front of the gateway and add to `X-Forwarded-For`; with 0 the header is not looked at.
    /// `CODELAB_TRUSTED_PROXIES`, by default 0.
    public var trustedProxies = 0

    public init(
        runtimeTimeout: Duration = .seconds(30),
        eventRetryDelays: [Duration] = [.milliseconds(50), .milliseconds(200), .seconds(1), .seconds(2), .seconds(3)]
            + Array(repeating: .seconds(5), count: 5),
        expiredTurnGrace: Duration = .seconds(900), allowsAnonymous: Bool = false
    ) {
        self.runtimeTimeout = runtimeTimeout
        self.eventRetryDelays = eventRetryDelays
        self.expiredTurnGrace = expiredTurnGrace
        self.allowsAnonymous = allowsAnonymous
    }

    /// Reads the settings from environment variables; what is absent or empty has its default.
    ///
    /// Throws ``GatewayConfigurationError`` for a value that cannot be read.
    public init(environment: [String: String]) throws(GatewayConfigurationError) {
        self.init()
        if let text = environment["CODELAB_GATEWAY_RUNTIME_TIMEOUT"], !text.isEmpty {
            guard let seconds = Int(text), seconds > 0 else {
                throw GatewayConfigurationError("CODELAB_GATEWAY_RUNTIME_TIMEOUT must be a whole number above zero.")
            }
            runtimeTimeout = .seconds(seconds)
        }
        if let text = environment["CODELAB_GATEWAY_ANONYMOUS"], !text.isEmpty {
            guard let allows = Bool(text) else { throw GatewayConfigurationError("CODELAB_GATEWAY_ANONYMOUS must be true or false.") }
            allowsAnonymous = allows
        }
        callsPerMinute = try Self.count("CODELAB_GATEWAY_RATE_LIMIT", environment) ?? callsPerMinute
        messagesPerMinute = try Self.count("CODELAB_GATEWAY_RATE_LIMIT_MESSAGES", environment) ?? messagesPerMinute
        connectionsPerMinute = try Self.count("CODELAB_GATEWAY_RATE_LIMIT_CONNECTIONS", environment) ?? connectionsPerMinute
        unauthenticatedCallsPerMinute =
            try Self.count("CODELAB_GATEWAY_RATE_LIMIT_UNAUTHENTICATED", environment) ?? unauthenticatedCallsPerMinute
        trustedProxies = try Self.count("CODELAB_TRUSTED_PROXIES", environment) ?? trustedProxies
    }

    private static func count(_ name: String, _ environment: [String: String]) throws(GatewayConfigurationError) -> Int? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        guard let count = Int(text), count >= 0 else { throw GatewayConfigurationError("\(name) must be a whole number, 0 or more.") }
        return count
    }
}

/// A setting that cannot be used.
public struct GatewayConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
