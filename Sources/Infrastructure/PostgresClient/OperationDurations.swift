internal import Metrics

/// How long a pool's callers waited for what they asked the server, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/database/database-metrics): with the wait for a connection.
struct OperationDurations: Sendable {
    enum Operation: String, CaseIterable, Sendable {
        case query
        case batch
        /// One attempt, with all that its body does.
        case transaction
    }

    private let pool: String
    private let query: Timer
    private let batch: Timer
    private let transaction: Timer

    init(pool: String) {
        self.pool = pool
        query = Self.timer(pool, .query, errorType: "")
        batch = Self.timer(pool, .batch, errorType: "")
        transaction = Self.timer(pool, .transaction, errorType: "")
    }

    func measure<Value: Sendable>(_ operation: Operation, _ body: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        do {
            let value = try await body()
            timer(operation).record(duration: ContinuousClock.now - start)
            return value
        } catch {
            let errorType =
                switch error {
                case is CancellationError: "cancelled"
                case let error as PostgresError: "\(error.code)"
                // Of a transaction's body.
                default: "other"
                }
            Self.timer(pool, operation, errorType: errorType).record(duration: ContinuousClock.now - start)
            throw error
        }
    }

    private func timer(_ operation: Operation) -> Timer {
        switch operation {
        case .query: query
        case .batch: batch
        case .transaction: transaction
        }
    }

    private static func timer(_ pool: String, _ operation: Operation, errorType: String) -> Timer {
        Timer(
            label: "db_client_operation_duration_seconds",
            dimensions: [
                ("db_system_name", "postgresql"), ("db_client_connection_pool_name", pool), ("db_operation_name", operation.rawValue),
                ("error_type", errorType),
            ])
    }
}
