internal import Metrics

/// How often values of each size came, and their sum. Durations are in seconds.
final class PrometheusHistogram: RecorderHandler, TimerHandler {
    /// Upper bounds; what is larger than all of them has a bucket too.
    let bounds: [Double]
    /// One for each bucket, and the sum.
    private let cells: ShardedCells

    init(bounds: [Double]) {
        self.bounds = bounds
        cells = ShardedCells(count: bounds.count + 2)
    }

    /// Of each bucket by itself, the one without a bound last.
    var counts: [UInt64] { (0...bounds.count).map(cells.integer) }

    var sum: Double { cells.double(bounds.count + 1) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        cells.add(1 as UInt64, to: bucket)
        cells.add(value, to: bounds.count + 1)
    }

    func record(_ value: Int64) { record(Double(value)) }

    func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1e9) }
}
