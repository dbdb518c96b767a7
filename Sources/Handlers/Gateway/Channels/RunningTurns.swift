import RuntimeAPI
import Synchronization

/// Which turns of a session run, as far as its events have told. One waiter at a time.
final class RunningTurns: Sendable {
    private struct State {
        var turns: Set<String> = []
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Before an event is told to the client: a turn that it may know of counts as running.
    func willTell(_ event: RuntimeAPI.Schemas.SessionEvent) {
        guard case .turnStarted(let event) = event else { return }
        state.withLock { _ = $0.turns.insert(event.turnID) }
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

    private func end(_ turnID: String) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.turns.remove(turnID)
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
