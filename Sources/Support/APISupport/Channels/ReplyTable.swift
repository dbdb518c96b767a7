internal import Synchronization

/// The requests of one connection that wait for their replies.
final class ReplyTable<Reply: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Reply, any Error>
    private typealias Queued = CheckedContinuation<Void, any Error>

    private let state: Mutex<StateMachine<Waiter, Queued>>
    private let clock: any Clock<Duration>

    init(places: Int, clock: any Clock<Duration> = ContinuousClock()) {
        state = Mutex(StateMachine(places: places))
        self.clock = clock
    }

    /// Makes one request: waits for a place, has it sent by `send` under a name of its own, and waits for the reply that bears the name.
    ///
    /// `send` gives the name before it sends anything; nil: the request is told from others by its order. Cancellation and `timeout` end
    /// every wait.
    func request(
        _ operationID: String, timeout: Duration, name: String?, send: @escaping @Sendable () async throws -> Void
    ) async throws -> Reply {
        let ticket = state.withLock { $0.ticket() }
        return try await withThrowingTaskGroup(of: Reply.self) { group in
            group.addTask { try await self.exchange(operationID, ticket: ticket, name: name, send: send) }
            group.addTask {
                try await self.clock.sleep(for: timeout)
                throw RequestError(operationID: operationID, code: .timedOut)
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw CancellationError() }
            return reply
        }
    }

    private func exchange(
        _ operationID: String, ticket: Int, name: String?, send: @Sendable () async throws -> Void
    ) async throws -> Reply {
        try await place(for: ticket)
        defer { state.withLock { $0.leave(ticket) }?.resume() }
        guard state.withLock({ $0.name(ticket, name) }) else { throw RequestError(operationID: operationID, code: .duplicate) }
        try await send()
        return try await reply(to: ticket)
    }

    private func place(for ticket: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Queued) in
                let admission = state.withLock { state -> StateMachine<Waiter, Queued>.Admission in
                    Task.isCancelled ? .ended(CancellationError()) : state.admit(ticket, continuation)
                }
                switch admission {
                case .admitted: continuation.resume()
                case .queued: break
                case .ended(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            state.withLock { $0.cancelAdmission(ticket) }?.resume(throwing: CancellationError())
        }
    }

    private func reply(to ticket: Int) async throws -> Reply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Waiter) in
                let wait = state.withLock { state -> StateMachine<Waiter, Queued>.Wait in
                    Task.isCancelled ? .ended(CancellationError()) : state.wait(ticket, continuation)
                }
                switch wait {
                case .reply(let reply): continuation.resume(returning: reply)
                case .waiting: break
                case .ended(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            state.withLock { $0.cancelWait(ticket) }?.resume(throwing: CancellationError())
        }
    }

    /// Hands a reply to the request of that name; false: there is none.
    func deliver(_ reply: Reply, for name: String) -> Bool {
        let (isTaken, waiter) = state.withLock { $0.deliver(reply, for: name) }
        waiter?.resume(returning: reply)
        return isTaken
    }

    /// Hands a reply to the oldest request without a name; false: there is none.
    func deliverInOrder(_ reply: Reply) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, Waiter?) in
            guard let ticket = state.oldest else { return (false, nil) }
            return state.deliver(reply, to: ticket)
        }
        waiter?.resume(returning: reply)
        return isTaken
    }

    var hasNamed: Bool { state.withLock { $0.hasNamed } }
    var hasOrdered: Bool { state.withLock { $0.oldest != nil } }

    /// No reply comes any more: every request fails with `error`.
    func finish(_ error: any Error) {
        let (waiters, queued) = state.withLock { $0.finish(error) }
        for waiter in waiters { waiter.resume(throwing: error) }
        for waiter in queued { waiter.resume(throwing: error) }
    }
}
