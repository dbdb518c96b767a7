/// PostgreSQL and Redis. Their URLs may hold passwords, so that they are given as secrets are: never in the YAML file.
extension Setting {
    static let databaseURL = Setting(secret: "CODELAB_DATABASE_URL")
    static let redisURL = Setting(secret: "CODELAB_REDIS_URL")

    /// A database of one service's own; nil for a service that keeps nothing.
    static func databaseURL(of service: ServiceName) -> Setting? {
        switch service {
        case .auth: Setting(secret: "CODELAB_AUTH_DATABASE_URL")
        case .runtime: Setting(secret: "CODELAB_RUNTIME_DATABASE_URL")
        case .gateway, .llmProxy, .website: nil
        }
    }

    static let migrate = Setting("CODELAB_MIGRATE", "database.migrate")
    static let startTimeout = Setting("CODELAB_START_TIMEOUT", "start_timeout")

    static let databaseMaximumConnections = Setting("CODELAB_DATABASE_MAX_CONNECTIONS", "database.max_connections")
    static let databaseMinimumConnections = Setting("CODELAB_DATABASE_MIN_CONNECTIONS", "database.min_connections")
    static let databaseMaximumWaiters = Setting("CODELAB_DATABASE_MAX_WAITERS", "database.max_waiters")
    static let databaseAcquireTimeout = Setting("CODELAB_DATABASE_ACQUIRE_TIMEOUT", "database.acquire_timeout")
    static let databaseConnectTimeout = Setting("CODELAB_DATABASE_CONNECT_TIMEOUT", "database.connect_timeout")
    static let databaseStatementTimeout = Setting("CODELAB_DATABASE_STATEMENT_TIMEOUT", "database.statement_timeout")
    static let databaseIdleTimeout = Setting("CODELAB_DATABASE_IDLE_TIMEOUT", "database.idle_timeout")
    static let databaseMaximumLifetime = Setting("CODELAB_DATABASE_MAX_LIFETIME", "database.max_lifetime")

    static let redisConnections = Setting("CODELAB_REDIS_CONNECTIONS", "redis.connections")
    static let redisConnectTimeout = Setting("CODELAB_REDIS_CONNECT_TIMEOUT", "redis.connect_timeout")
    static let redisCommandTimeout = Setting("CODELAB_REDIS_COMMAND_TIMEOUT", "redis.command_timeout")

    /// All of these.
    static let stores: [Setting] =
        [
            databaseURL, redisURL, migrate, startTimeout, databaseMaximumConnections, databaseMinimumConnections, databaseMaximumWaiters,
            databaseAcquireTimeout, databaseConnectTimeout, databaseStatementTimeout, databaseIdleTimeout, databaseMaximumLifetime,
            redisConnections, redisConnectTimeout, redisCommandTimeout,
        ] + ServiceName.allCases.compactMap(databaseURL(of:))
}
