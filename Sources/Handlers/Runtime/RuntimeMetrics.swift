import Metrics

/// What the runtime counts and measures, all of it at 0 from its start on. No label is of a user's, a session's or a model's choosing.
struct RuntimeMetrics: Sendable {
    static let shared = RuntimeMetrics()

    /// Sessions that this replica has, each under its lease.
    let sessionsOpen = Meter(label: "codelab_sessions_open")
    let leasesLost = Counter(label: "codelab_session_leases_lost_total")
    /// Sessions found whose turn a replica left running that is gone.
    let sessionsInterrupted = Counter(label: "codelab_sessions_interrupted_total")
    let turnsRunning = Meter(label: "codelab_turns_running")
    let turnsRefused = Counter(label: "codelab_turns_refused_total")
    let approvalsWaiting = Meter(label: "codelab_approvals_waiting")
    let outboxWaiting = Meter(label: "codelab_outbox_waiting")
    let outboxFailures = Counter(label: "codelab_outbox_failures_total")
    /// The age of the oldest event that waits, in seconds.
    let outboxLag = Meter(label: "codelab_outbox_lag_seconds")
    private let turnDurations = Dictionary(
        uniqueKeysWithValues: TurnOutcome.all.map {
            ($0, Timer(label: "codelab_turn_duration_seconds", dimensions: [("outcome", $0.name)]))
        })

    /// What became of a turn.
    func turnEnded(_ outcome: TurnOutcome, after duration: Duration) { turnDurations[outcome]?.record(duration: duration) }

    /// What was stored of a turn and is told outside of it.
    func record(_ occurrences: [Occurrence]) {
        for occurrence in occurrences {
            switch occurrence.fact {
            case .toolExecutionCompleted(_, let tool, let duration): record(tool, "completed", duration)
            case .toolExecutionFailed(_, let tool, let duration, let reason): record(tool, reason.rawValue, duration)
            case .approvalDecided(_, _, _, let decision, let decider, let waited):
                Timer(label: "codelab_approval_wait_seconds", dimensions: [("decision", decision), ("by", decider.rawValue)])
                    .record(duration: waited)
            default: continue
            }
        }
    }

    /// A model may ask for tools that there are not, by any name.
    private func record(_ tool: String, _ outcome: String, _ duration: Duration) {
        let tool = ToolName(rawValue: tool)?.rawValue ?? "unknown"
        Timer(label: "codelab_tool_execution_duration_seconds", dimensions: [("tool", tool), ("outcome", outcome)]).record(
            duration: duration)
    }
}

/// How a turn came to its end.
enum TurnOutcome: Sendable, Hashable {
    case completed
    case cancelled
    case failed(TurnFailure.Code)

    static let all = [Self.completed, .cancelled] + TurnFailure.Code.allCases.map(Self.failed)

    /// Of the turn whose last event this is; nil when it is not the last.
    init?(_ event: SessionEvent?) {
        switch event {
        case .turnCompleted: self = .completed
        case .turnCancelled: self = .cancelled
        case .turnFailed(_, let failure): self = .failed(failure.code)
        default: return nil
        }
    }

    var name: String {
        switch self {
        case .completed: "completed"
        case .cancelled: "cancelled"
        case .failed(let code): code.rawValue
        }
    }
}
