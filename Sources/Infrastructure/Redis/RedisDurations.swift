internal import Metrics
internal import RedisClient

/// How long the server took for what is asked of it, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/database/database-metrics). What waits for others is not among it.
enum RedisDurations {
    enum Operation: String, CaseIterable, Sendable {
        case limitTake = "limit_take"
        case limitGiveBack = "limit_give_back"
        case leaseAcquire = "lease_acquire"
        case leaseHolder = "lease_holder"
        case leaseRenew = "lease_renew"
        case leaseRelease = "lease_release"
        case streamAppend = "stream_append"
        case streamAcknowledge = "stream_acknowledge"
    }

    private static let successes = Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, timer($0, errorType: "")) })

    static func measure<Value: Sendable>(_ operation: Operation, _ body: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        do {
            let value = try await body()
            successes[operation]?.record(duration: ContinuousClock.now - start)
            return value
        } catch let error as RedisError {
            timer(operation, errorType: "\(error.code)").record(duration: ContinuousClock.now - start)
            throw error
        } catch {
            // The caller is gone, or what it asked was out of range: the server has no part in it.
            throw error
        }
    }

    private static func timer(_ operation: Operation, errorType: String) -> Timer {
        Timer(
            label: "db_client_operation_duration_seconds",
            dimensions: [("db_system_name", "redis"), ("db_operation_name", operation.rawValue), ("error_type", errorType)])
    }
}
