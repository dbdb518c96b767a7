/// A text that is not JSON (RFC 8259), or one that breaks a limit of the reader, and where that was seen.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Byte offset from the text's start, at or just before the byte that cannot stand there.
    public let offset: Int
    /// What is wrong, for people; never contains text of the document.
    public let reason: String

    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "byte \(offset): \(reason)" }
}
