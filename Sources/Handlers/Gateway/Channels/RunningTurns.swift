import RuntimeAPI
import Synchronization

/// Which turns of a session run, as far as its events and the runtime's answers have told. One waiter at a time.
final class RunningTurns: Sendable {
    private struct State {
        var turns: Set<String> = []
        /// The turn that ended last: an answer about its beginning may come later than its end.
        var lastEnded: String?
        /// Whether a frame is on its way that begins one.
        var isBeginning = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Those that run.
    var all: Set<String> { state.withLock(\.turns) }

    /// Whether a frame is on its way that begins one: it may run already.
    var isBeginning: Bool { state.withLock(\.isBeginning) }

    /// Whether one runs or may.
    var mayRun: Bool { state.withLock { $0.isBeginning || !$0.turns.isEmpty } }

    /// A frame that begins a turn is given to the runtime.
    func setBeginning(_ isBeginning: Bool) { state.withLock { $0.isBeginning = isBeginning } }

    /// A turn runs: one that this connection has begun, or that was running when it came.
    func begin(_ turnID: String) {
        state.withLock { state in
            if state.lastEnded != turnID { state.turns.insert(turnID) }
        }
    }

    /// Before an event is told to the client: a turn that it may know of counts as running.
    func willTell(_ event: RuntimeAPI.Schemas.SessionEvent) {
        if let turnID = event.turnID { begin(turnID) }
    }

    /// After an event was told to the client: a turn runs until the client knows of its end.
    func didTell(_ event: RuntimeAPI.Schemas.SessionEvent) {
        switch event {
        case .turnCompleted(let event): end(event.turnID)
        case .turnFailed(let event): end(event.turnID)
        case .turnCancelled(let event): end(event.turnID)
        default: break
        }
    }

    /// The client knows that a turn is over.
    func end(_ turnID: String) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.turns.remove(turnID)
            state.lastEnded = turnID
            guard state.turns.isEmpty else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when no turn runs, or the task is cancelled.
    func untilNone() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    if state.turns.isEmpty || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}

extension RuntimeAPI.Schemas.SessionEvent {
    /// The turn that it is of.
    fileprivate var turnID: String? {
        switch self {
        case .turnStarted(let event): event.turnID
        case .textDelta(let event): event.turnID
        case .assistantMessage(let event): event.turnID
        case .toolCall(let event): event.turnID
        case .toolResultRecorded(let event): event.turnID
        case .agentSwitched(let event): event.turnID
        case .approvalRequired(let event): event.turnID
        case .approvalSettled(let event): event.turnID
        case .turnCompleted(let event): event.turnID
        case .turnFailed(let event): event.turnID
        case .turnCancelled(let event): event.turnID
        }
    }
}
