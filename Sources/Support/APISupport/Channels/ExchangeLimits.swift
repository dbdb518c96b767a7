/// What requests and answers on one connection may cost.
public struct ExchangeLimits: Sendable {
    /// What happens when messages that are no replies come faster than they are taken from `incoming`.
    public enum Overflow: Sendable {
        /// The connection is closed with this code: a consumer that slow is none.
        case close(WebSocketCloseCode)
        /// Nothing more is read from the peer until there is room; replies wait as well.
        case holdBack
    }

    /// Requests that may wait for their reply; one more waits for a place.
    public var requestsInFlight: Int
    /// The peer's requests that are answered at a time; while there are that many, nothing more is read.
    public var answersInFlight: Int
    /// Time for a reply, the wait for a place included; a request may name another.
    public var timeout: Duration
    /// Other messages that may wait in `incoming`.
    public var waitingMessages: Int
    public var overflow: Overflow
    /// What `timeout` is measured by.
    public var clock: any Clock<Duration>

    public init(
        requestsInFlight: Int = 16, answersInFlight: Int = 16, timeout: Duration = .seconds(30), waitingMessages: Int = 256,
        overflow: Overflow = .close(.policyViolation), clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.requestsInFlight = max(1, requestsInFlight)
        self.answersInFlight = max(1, answersInFlight)
        self.timeout = timeout
        self.waitingMessages = max(1, waitingMessages)
        self.overflow = overflow
        self.clock = clock
    }
}

/// Why a request has no reply.
public struct RequestError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, Equatable {
        /// No reply came in time.
        case timedOut
        /// Another request with the same correlation id waits for its reply.
        case duplicate
        /// The message has no place for a correlation id.
        case uncorrelated
        /// The reply is not what the document describes; see ``RequestError/violations``.
        case invalidReply
        /// Nobody receives replies: see the publisher's `replies`.
        case noReplies
    }

    public var operationID: String
    public var code: Code
    public var violations: [Violation]

    public init(operationID: String, code: Code, violations: [Violation] = []) {
        self.operationID = operationID
        self.code = code
        self.violations = violations
    }

    public var description: String {
        let places = violations.prefix(3).map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
        return "\(operationID): \(code.rawValue)\(places.isEmpty ? "" : ": " + places)"
    }
}
