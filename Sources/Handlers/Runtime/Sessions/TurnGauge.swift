import Metrics

/// A turn that runs, among those that are counted as running, with the approvals that it waits for.
final class TurnGauge {
    private var approvals = 0

    init() { RuntimeMetrics.shared.turnsRunning.increment() }

    /// Counts the approvals that the turn waits for now.
    func follow(_ machine: TurnStateMachine) {
        count(machine.pendingCalls.count { if case .awaitingApproval = $0.progress { true } else { false } })
    }

    /// The turn runs no more, whatever it still waited for.
    func end() {
        count(0)
        RuntimeMetrics.shared.turnsRunning.decrement()
    }

    private func count(_ approvals: Int) {
        let waiting = RuntimeMetrics.shared.approvalsWaiting
        if approvals > self.approvals { waiting.increment(by: Double(approvals - self.approvals)) }
        if approvals < self.approvals { waiting.decrement(by: Double(self.approvals - approvals)) }
        self.approvals = approvals
    }
}
