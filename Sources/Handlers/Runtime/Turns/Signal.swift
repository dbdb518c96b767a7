import Synchronization

/// Wakes one waiting task. A signal that comes before the wait is kept; several count as one.
final class Signal: Sendable {
    private enum State {
        case quiet
        case signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    /// Ends the present or the next wait.
    func notify() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            if case .waiting(let waiter) = state {
                state = .quiet
                return waiter
            }
            state = .signalled
            return nil
        }
        waiter?.resume()
    }

    /// Returns after ``notify()``, or when the task is cancelled. One task at a time may wait; another one does not.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumeNow = state.withLock { state in
                    switch state {
                    case .quiet where !Task.isCancelled:
                        state = .waiting(continuation)
                        return false
                    case .signalled:
                        state = .quiet
                        return true
                    case .quiet, .waiting:
                        return true
                    }
                }
                if resumeNow { continuation.resume() }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard case .waiting(let waiter) = state else { return nil }
                state = .quiet
                return waiter
            }
            waiter?.resume()
        }
    }
}
