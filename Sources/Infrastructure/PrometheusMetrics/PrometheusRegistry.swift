public import Metrics
public import Logging
internal import Synchronization

/// Keeps the metrics of a process in memory, for Prometheus to fetch.
///
/// To be given to `MetricsSystem.bootstrap`. Making a metric takes a lock: who records often keeps what it made. Recording takes none and allocates
/// nothing.
public final class PrometheusRegistry: MetricsFactory {
    private struct State {
        var families: [String: MetricFamily] = [:]
    }

    private let descriptions: [String: MetricDescription]
    private let maximumSeries: Int
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptions: What is known of the metrics; of others there is no help and no unit, and histograms have the buckets of requests.
    ///   - maximumSeries: Of each metric. All others together are one more, whose labels are all `overflow`.
    ///   - logger: For a warning a metric, when that happens.
    public init(
        _ descriptions: [MetricDescription], maximumSeries: Int = 500, logger: Logger = Logger(label: "codelab.metrics")
    ) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
        self.maximumSeries = maximumSeries
        self.logger = logger
    }

    /// A number that is asked for each time the metrics are read. `read` must not wait; it gives nil while there is nothing to tell.
    public func observe(
        _ name: String, labels: [(String, String)] = [], _ read: @escaping @Sendable () -> Double?
    ) {
        let description = descriptions[name] ?? .gauge(name, "")
        state.withLock { state in
            state.families[name, default: MetricFamily(description: description)].series[MetricLabels(labels)] = .observed(read)
        }
    }

    /// The metrics that have series, by name.
    var families: [MetricFamily] {
        state.withLock { $0.families.values.sorted { $0.description.name < $1.description.name } }
    }

    // MARK: Series

    private enum Finding {
        case found(MetricValue)
        /// The first one that is one too many.
        case overflowed(MetricValue)
    }

    /// The series of a name and labels, made when there is none. nil when the name is another kind of metric's.
    private func series(
        _ kind: MetricDescription.Kind, _ name: String, _ dimensions: [(String, String)], unit: String? = nil
    ) -> MetricValue? {
        let labels = MetricLabels(dimensions)
        let description = descriptions[name] ?? Self.description(kind, name, unit)
        guard description.kind == kind else { return mismatch(name) }
        let finding = state.withLock { state -> Finding in
            if let found = state.families[name]?.series[labels] { return .found(found) }
            var family = state.families[name] ?? MetricFamily(description: description)
            defer { state.families[name] = family }
            guard family.series.count >= maximumSeries else {
                let value = Self.makeValue(family.description)
                family.series[labels] = value
                return .found(value)
            }
            if let (_, value) = family.overflow { return .found(value) }
            let value = Self.makeValue(family.description)
            family.overflow = (labels.overflowing, value)
            return .overflowed(value)
        }
        switch finding {
        case .found(let value): return value
        case .overflowed(let value):
            logger.warning("A metric has as many series as it may: the others are counted as one", metadata: ["metric": "\(name)"])
            return value
        }
    }

    private func mismatch(_ name: String) -> MetricValue? {
        logger.warning("A metric is recorded as another kind than it is: that is left out", metadata: ["metric": "\(name)"])
        return nil
    }

    private static func description(_ kind: MetricDescription.Kind, _ name: String, _ unit: String?) -> MetricDescription {
        switch kind {
        case .counter: .counter(name, "")
        case .gauge: .gauge(name, "")
        case .histogram: .histogram(name, "", unit: unit, buckets: MetricDescription.requestBuckets)
        }
    }

    private static func makeValue(_ description: MetricDescription) -> MetricValue {
        switch description.kind {
        case .counter: .counter(PrometheusCounter())
        case .gauge: .gauge(PrometheusGauge())
        case .histogram: .histogram(PrometheusHistogram(bounds: description.buckets))
        }
    }

    /// A name with an ending that its kind asks for.
    private static func name(_ label: String, ending: String = "") -> String {
        let name = MetricName.sanitized(label)
        return name.hasSuffix(ending) ? name : name + ending
    }
}

// MARK: MetricsFactory

extension PrometheusRegistry {
    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        guard case .counter(let counter) = series(.counter, Self.name(label, ending: "_total"), dimensions) else {
            return PrometheusCounter()
        }
        return counter
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        guard case .gauge(let gauge) = series(.gauge, Self.name(label), dimensions) else { return PrometheusGauge() }
        return gauge
    }

    private func histogram(_ name: String, _ dimensions: [(String, String)], unit: String? = nil) -> PrometheusHistogram {
        guard case .histogram(let histogram) = series(.histogram, name, dimensions, unit: unit) else {
            return PrometheusHistogram(bounds: [])
        }
        return histogram
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { counter(label, dimensions) }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { gauge(label, dimensions) }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(Self.name(label), dimensions) : gauge(label, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(Self.name(label, ending: "_seconds"), dimensions, unit: "seconds")
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }

    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }

    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// Takes a series out; it may be that of several who made it alike.
    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for name in state.families.keys {
                guard let labels = state.families[name]?.series.first(where: { $0.value.isKept(in: handler) })?.key else { continue }
                state.families[name]?.series[labels] = nil
            }
        }
    }
}

extension MetricValue {
    fileprivate func isKept(in handler: AnyObject) -> Bool {
        switch self {
        case .counter(let counter): counter === handler
        case .gauge(let gauge): gauge === handler
        case .histogram(let histogram): histogram === handler
        case .observed: false
        }
    }
}
