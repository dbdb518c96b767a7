/// How metrics are written.
public enum ExpositionFormat: Sendable, Equatable {
    /// Prometheus' text format 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics
}

extension PrometheusRegistry {
    /// All metrics, as they are now: families by name, series by labels.
    public func exposition(_ format: ExpositionFormat = .text) -> String {
        var writer = ExpositionWriter(format: format)
        for family in families { writer.write(family) }
        return writer.finished()
    }
}

private struct ExpositionWriter {
    let format: ExpositionFormat
    private var text = ""

    init(format: ExpositionFormat) {
        self.format = format
        text.reserveCapacity(1 << 16)
    }

    func finished() -> String { format == .openMetrics ? text + "# EOF\n" : text }

    mutating func write(_ family: MetricFamily) {
        let description = family.description
        let name = format == .openMetrics ? description.family : description.name
        if !description.help.isEmpty { text += "# HELP \(name) \(Self.escaped(description.help, format))\n" }
        text += "# TYPE \(name) \(description.kind.rawValue)\n"
        if let unit = description.unit { text += "# UNIT \(name) \(unit)\n" }
        for (labels, value) in family.series.sorted(by: { $0.key.text < $1.key.text }) { write(value, description.name, labels.text) }
        if let (labels, value) = family.overflow { write(value, description.name, labels.text) }
    }

    private mutating func write(_ value: MetricValue, _ name: String, _ labels: String) {
        switch value {
        case .counter(let counter): sample(name, labels, counter.value)
        case .gauge(let gauge): sample(name, labels, gauge.value)
        case .observed(let read): if let value = read() { sample(name, labels, value) }
        case .histogram(let histogram): write(histogram, name, labels)
        }
    }

    /// Buckets hold what those below them hold, too; the last one is the count.
    private mutating func write(_ histogram: PrometheusHistogram, _ name: String, _ labels: String) {
        let separator = labels.isEmpty ? "" : ","
        let counts = histogram.counts
        var count: UInt64 = 0
        for (bound, ownCount) in zip(histogram.bounds + [.infinity], counts) {
            count += ownCount
            text += "\(name)_bucket{\(labels)\(separator)le=\"\(Self.text(bound))\"} \(count)\n"
        }
        sample("\(name)_count", labels, Double(count))
        sample("\(name)_sum", labels, histogram.sum)
    }

    private mutating func sample(_ name: String, _ labels: String, _ value: Double) {
        text += labels.isEmpty ? "\(name) \(Self.text(value))\n" : "\(name){\(labels)} \(Self.text(value))\n"
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return "\(value)"
    }

    /// In OpenMetrics quotes are escaped here too.
    private static func escaped(_ help: String, _ format: ExpositionFormat) -> String {
        let text = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return format == .openMetrics ? text.replacing("\"", with: "\\\"") : text
    }
}
