internal import Metrics

/// A number that grows. Integers and fractions are kept apart, so that adding an integer is one instruction.
final class PrometheusCounter: CounterHandler, FloatingPointCounterHandler {
    private let cells = ShardedCells(count: 2)

    var value: Double { Double(cells.integer(0)) + cells.double(1) }

    /// A counter never falls: what is less than 1 is left out.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        cells.add(UInt64(amount), to: 0)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        cells.add(amount, to: 1)
    }

    func reset() { cells.clear() }
}
