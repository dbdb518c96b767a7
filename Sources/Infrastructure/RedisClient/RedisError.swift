/// What went wrong between a caller and the Redis server.
public struct RedisError: Error, Sendable {
    /// The kind of failure.
    public enum Code: Sendable, Equatable {
        /// The URL is none of Redis.
        case configuration
        /// There is no connection, and none could be made in time.
        case connectionFailed
        /// The connection ended while a command was under way. Whether the server carried it out is not known.
        case connectionLost
        /// The server did not answer in time; the connection has been closed. Whether it carried the command out is not known.
        case timeout
        /// More commands, or more bytes, wait for answers than the configuration allows: this one was not sent.
        case overloaded
        /// The client or the connection has been closed.
        case closed
        /// The server refused the command: see ``RedisError/prefix``.
        case server
        /// The server's answer is larger than allowed, or none of its protocol; the connection has been closed.
        case invalidReply
        /// The server's answer is not what the command's caller understands.
        case unexpectedReply
    }

    public let code: Code
    public let message: String
    /// The first word of the server's error, by which its kinds are told apart: `WRONGTYPE`, `NOSCRIPT`, `LOADING`, …
    public let prefix: String?
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, prefix: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.prefix = prefix
        self.cause = cause
    }

    /// An error that the server sent.
    init(serverMessage text: String) {
        self.init(.server, text, prefix: text.split(separator: " ", maxSplits: 1).first.map(String.init))
    }
}

extension RedisError: CustomStringConvertible {
    public var description: String { cause.map { "\(message): \($0)" } ?? message }
}
