/// Why a tool could not do what it was asked: what the model (and the person at the terminal) reads as the tool's error.
///
/// The message names the argument or the path and what would work instead; it never holds a path outside the workspace,
/// the environment or anything else the server side has no business knowing.
public struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that decides by it (tests, exit codes).
    public enum Code: String, Sendable, Equatable {
        case unknownTool
        case invalidArguments
        case outsideWorkspace
        case notFound
        case notAFile
        case notADirectory
        case alreadyExists
        case tooLarge
        case notText
        case permissionDenied
        case systemError
        case cancelled
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
