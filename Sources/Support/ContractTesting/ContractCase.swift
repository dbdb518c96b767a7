public import HTTPTypes

/// One request derived from a spec, and what the spec says about its answer.
public struct ContractCase: Sendable {
    /// What must be true of the answer, beside being declared and conforming to its schema.
    public enum Expectation: Sendable, Equatable {
        /// A declared status from 200 to 399.
        case success
        /// Exactly this status.
        case status(Int)
    }

    /// `operationId`; empty for a request that no operation answers.
    public var operationID: String
    /// What is varied, such as `valid` or `body /title maxLength`.
    public var name: String
    public var head: HTTPRequest
    public var body: [UInt8]
    public var expectation: Expectation
    /// The pointer that the problem's `errors` must name: `/title`, or `query:limit`.
    public var violatedPointer: String?
}
