/// Traces. The variables are those that the specification of OpenTelemetry has for every program.
extension Setting {
    static let otlpEndpoint = Setting("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlp_endpoint")
    static let otlpHeaders = Setting(secret: "OTEL_EXPORTER_OTLP_HEADERS")
    /// In milliseconds, unlike our own.
    static let otlpTimeout = Setting("OTEL_EXPORTER_OTLP_TIMEOUT", "telemetry.otlp_timeout")
    static let tracesSampler = Setting("OTEL_TRACES_SAMPLER", "telemetry.traces_sampler")
    static let tracesSamplerArgument = Setting("OTEL_TRACES_SAMPLER_ARG", "telemetry.traces_sampler_arg")
    static let telemetryName = Setting("OTEL_SERVICE_NAME", "telemetry.service_name")
    static let resourceAttributes = Setting("OTEL_RESOURCE_ATTRIBUTES", "telemetry.resource_attributes")

    /// All of these.
    static let telemetry: [Setting] = [
        otlpEndpoint, otlpHeaders, otlpTimeout, tracesSampler, tracesSamplerArgument, telemetryName, resourceAttributes,
    ]
}
