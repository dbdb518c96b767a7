internal import Synchronization

/// Lets one of several callers do a piece of work, and gives all of them what came of it.
///
/// The work runs in the caller that came first, as part of its task: when that one is cancelled, the next caller takes over.
public final class SingleFlight<Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Result<Value, any Error>?, Never>

    private struct State {
        var isRunning = false
        var waiters: [Int: Waiter] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// The result of `work`, or of the same work under way for another caller. Throws what it threw.
    public func run(_ work: () async throws -> Value) async throws -> Value {
        while true {
            let isFirst = state.withLock { state in
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isFirst { return try await lead(work) }
            switch await follow() {
            case .success(let value)?: return value
            case .failure(let error)? where !(error is CancellationError): throw error
            // Whoever led was cancelled, or had just finished: perhaps it is our turn.
            default: try Task.checkCancellation()
            }
        }
    }

    private func lead(_ work: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(Task.isCancelled ? CancellationError() : error)
        }
        let waiters = state.withLock { state in
            defer { (state.isRunning, state.waiters) = (false, [:]) }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: result) }
        return try result.get()
    }

    /// Waits for the work under way; nil when there is none any more.
    private func follow() async -> Result<Value, any Error>? {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Waiter) in
                let isWaiting = state.withLock { state in
                    guard state.isRunning, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !isWaiting { continuation.resume(returning: nil) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
        }
    }
}
