/// Why a model gave no complete answer.
public struct ModelFailure: Error, Sendable {
    /// The kind of failure.
    public enum Code: Sendable {
        /// It cannot be reached, or failed.
        case unavailable
        /// It takes no more requests for now.
        case rateLimited
        /// It refused the request.
        case rejected
        /// It answered what is not an answer.
        case invalidOutput
    }

    public let code: Code
    /// For the user; without internals.
    public let message: String
    /// For the log only.
    public let cause: (any Error)?

    public init(_ code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
