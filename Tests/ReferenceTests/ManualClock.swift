import Synchronization

/// A clock whose time goes on when a test says so.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    private typealias Sleeper = (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)

    private struct State {
        var now = Instant()
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0
        /// Who waits until there are so many sleepers.
        var watcher: (count: Int, continuation: CheckedContinuation<Void, Never>)?

        mutating func takeWatcher() -> CheckedContinuation<Void, Never>? {
            guard let waiting = watcher, sleepers.count >= waiting.count else { return nil }
            watcher = nil
            return waiting.continuation
        }
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (isOver, watcher) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                    if Task.isCancelled || deadline <= state.now { return (true, nil) }
                    state.sleepers[id] = (deadline, continuation)
                    return (false, state.takeWatcher())
                }
                watcher?.resume()
                if isOver { continuation.resume(with: Result { try Task.checkCancellation() }) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until at least `count` tasks sleep.
    func wait(forSleepers count: Int) async {
        await withCheckedContinuation { continuation in
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                state.watcher = (count, continuation)
                return state.takeWatcher()
            }?.resume()
        }
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }
}
