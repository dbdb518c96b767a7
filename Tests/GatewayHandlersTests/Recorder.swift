import Synchronization

/// Keeps what happens, for a test to wait for. One waiter at a time.
final class Recorder<Element: Sendable>: Sendable {
    private struct State {
        var all: [Element] = []
        var taken = 0
        var waiter: CheckedContinuation<Element, any Error>?
    }

    private let state = Mutex(State())

    var all: [Element] { state.withLock { $0.all } }

    func record(_ element: Element) {
        let waiter = state.withLock { state -> CheckedContinuation<Element, any Error>? in
            state.all.append(element)
            guard let waiter = state.waiter else { return nil }
            state.waiter = nil
            state.taken += 1
            return waiter
        }
        waiter?.resume(returning: element)
    }

    /// The first element that was not taken yet; waits for it. Throws when the task is cancelled.
    func next() async throws -> Element {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let element = state.withLock { state -> Result<Element, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.taken < state.all.count else {
                        state.waiter = continuation
                        return nil
                    }
                    state.taken += 1
                    return .success(state.all[state.taken - 1])
                }
                if let element { continuation.resume(with: element) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
