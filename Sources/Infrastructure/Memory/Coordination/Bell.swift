internal import Coordination
internal import Synchronization

/// Wakes all who wait for a change: they look again, and wait again if it was not theirs.
final class Bell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var lastID: UInt64 = 0
    }

    private let maximumWaiting: Int
    private let state = Mutex(State())

    init(maximumWaiting: Int = 10_000) { self.maximumWaiting = maximumWaiting }

    /// Read it, look whether there is something, and then wait for a later one: nothing is missed between.
    var rings: UInt64 { state.withLock { $0.rings } }

    func ring() {
        let waiting = state.withLock { state in
            state.rings += 1
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when it has rung more than so many times, or the time is over.
    ///
    /// - Throws: `CancellationError`; ``TooManyWaiting``.
    func wait(after rings: UInt64, for duration: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.heard(after: rings) }
            group.addTask { try await Task.sleep(for: duration) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func heard(after rings: UInt64) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.rings > rings { return .success(()) }
                    guard state.waiting.count < maximumWaiting else { return .failure(TooManyWaiting()) }
                    state.waiting[id] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }
}

extension Bell {
    /// Asks until there is an answer, or the time is over.
    ///
    /// - Parameter body: Its answer; or else how long it will be until there may be one without the bell's ringing, nil: not at all.
    func waitForAnswer<Answer: Sendable>(
        for duration: Duration, _ body: () throws -> (Answer?, Duration?)
    ) async throws -> Answer? {
        let deadline = ContinuousClock.now + min(max(duration, .zero), .seconds(86_400))
        while true {
            try Task.checkCancellation()
            let rings = rings
            let (answer, next) = try body()
            if let answer { return answer }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return nil }
            try await wait(after: rings, for: min(left, max(next ?? left, .milliseconds(1))))
        }
    }
}
