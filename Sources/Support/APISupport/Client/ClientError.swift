/// A response that its operation's specification does not describe, or that cannot be read.
public struct ClientError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case undeclaredStatus
        case undeclaredContentType
        /// Not in the syntax of its media type.
        case malformedBody
        /// Breaks its schema; see ``ClientError/violations``.
        case invalidBody
        case bodyTooLarge
        /// A declared header field is absent or not readable.
        case invalidHeader
        /// The server's URL is none.
        case invalidServerURL
        /// A WebSocket connection was refused; the status says how.
        case upgradeRefused
    }

    public var operationID: String
    /// The response's status; 0 when there is no response.
    public var status: Int
    public var code: Code
    public var detail: String
    public var violations: [Violation]
    /// The first bytes of the body, where they help to see what came instead.
    public var bodyPrefix: [UInt8]

    public init(
        operationID: String, status: Int, code: Code, detail: String = "", violations: [Violation] = [], bodyPrefix: [UInt8] = []
    ) {
        self.operationID = operationID
        self.status = status
        self.code = code
        self.detail = detail
        self.violations = violations
        self.bodyPrefix = bodyPrefix
    }

    /// The problem details that the body holds; nil when it holds none.
    public var problem: Problem? { try? JSONReader.decode(Problem.self, from: bodyPrefix) }

    /// Without the body, which may hold what no log should.
    public var description: String {
        let places = violations.prefix(3).map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
        let text = [detail, places].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(operationID): \(code.rawValue), status \(status)\(text.isEmpty ? "" : ": " + text)"
    }
}
