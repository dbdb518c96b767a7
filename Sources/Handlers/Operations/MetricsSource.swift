/// A port: what the process measures, written down as it is now.
public protocol MetricsSource: Sendable {
    /// In Prometheus' text format 0.0.4.
    func text() -> String

    /// In OpenMetrics 1.0.
    func openMetrics() -> String
}
