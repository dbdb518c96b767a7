internal import Synchronization

extension PostgresPool {
    /// Somebody who waits for a connection.
    enum Waiter: Sendable {
        case task(CheckedContinuation<PostgresConnection, any Error>)
        case statement(Statement)

        /// - Returns: false when it has no use for the connection.
        func take(_ connection: PostgresConnection) -> Bool {
            switch self {
            case .task(let continuation):
                continuation.resume(returning: connection)
                return true
            case .statement(let statement): return statement.begin(on: connection)
            }
        }

        func fail(_ error: any Error) {
            switch self {
            case .task(let continuation): continuation.resume(throwing: error)
            case .statement(let statement): statement.resume(.failure(error))
            }
        }
    }

    /// A statement that waits for a connection and then for its answer.
    ///
    /// Its task is suspended once for both. Whoever notices that a connection has become free sends the next statement at once: under load that is
    /// the thread which has just read the answer to the one before, so that the server need not wait until a task has been woken.
    final class Statement: Sendable {
        enum Outcome: Sendable {
            case results([PostgresResult])
            /// The connection is lent to the task: the statement has to be prepared there first, or once more.
            case connection(PostgresConnection)
            /// The same, but nobody has used it for so long that it has to be asked first.
            case unchecked(PostgresConnection)
        }

        private struct State {
            /// Until it has been resumed.
            var continuation: CheckedContinuation<Outcome, any Error>?
            var running: (connection: PostgresConnection, exchange: UInt64)?
            var isCancelled = false
        }

        let id: UInt64
        private let query: PostgresQuery
        private let pool: PostgresPool
        private let state = Mutex(State())

        init(_ query: PostgresQuery, id: UInt64, pool: PostgresPool) {
            self.query = query
            self.id = id
            self.pool = pool
        }

        func wait(_ continuation: CheckedContinuation<Outcome, any Error>) { state.withLock { $0.continuation = continuation } }

        func resume(_ outcome: Result<Outcome, any Error>) {
            let continuation = state.withLock { state in
                state.running = nil
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume(with: outcome)
        }

        /// - Returns: false when the connection is free still: the statement has failed already.
        func begin(on connection: PostgresConnection) -> Bool {
            let exchange = connection.newExchangeID()
            let isCancelled = state.withLock { state in
                if !state.isCancelled { state.running = (connection, exchange) }
                return state.isCancelled
            }
            if isCancelled {
                resume(.failure(CancellationError()))
                return false
            }
            switch connection.begin(prepared: query, exchange, completion: { self.end($0, on: connection) }) {
            case .begun:
                // The cancellation may have come before there was something to cancel.
                if state.withLock({ $0.isCancelled }) { connection.cancel(exchange) }
                return true
            case .unprepared:
                resume(.success(.connection(connection)))
                return true
            case .failed(let error):
                resume(.failure(error))
                return false
            }
        }

        private func end(_ result: Result<[PostgresResult], any Error>, on connection: PostgresConnection) {
            if case .failure(let error as PostgresError) = result, error.isOfStalePlan, connection.isIdle {
                return resume(.success(.connection(connection)))
            }
            // The next statement first: the server has nothing to do.
            pool.release(connection)
            resume(result.map { .results($0) })
        }

        func cancel() {
            let running = state.withLock { state in
                state.isCancelled = true
                return state.running
            }
            if let running { return running.connection.cancel(running.exchange) }
            pool.withdraw(id)
        }
    }
}
