import PostgresClient
import PrometheusMetrics

/// What a pool of connections holds, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/database/database-metrics).
enum PoolMetrics {
    static func observe(_ pool: PostgresPool, in registry: PrometheusRegistry) {
        let name = ("db_client_connection_pool_name", pool.name)
        func count(_ state: String, _ read: @escaping @Sendable (PostgresPoolMetrics) -> Int) {
            registry.observe("db_client_connection_count", labels: [name, ("state", state)]) { Double(read(pool.metrics)) }
        }
        count("used") { $0.inUse }
        count("idle") { $0.idle }
        count("connecting") { $0.connecting }
        registry.observe("db_client_connection_max", labels: [name]) { Double(pool.limits.maximumConnections) }
        registry.observe("db_client_connection_pending_requests", labels: [name]) { Double(pool.metrics.waiting) }
        registry.observe("db_client_connection_timeouts_total", labels: [name]) { Double(pool.metrics.acquireTimeouts) }
    }
}
