import APISupport
import HTTPTypes

extension RequestFailure.Code {
    static let unknownSession = RequestFailure.Code(status: 404, name: "unknown-session", title: "Unknown session")
    static let unknownCall = RequestFailure.Code(status: 404, name: "unknown-call", title: "Unknown tool call")
    static let unknownApproval = RequestFailure.Code(status: 404, name: "unknown-approval", title: "Unknown approval")
    static let noTurn = RequestFailure.Code(status: 404, name: "no-turn", title: "No such turn")
    static let turnRunning = RequestFailure.Code(status: 409, name: "turn-running", title: "A turn is running")
    static let alreadyDecided = RequestFailure.Code(status: 409, name: "already-decided", title: "Already decided")
    static let eventsGone = RequestFailure.Code(status: 410, name: "events-gone", title: "Events no longer kept")
    static let invalidArguments = RequestFailure.Code(status: 422, name: "invalid-arguments", title: "Invalid tool arguments")
    static let tooManyTurns = RequestFailure.Code(status: 503, name: "busy", title: "Too many turns")
    static let sessionUnavailable = RequestFailure.Code(status: 503, name: "session-unavailable", title: "Session unavailable")
    static let tooManyReaders = RequestFailure.Code(status: 503, name: "busy", title: "Too many event readers")
}

extension RequestFailure {
    /// How a session's refusal is answered.
    init(_ refusal: LiveSession.Refusal) {
        switch refusal {
        case .turnRunning:
            self.init(.turnRunning, detail: "This session has a running turn. Wait for its end, or cancel it.")
        case .noRoom:
            self.init(
                .tooManyTurns, detail: "The runtime runs as many turns as it can. Try again in a few seconds.",
                headerFields: [.retryAfter: "5"]
            )
        case .moved:
            self = .sessionUnavailable()
        case .turn(let refusal):
            self.init(refusal)
        }
    }

    private init(_ refusal: TurnRefusal) {
        switch refusal {
        case .unknownCall:
            self.init(.unknownCall, detail: "No tool call with this call_id waits.")
        case .noSuchTurn:
            self.init(.noTurn, detail: "No such turn is running.")
        case .alreadyDecided:
            self.init(.alreadyDecided, detail: "This tool call waits for its result; it has been decided about.")
        case .argumentsMissing:
            self.init(
                .invalidArguments, detail: "The decision `edit` needs the arguments.",
                violations: [Violation(pointer: "/modified_arguments", rule: "required", message: "is required")]
            )
        case .arguments(let refusal):
            self.init(.invalidArguments, detail: refusal.message, violations: refusal.violations)
        }
    }

    /// How a refused event stream is answered.
    init(_ refusal: EventLog.Refusal) {
        switch refusal {
        case .gone:
            self.init(
                .eventsGone, detail: "The events behind this id are no longer kept. Read the history and subscribe without an id."
            )
        case .tooManyReaders:
            self.init(
                .tooManyReaders, detail: "This session has as many event readers as it may have.", headerFields: [.retryAfter: "5"]
            )
        }
    }
}
