import OperationsHandlers
import PrometheusMetrics

/// The registry, as the operations read it.
struct RegistrySource: MetricsSource {
    let registry: PrometheusRegistry

    func text() -> String { registry.exposition(.text) }

    func openMetrics() -> String { registry.exposition(.openMetrics) }
}
