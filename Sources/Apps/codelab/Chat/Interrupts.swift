import Synchronization

/// Ctrl-C, as the parts of a chat see it: the first one during a turn cancels the turn and what it runs, the next one leaves.
final class Interrupts: Sendable {
    private struct State {
        var isTurnRunning = false
        var isInterrupted = false
        var waiter: (id: Int, continuation: CheckedContinuation<Void, Never>)?
        var lastID = 0
    }

    private let state = Mutex(State())

    func turnBegins() {
        state.withLock { state in
            state.isTurnRunning = true
            state.isInterrupted = false
        }
    }

    func turnEnded() {
        state.withLock { $0.isTurnRunning = false }
    }

    /// Ctrl-C was pressed.
    ///
    /// - Returns: whether a turn is to be cancelled by it; otherwise the program shall end.
    func interrupt() -> Bool {
        let (cancelsTurn, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard state.isTurnRunning, !state.isInterrupted else { return (false, nil) }
            state.isInterrupted = true
            defer { state.waiter = nil }
            return (true, state.waiter?.continuation)
        }
        waiter?.resume()
        return cancelsTurn
    }

    /// Returns when the running turn is interrupted, or the task cancelled. One waiter at a time.
    private func wait() async {
        let id = state.withLock { state -> Int in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    if state.isInterrupted || Task.isCancelled { return true }
                    state.waiter = (id, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard state.waiter?.id == id else { return nil }
                defer { state.waiter = nil }
                return state.waiter?.continuation
            }
            waiter?.resume()
        }
    }

    /// Runs `body` until it ends or the turn is interrupted; then it is cancelled, and the result is nil.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await self.wait()
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
