/// Durations of one kind, by their percentiles.
struct Distribution: Sendable {
    private let sorted: [Duration]

    init(_ durations: [Duration]) { sorted = durations.sorted() }

    var count: Int { sorted.count }

    /// The smallest value that at least `percent` of all do not exceed (nearest rank).
    func percentile(_ percent: Int) -> Duration {
        guard !sorted.isEmpty else { return .zero }
        return sorted[max((sorted.count * percent + 99) / 100 - 1, 0)]
    }

    /// `p50 | p90 | p99 | slowest`, in milliseconds.
    var row: String {
        [percentile(50), percentile(90), percentile(99), percentile(100)].map(\.milliseconds).joined(separator: " | ")
    }
}

extension Duration {
    /// Milliseconds with two digits.
    var milliseconds: String {
        let hundredths = (components.seconds * 100_000) + (components.attoseconds + 5_000_000_000_000) / 10_000_000_000_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
