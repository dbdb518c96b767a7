import APISupport
import RuntimeHandlers
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualRuntimeClock: RuntimeClock {
    private struct State {
        var uptime = Duration.zero
        var nextSleeper = 0
        var sleepers: [Int: (deadline: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state = Mutex(State())

    func moment() -> Moment {
        let uptime = state.withLock(\.uptime)
        return Moment(date: Timestamp(secondsSinceEpoch: 1_750_000_000).advanced(by: uptime), uptime: uptime)
    }

    /// Moves the time on and wakes whoever waited for it.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.uptime += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.uptime }
            for sleeper in due.keys { state.sleepers[sleeper] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// How many tasks wait.
    var sleepers: Int { state.withLock(\.sleepers.count) }

    /// Whether a task waits for just this time.
    func hasSleeper(until uptime: Duration) -> Bool { state.withLock { $0.sleepers.values.contains { $0.deadline == uptime } } }

    func sleep(until uptime: Duration) async throws {
        let sleeper = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if uptime <= state.uptime { return .success(()) }
                    state.sleepers[sleeper] = (uptime, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.sleepers.removeValue(forKey: sleeper)?.continuation }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
