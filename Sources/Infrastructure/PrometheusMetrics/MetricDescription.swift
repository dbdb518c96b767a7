/// What a metric is, for those who read it.
public struct MetricDescription: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// As Prometheus calls it: the unit at its end, and `_total` at that of a counter.
    public let name: String
    public let kind: Kind
    public let help: String
    /// OpenMetrics' unit, which ``name`` ends with; nil for what is counted.
    public let unit: String?
    /// The names of its labels.
    public let labels: [String]
    /// Upper bounds of a histogram's buckets, growing; the last one, infinity, goes without saying.
    public let buckets: [Double]

    private init(_ kind: Kind, _ name: String, _ help: String, _ unit: String?, _ labels: [String], _ buckets: [Double]) {
        self.kind = kind
        self.name = name
        self.help = help
        self.unit = unit
        self.labels = labels
        self.buckets = buckets
    }

    public static func counter(_ name: String, _ help: String, unit: String? = nil, labels: [String] = []) -> Self {
        Self(.counter, name, help, unit, labels, [])
    }

    public static func gauge(_ name: String, _ help: String, unit: String? = nil, labels: [String] = []) -> Self {
        Self(.gauge, name, help, unit, labels, [])
    }

    public static func histogram(
        _ name: String, _ help: String, unit: String? = nil, labels: [String] = [], buckets: [Double]
    ) -> Self {
        Self(.histogram, name, help, unit, labels, buckets)
    }

    /// Buckets of durations that the semantic conventions of OpenTelemetry name for HTTP, in seconds.
    public static let requestBuckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

    /// The name without what belongs to the kind: OpenMetrics' metric family.
    var family: String { kind == .counter && name.hasSuffix("_total") ? String(name.dropLast(6)) : name }
}
