public import HTTPTypes

/// A problem that a handler throws: answered as it is where its status is declared, as an internal error otherwise.
public struct ProblemError: Error, Sendable {
    public var problem: Problem
    /// Fields of the answer, such as `Retry-After`.
    public var headerFields: HTTPFields

    public init(_ problem: Problem, headerFields: HTTPFields = HTTPFields()) {
        self.problem = problem
        self.headerFields = headerFields
    }
}

/// A handler answered with a status code outside of what its specification declares for a range or `default`.
public struct UndeclaredStatus: Error, Sendable, Equatable {
    public let status: Int
    public let declared: ClosedRange<Int>
}

/// An operation's output was another case than the one asked for.
public struct UnexpectedOutput: Error, Sendable {
    public let operationID: String
    /// The case asked for.
    public let expected: String
    /// The output there was.
    public let output: any Sendable

    public init(operationID: String, expected: String, output: any Sendable) {
        self.operationID = operationID
        self.expected = expected
        self.output = output
    }
}
