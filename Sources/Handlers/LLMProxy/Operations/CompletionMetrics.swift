import LLMProxyAPI
import Metrics

/// What is measured of a provider's completions, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics).
///
/// Models are those that the proxy offers: others find no provider.
struct CompletionMetrics: Sendable {
    private let labels: [(String, String)]

    init(provider: String, model: String) {
        labels = [("gen_ai_operation_name", "chat"), ("gen_ai_provider_name", provider), ("gen_ai_request_model", model)]
    }

    func completed(_ usage: Schemas.Usage?, after duration: Duration) {
        record(duration, errorType: "")
        guard let usage else { return }
        record(usage.promptTokens, "input")
        record(usage.completionTokens, "output")
    }

    func failed(_ failure: ProviderFailure, after duration: Duration) { record(duration, errorType: "\(failure.code)") }

    private func record(_ duration: Duration, errorType: String) {
        Timer(label: "gen_ai_client_operation_duration_seconds", dimensions: labels + [("error_type", errorType)]).record(
            duration: duration)
    }

    private func record(_ tokens: Int64, _ type: String) {
        Recorder(label: "gen_ai_client_token_usage", dimensions: labels + [("gen_ai_token_type", type)]).record(tokens)
    }
}
