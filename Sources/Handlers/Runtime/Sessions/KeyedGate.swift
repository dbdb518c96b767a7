import Synchronization

/// Lets one task at a time pass for each key, in the order in which they come. It keeps nothing of keys that nobody passes or waits for.
final class KeyedGate: Sendable {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// Of the keys that somebody passes, who waits.
        var waiters: [String: [Waiter]] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    /// Runs `body` when nobody else does for the same key.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; what `body` throws.
    func pass<Value: Sendable>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        try await enter(key)
        defer { leave(key) }
        return try await body()
    }

    private func enter(_ key: String) async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.waiters[key] != nil else {
                        state.waiters[key] = []
                        return .success(())
                    }
                    state.waiters[key]?.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters[key]?.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters[key]?.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func leave(_ key: String) {
        let next = state.withLock { state -> Waiter? in
            guard var waiters = state.waiters[key], !waiters.isEmpty else {
                state.waiters[key] = nil
                return nil
            }
            let next = waiters.removeFirst()
            state.waiters[key] = waiters
            return next
        }
        next?.continuation.resume()
    }
}
