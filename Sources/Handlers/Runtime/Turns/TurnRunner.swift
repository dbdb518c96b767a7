import Synchronization
import Tracing

/// Runs the turns of all sessions as children of one task, at most so many at a time.
///
/// Room for a turn is reserved before anything of it is stored, so that a turn is never accepted that cannot run.
final class TurnRunner: Sendable {
    /// All room is taken, or the runner has ended.
    struct NoRoom: Error {}

    private struct State {
        var reserved = 0
        var hasEnded = false
    }

    private let maximumTurns: Int
    private let state = Mutex(State())
    private let jobs: AsyncStream<@Sendable () async -> Void>
    private let submit: AsyncStream<@Sendable () async -> Void>.Continuation

    init(maximumTurns: Int) {
        self.maximumTurns = maximumTurns
        // Every job has its reservation: the buffer cannot overflow.
        (jobs, submit) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(maximumTurns))
    }

    /// How many turns run or are about to.
    var activeTurns: Int { state.withLock(\.reserved) }

    /// Takes room for one turn, to be given back by ``release()`` or used by ``start(_:)``.
    func reserve() throws(NoRoom) {
        let isReserved = state.withLock { state in
            guard !state.hasEnded, state.reserved < maximumTurns else { return false }
            state.reserved += 1
            return true
        }
        guard isReserved else { throw NoRoom() }
    }

    /// Gives a reservation back.
    func release() { state.withLock { $0.reserved -= 1 } }

    /// Runs a turn on a reservation, which is given back at its end. It belongs to the trace of whoever starts it.
    func start(_ turn: @escaping @Sendable () async -> Void) {
        let context = ServiceContext.current
        submit.yield { await ServiceContext.withValue(context) { await turn() } }
    }

    /// Makes ``run()`` end. No more turns are accepted.
    func stop() {
        state.withLock { $0.hasEnded = true }
        submit.finish()
    }

    /// Runs turns until ``stop()``, or until the task is cancelled; then cancels those that run and returns when they have ended. To be called once.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask {
                    await job()
                    self.release()
                }
            }
            state.withLock { $0.hasEnded = true }
            group.cancelAll()
        }
    }
}
