/// A place in a source document, as editors count: both numbers start at 1, the column counts Unicode scalars.
public struct SourcePosition: Sendable, Hashable {
    /// The path of the file as the tool was given it.
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: Comparable {
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
    }
}
