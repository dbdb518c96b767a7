import PrometheusMetrics

/// Every metric that the program tells: the one list. docs/guides/metrics.md is held to it, and alerts and dashboards to that page.
///
/// Names are those of OpenTelemetry's semantic conventions, as Prometheus writes them; what they do not know begins with `codelab_`.
enum MetricCatalogue {
    static let all: [MetricDescription] = http + stores + models + sessions + access + build + ProcessMetrics.descriptions

    /// Registers what is asked for when the metrics are read, and is not a part's own.
    static func observe(in registry: PrometheusRegistry) {
        ProcessMetrics.observe(in: registry)
        registry.observe("codelab_build_info", labels: [("version", CodeLab.version)]) { 1 }
    }

    private static let http: [MetricDescription] = [
        .histogram(
            "http_server_request_duration_seconds", "Duration of HTTP server requests, until the whole response is handed over.",
            unit: "seconds", labels: ["http_request_method", "http_route", "http_response_status_code"],
            buckets: MetricDescription.requestBuckets),
        .gauge("http_server_active_requests", "HTTP server requests that are under way.", labels: ["http_request_method"]),
        .histogram(
            "http_client_request_duration_seconds", "Duration of HTTP client requests, until the head of the response.", unit: "seconds",
            labels: ["http_request_method", "server_address", "server_port", "http_response_status_code", "error_type"],
            buckets: MetricDescription.requestBuckets),
        .gauge("codelab_websocket_connections", "WebSocket connections that are open.", labels: ["http_route"]),
    ]

    private static let stores: [MetricDescription] = [
        .gauge(
            "db_client_connection_count", "Connections of a pool by state: used, idle, connecting.",
            labels: ["db_client_connection_pool_name", "state"]),
        .gauge("db_client_connection_max", "Connections that a pool may have.", labels: ["db_client_connection_pool_name"]),
        .gauge(
            "db_client_connection_pending_requests", "Callers that wait for a connection of a pool.",
            labels: ["db_client_connection_pool_name"]),
        .counter(
            "db_client_connection_timeouts_total", "Callers that waited for a connection of a pool in vain.",
            labels: ["db_client_connection_pool_name"]),
        .histogram(
            "db_client_connection_wait_time_seconds", "How long callers waited for a connection of a pool, where they had to.",
            unit: "seconds", labels: ["db_client_connection_pool_name"], buckets: operationBuckets),
        .histogram(
            "db_client_operation_duration_seconds", "Duration of what was asked of PostgreSQL or Redis, with the wait for a connection.",
            unit: "seconds", labels: ["db_system_name", "db_client_connection_pool_name", "db_operation_name", "error_type"],
            buckets: operationBuckets),
        .gauge("codelab_rate_limit_store_away", "1 while the counts of a service's limits cannot be had.", labels: ["limits"]),
        .counter(
            "codelab_rate_limit_decisions_total", "Decisions of a limit: allowed, refused, or uncounted while its store is away.",
            labels: ["limit", "outcome"]),
        .gauge("codelab_outbox_waiting", "Domain events that are stored and not yet published, as the replica knows that publishes."),
        .gauge("codelab_outbox_lag_seconds", "Age of the oldest domain event that waits to be published.", unit: "seconds"),
        .counter("codelab_outbox_failures_total", "How often publishing domain events had to begin again."),
    ]

    private static let models: [MetricDescription] = [
        .histogram(
            "gen_ai_client_operation_duration_seconds", "Duration of completions of language models, until their end.", unit: "seconds",
            labels: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"],
            buckets: (0..<14).map { 0.01 * Double(1 << $0) }),
        .histogram(
            "gen_ai_client_token_usage", "Tokens of completions: input and output.",
            labels: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
            buckets: (0..<14).map { Double(1 << (2 * $0)) }),
    ]

    private static let sessions: [MetricDescription] = [
        .gauge("codelab_sessions_open", "Sessions that this replica has, each under its lease."),
        .counter("codelab_session_leases_lost_total", "Sessions that this replica lost because their leases ended."),
        .counter(
            "codelab_sessions_interrupted_total",
            "Sessions that were found with a turn whose replica is gone."
        ),
        .gauge("codelab_turns_running", "Turns that run."),
        .counter("codelab_turns_refused_total", "Turns that were not begun because as many run as may."),
        .histogram(
            "codelab_turn_duration_seconds", "Duration of turns by outcome: completed, cancelled, or why they failed.", unit: "seconds",
            labels: ["outcome"], buckets: turnBuckets),
        .histogram(
            "codelab_tool_execution_duration_seconds",
            "Duration of tool executions, from the client's being asked, by outcome: completed, or why there was no result.",
            unit: "seconds", labels: ["tool", "outcome"], buckets: turnBuckets),
        .gauge("codelab_approvals_waiting", "Approvals that running turns wait for."),
        .histogram(
            "codelab_approval_wait_seconds", "How long turns waited for an approval, by decision and by who decided.", unit: "seconds",
            labels: ["decision", "by"], buckets: turnBuckets),
    ]

    private static let access: [MetricDescription] = [
        .counter(
            "codelab_sign_ins_total", "Names and passwords brought: signed_in, refused, slowed_down, unavailable.", labels: ["outcome"]),
        .counter("codelab_tokens_issued_total", "Answers of the token endpoint with tokens.", labels: ["grant_type"]),
        .counter("codelab_tokens_refused_total", "Answers of the token endpoint without.", labels: ["error"]),
        .gauge("codelab_signing_key_created_timestamp_seconds", "When the key was made that signs tokens.", unit: "seconds"),
    ]

    private static let build: [MetricDescription] = [
        .gauge("codelab_build_info", "1, with the version of the program.", labels: ["version"])
    ]

    private static let operationBuckets: [Double] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
    /// Turns wait for models, tools and people.
    private static let turnBuckets: [Double] = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]
}
