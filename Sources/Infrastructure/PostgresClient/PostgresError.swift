/// What went wrong between a caller and the PostgreSQL server.
public struct PostgresError: Error, Sendable {
    /// The kind of failure.
    public enum Code: Sendable, Equatable {
        /// The settings are not what libpq understands.
        case configuration
        /// No connection could be made: the server is not there, or refuses the credentials, which ``PostgresError/sqlState`` says.
        case connectionFailed
        /// No connection could be made: the server's certificate is not signed by a trusted authority or names another host, or the server has
        /// no TLS though `sslmode` demands it.
        case untrustedServer
        /// The connection ended while a statement was under way. Whether the server carried it out is not known: whoever repeats it has to
        /// know that doing it twice is harmless.
        case connectionLost
        /// The server gave no answer in time; the connection has been closed. What the statement did is not known.
        case timeout
        /// No connection of the pool became free in time. The cause is why the last attempt to make one failed, if it did. When the server
        /// refuses the login there is no waiting: that error is thrown itself.
        case acquireTimeout
        /// More callers wait for a connection than the pool allows.
        case tooManyWaiters
        /// The pool or the connection has been closed.
        case closed
        /// Two statements at once on one connection.
        case connectionInUse
        /// The server refused or aborted the statement: see ``PostgresError/sqlState``.
        case server
        /// A parameter does not fit the type that the statement has for it.
        case parameter
        /// A value of the result is not what the caller asked for.
        case decoding
        /// The result is larger than ``PostgresConfiguration/maximumResultSize``; the connection has been closed.
        case resultTooLarge
    }

    public let code: Code
    /// For the log: may quote the statement's data, so it is not for the public.
    public let message: String
    /// The server's own code for the failure, when it gave one.
    public let sqlState: SQLState?
    /// The constraint that was violated, when there was one.
    public let constraint: String?
    /// The server's further explanation.
    public let detail: String?
    public let cause: (any Error)?

    public init(
        _ code: Code, _ message: String, sqlState: SQLState? = nil, constraint: String? = nil, detail: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.detail = detail
        self.cause = cause
    }

    /// Whether no connection can be made before somebody changes a setting, here or at the server: it refuses the credentials, has no such
    /// database, lets the user into none, or is not trusted.
    public var isRefusal: Bool {
        switch code {
        case .untrustedServer, .configuration: true
        case .connectionFailed: sqlState?.classCode == "28" || sqlState == .invalidCatalogName || sqlState == .insufficientPrivilege
        default: false
        }
    }

    /// Whether the whole transaction may simply be run again: it was rolled back because of others (PostgreSQL, chapter 13.5).
    public var isRetryable: Bool { sqlState == .serializationFailure || sqlState == .deadlockDetected }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        var text = message
        if let sqlState { text += " [\(sqlState.rawValue)]" }
        if let detail { text += " (\(detail))" }
        if let cause { text += ": \(cause)" }
        return text
    }
}
