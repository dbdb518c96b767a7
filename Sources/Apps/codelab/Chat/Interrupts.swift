import Synchronization

/// Ctrl-C, as the parts of a chat see it: the first one during a turn cancels the turn and what it runs, the next one leaves.
final class Interrupts: Sendable {
    private struct State {
        /// Cancels the running turn; nil when none runs.
        var cancelTurn: (@Sendable () async throws -> Void)?
        var isInterrupted = false
        var waiter: (id: Int, continuation: CheckedContinuation<Void, Never>)?
        var lastID = 0
    }

    private let state = Mutex(State())

    /// - Parameter cancel: asks the server to cancel the turn.
    func turnBegins(cancel: @escaping @Sendable () async throws -> Void) {
        state.withLock { state in
            state.cancelTurn = cancel
            state.isInterrupted = false
        }
    }

    func turnEnded() {
        state.withLock { $0.cancelTurn = nil }
    }

    /// Ctrl-C was pressed.
    ///
    /// - Returns: what cancels the running turn; nil when the program shall end.
    func interrupt() -> (@Sendable () async throws -> Void)? {
        let (cancelTurn, waiter) = state.withLock { state -> ((@Sendable () async throws -> Void)?, CheckedContinuation<Void, Never>?) in
            guard let cancelTurn = state.cancelTurn, !state.isInterrupted else { return (nil, nil) }
            state.isInterrupted = true
            defer { state.waiter = nil }
            return (cancelTurn, state.waiter?.continuation)
        }
        waiter?.resume()
        return cancelTurn
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
