internal import Synchronization

/// How far a transaction is kept apart from others (PostgreSQL, chapter 13.2).
public enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

extension PostgresConnection {
    /// Runs statements as one transaction: all of them or, when `body` throws, none.
    ///
    /// - Throws: What `body` throws. A ``PostgresError`` of code `connectionLost` or `timeout` from the commit itself means that nobody knows whether
    ///   the transaction took place.
    @discardableResult
    public func transaction<Value: Sendable>(
        isolation: PostgresIsolation = .readCommitted, readOnly: Bool = false,
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await execute(script: "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(readOnly ? "READ ONLY" : "READ WRITE")")
        let value: Value
        do {
            value = try await body(self)
            try Task.checkCancellation()
        } catch {
            await rollBack()
            throw error
        }
        try await commit()
        return value
    }

    /// The server answers COMMIT of a transaction that had failed with ROLLBACK, and calls that a success.
    private func commit() async throws {
        guard state.withLock({ $0.transaction }) == .open else {
            await rollBack()
            throw PostgresError(.server, "The transaction had failed, and its failure was passed over", sqlState: .inFailedTransaction)
        }
        try await execute(script: "COMMIT")
    }

    private func rollBack() async {
        guard isOpen else { return }
        // A cancelled task waits for nothing any more: the server rolls back when the connection ends.
        if Task.isCancelled { return close() }
        do {
            try await execute(script: "ROLLBACK")
        } catch {
            close(because: PostgresError(.closed, "A transaction could not be rolled back", cause: error))
        }
    }
}
