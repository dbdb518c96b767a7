internal import CPostgres
internal import Synchronization

extension PostgresConnection {
    /// Runs a statement. Its text is prepared at its first use on this connection.
    ///
    /// - Throws: ``PostgresError``; `CancellationError` when the task was cancelled, in which case the server has been told to stop.
    @discardableResult
    public func query(_ query: PostgresQuery) async throws -> PostgresResult {
        let statement = try await prepare(query.sql)
        let parameters = try ParameterBuffer(query.parameters, as: statement.parameterTypes)
        do {
            return try Self.last(of: try await exchange(.results) { try parameters.send(statement.name, on: $0) })
        } catch let error as PostgresError where error.isOfStalePlan && isIdle {
            // The tables have changed since it was prepared. Nothing was carried out, and no transaction was spoilt.
            try await forget(query.sql, because: error)
            let statement = try await prepare(query.sql)
            let parameters = try ParameterBuffer(query.parameters, as: statement.parameterTypes)
            return try Self.last(of: try await exchange(.results) { try parameters.send(statement.name, on: $0) })
        }
    }

    /// Runs several statements with one round trip (libpq, chapter 34.5, pipeline mode): all of them or, when one fails, none, as one transaction
    /// if none is open.
    ///
    /// - Returns: Their results, in order.
    /// - Throws: The failure of the first one that failed.
    public func batch(_ queries: [PostgresQuery]) async throws -> [PostgresResult] {
        guard !queries.isEmpty else { return [] }
        var executions: [(name: String, parameters: ParameterBuffer)] = []
        executions.reserveCapacity(queries.count)
        for query in queries {
            let statement = try await prepare(query.sql)
            executions.append((statement.name, try ParameterBuffer(query.parameters, as: statement.parameterTypes)))
        }
        return try await exchange(.pipeline) { [executions] connection in
            for execution in executions { try execution.parameters.send(execution.name, on: connection) }
            try Self.check(PQpipelineSync(connection), connection)
        }
    }

    /// Runs statements that have no parameters and whose rows, if any, are of no interest: scripts, `BEGIN`, `SET`. Several, parted by semicolons,
    /// are one transaction if none is open.
    public func execute(script: String) async throws {
        guard !script.utf8.contains(0) else { throw PostgresError(.parameter, "The script contains a NUL") }
        try await exchange(.results) { try Self.check(PQsendQuery($0, script), $0) }
    }

    /// Asks whether the server is there; a connection whose server does not answer in time is closed.
    func check(within patience: Duration) async throws {
        try await exchange(.results, within: patience) { try Self.check(PQsendQuery($0, ""), $0) }
    }

    static func last(of results: [PostgresResult]) throws -> PostgresResult {
        guard let result = results.last else { throw PostgresError(.decoding, "The server gave no result") }
        return result
    }

    static func check(_ status: CInt, _ connection: OpaquePointer) throws {
        if status != 1 { throw PostgresError(.connectionLost, "A statement could not be sent", connection: connection) }
    }

    // MARK: Prepared statements

    /// What became of a statement that was to begin.
    enum Beginning {
        case begun
        /// It has to be prepared on this connection first.
        case unprepared
        case failed(any Error)
    }

    /// Begins a statement that has been prepared here before, and does not wait for its end.
    ///
    /// - Parameter completion: Called when it had begun, with the answer.
    func begin(
        prepared query: PostgresQuery, _ id: UInt64, completion: @escaping @Sendable (Result<[PostgresResult], any Error>) -> Void
    ) -> Beginning {
        guard let statement = state.withLock({ $0.statements.statement(for: query.sql) }) else { return .unprepared }
        do {
            let parameters = try ParameterBuffer(query.parameters, as: statement.parameterTypes)
            let failure = begin(id, .results, { [parameters] in try parameters.send(statement.name, on: $0) }, completion: completion)
            return failure.map { .failed($0) } ?? .begun
        } catch {
            return .failed(error)
        }
    }

    private func prepare(_ sql: String) async throws -> PreparedStatement {
        let (known, name) = state.withLock { state in
            if let statement = state.statements.statement(for: sql) { return (statement as PreparedStatement?, "") }
            return (nil, state.statements.nextName())
        }
        if let known { return known }
        guard !sql.utf8.contains(0) else { throw PostgresError(.parameter, "The statement contains a NUL") }
        let results = try await exchange(.pipeline) { connection in
            try Self.check(PQsendPrepare(connection, name, sql, 0, nil), connection)
            try Self.check(PQsendDescribePrepared(connection, name), connection)
            try Self.check(PQpipelineSync(connection), connection)
        }
        let statement = PreparedStatement(name: name, parameterTypes: try Self.last(of: results).parameterTypes)
        let evicted = state.withLock { $0.statements.insert(statement, for: sql) }
        if let evicted { try await deallocate(evicted) }
        return statement
    }

    private func forget(_ sql: String, because error: PostgresError) async throws {
        // Then the others are gone too.
        if error.sqlState == .invalidSQLStatementName { return state.withLock { $0.statements.removeAll() } }
        if let statement = state.withLock({ $0.statements.remove(sql) }) { try await deallocate(statement) }
    }

    private func deallocate(_ statement: PreparedStatement) async throws {
        try await execute(script: "DEALLOCATE \(statement.name)")
    }
}

extension PostgresError {
    /// "cached plan must not change result type"; or the statement is gone, by somebody's `DISCARD ALL`.
    var isOfStalePlan: Bool {
        sqlState == .invalidSQLStatementName || sqlState == .featureNotSupported && message.hasPrefix("cached plan")
    }
}

extension ParameterBuffer {
    /// Sends an execution of a prepared statement, whose rows are to come in binary.
    func send(_ statement: String, on connection: OpaquePointer) throws {
        let status = bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: spans.count) { values in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: spans.count * 2) { numbers in
                    for (index, span) in spans.enumerated() {
                        let start = span.range.flatMap { range in
                            bytes.baseAddress.map { ($0 + range.lowerBound).assumingMemoryBound(to: CChar.self) }
                        }
                        values.initializeElement(at: index, to: start)
                        numbers.initializeElement(at: index, to: CInt(clamping: span.range?.count ?? 0))
                        numbers.initializeElement(at: spans.count + index, to: span.isBinary ? 1 : 0)
                    }
                    let lengths = numbers.baseAddress.map { UnsafePointer($0) }
                    return PQsendQueryPrepared(
                        connection, statement, CInt(spans.count), values.baseAddress.map { UnsafePointer($0) }, lengths,
                        lengths.map { $0 + spans.count }, 1)
                }
            }
        }
        try PostgresConnection.check(status, connection)
    }
}
