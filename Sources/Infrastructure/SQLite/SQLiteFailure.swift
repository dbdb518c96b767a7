/// The embedded database could not do what it was asked.
public struct SQLiteFailure: Error, Sendable, CustomStringConvertible {
    /// What failed.
    public let message: String
    /// Why, as the driver says it.
    public let cause: (any Error)?

    public init(_ message: String, cause: (any Error)? = nil) {
        self.message = message
        self.cause = cause
    }

    public var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}
