/// What a pool may hold, and for how long.
public struct PostgresPoolLimits: Sendable {
    /// Connections at a time; all replicas together must stay under the server's `max_connections`.
    public var maximumConnections: Int
    /// Connections that are kept though nobody needs them.
    public var minimumConnections: Int
    /// Callers that may wait at a time; one more is refused.
    public var maximumWaiters: Int
    /// How long a caller waits for a connection.
    public var acquireTimeout: Duration
    /// How long a connection may be unused before it is closed.
    public var idleTimeout: Duration
    /// How old a connection may become, give or take a tenth: so that all of a cluster's do not move to a new server at once.
    public var maximumLifetime: Duration
    /// How long a connection may be unused and still be lent without asking the server.
    public var healthCheckAfter: Duration

    public init(
        maximumConnections: Int = 10, minimumConnections: Int = 1, maximumWaiters: Int = 10_000, acquireTimeout: Duration = .seconds(10),
        idleTimeout: Duration = .seconds(600), maximumLifetime: Duration = .seconds(3600), healthCheckAfter: Duration = .seconds(30)
    ) {
        self.maximumConnections = maximumConnections
        self.minimumConnections = minimumConnections
        self.maximumWaiters = maximumWaiters
        self.acquireTimeout = acquireTimeout
        self.idleTimeout = idleTimeout
        self.maximumLifetime = maximumLifetime
        self.healthCheckAfter = healthCheckAfter
    }

    /// Before the next attempt to connect: 50 ms after the first failure, twice as long after each further one, at most 1 s; give or take a
    /// quarter.
    func pause(afterFailures failures: Int) -> Duration {
        let longest = min(1000, 50 << min(max(0, failures - 1), 5))
        return .milliseconds(longest) * Double.random(in: 0.75...1.25)
    }
}

/// What a pool holds at one moment, and what it has seen since its start.
public struct PostgresPoolMetrics: Sendable, Equatable {
    /// Connections that are lent.
    public var inUse: Int
    public var idle: Int
    public var connecting: Int
    /// Callers that wait now.
    public var waiting: Int
    /// Callers that had to wait and got a connection.
    public var waitCount: UInt64
    /// How long all of them waited together.
    public var totalWait: Duration
    public var longestWait: Duration
    /// Callers that waited in vain.
    public var acquireTimeouts: UInt64
}
