/// A database's tables cannot be brought up to date.
public struct MigrationFailure: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable {
        /// An applied step differs from the program's.
        case changed
        /// The database has steps that the program does not know.
        case newer
        /// A number is missing.
        case gap
        /// The tables were made by a program that kept no such steps.
        case foreign
        /// Another process has been at it for too long.
        case locked
        /// A step failed, and was rolled back.
        case failed
    }

    public let code: Code
    public let service: String
    public let message: String
    public let cause: (any Error)?

    public init(_ code: Code, _ service: String, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.service = service
        self.message = message
        self.cause = cause
    }

    public var description: String {
        let text = "The tables of \(service) cannot be brought up to date: \(message)"
        return cause.map { "\(text): \($0)" } ?? text
    }
}
