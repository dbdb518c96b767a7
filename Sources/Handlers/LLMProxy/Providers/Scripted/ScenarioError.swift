/// What is wrong with a scenario file, and where.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// Both count from 1; the column counts Unicode scalars.
    public var line: Int
    public var column: Int
    public var message: String

    public init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// As compilers print it: `file:line:column: error: message`.
    public var description: String { "\(file):\(line):\(column): error: \(message)" }
}
