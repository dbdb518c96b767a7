import Foundation
import InMemoryLogging
import Logging
import Metrics
import Synchronization
import Testing

@testable import PrometheusMetrics

@Suite("Metrics kept for Prometheus")
struct RegistryTests {
    private static let descriptions: [MetricDescription] = [
        .counter("things_total", "Things that were seen.", labels: ["kind"]),
        .gauge("rooms", "Rooms in use."),
        .histogram("wait_seconds", "Time until something came.", unit: "seconds", labels: ["what"], buckets: [0.1, 1]),
        .histogram("size_bytes", "Bytes of a thing.", unit: "bytes", buckets: [10, 100]),
    ]

    @Test("Counters, gauges, histograms and timers in Prometheus' text format")
    func text() {
        let registry = PrometheusRegistry(Self.descriptions)
        Counter(label: "things_total", dimensions: [("kind", "a")], factory: registry).increment(by: 3)
        FloatingPointCounter(label: "things_total", dimensions: [("kind", "a")], factory: registry).increment(by: 0.5)
        let rooms = Meter(label: "rooms", factory: registry)
        rooms.increment(by: 5.0)
        rooms.decrement()
        let wait = Timer(label: "wait_seconds", dimensions: [("what", "door")], factory: registry)
        for milliseconds in [50, 100, 700, 60_000] { wait.recordMilliseconds(milliseconds) }
        Recorder(label: "size_bytes", factory: registry).record(11)
        #expect(
            registry.exposition() == """
                # HELP rooms Rooms in use.
                # TYPE rooms gauge
                rooms 4.0
                # HELP size_bytes Bytes of a thing.
                # TYPE size_bytes histogram
                # UNIT size_bytes bytes
                size_bytes_bucket{le="10.0"} 0
                size_bytes_bucket{le="100.0"} 1
                size_bytes_bucket{le="+Inf"} 1
                size_bytes_count 1.0
                size_bytes_sum 11.0
                # HELP things_total Things that were seen.
                # TYPE things_total counter
                things_total{kind="a"} 3.5
                # HELP wait_seconds Time until something came.
                # TYPE wait_seconds histogram
                # UNIT wait_seconds seconds
                wait_seconds_bucket{what="door",le="0.1"} 2
                wait_seconds_bucket{what="door",le="1.0"} 3
                wait_seconds_bucket{what="door",le="+Inf"} 4
                wait_seconds_count{what="door"} 4.0
                wait_seconds_sum{what="door"} 60.85

                """)
    }

    @Test("OpenMetrics names a counter's family without its ending, and ends with EOF")
    func openMetrics() {
        let registry = PrometheusRegistry(Self.descriptions)
        Counter(label: "things_total", dimensions: [("kind", "a")], factory: registry).increment()
        #expect(
            registry.exposition(.openMetrics) == """
                # HELP things Things that were seen.
                # TYPE things counter
                things_total{kind="a"} 1.0
                # EOF

                """)
    }

    @Test("Label values and help are escaped, names are made fit; labels of one name are one")
    func escaping() {
        let registry = PrometheusRegistry([.gauge("g", #"A "help" with a \ and a"# + "\nsecond line.")])
        Gauge(label: "g", dimensions: [("l", "a\\b\"c\nd é"), ("2nd-label", "x"), ("l", "a\\b\"c\nd é")], factory: registry).record(1)
        Meter(label: "9.a-b", factory: registry).set(2)
        let escaped = #"{_2nd_label="x",l="a\\b\"c\nd é"} 1.0"#
        #expect(
            registry.exposition() == """
                # TYPE _9_a_b gauge
                _9_a_b 2.0
                # HELP g A "help" with a \\\\ and a\\nsecond line.
                # TYPE g gauge
                g\(escaped)

                """)
        #expect(registry.exposition(.openMetrics).contains(#"# HELP g A \"help\" with a \\ and a\nsecond line."#))
    }

    @Test("What nobody described has an ending as its kind asks for")
    func undescribed() {
        let registry = PrometheusRegistry([])
        Counter(label: "c", factory: registry).increment()
        Timer(label: "t", factory: registry).recordSeconds(20)
        let text = registry.exposition()
        #expect(text.contains("# TYPE c_total counter\nc_total 1.0\n"))
        #expect(text.contains("t_seconds_bucket{le=\"10.0\"} 0\nt_seconds_bucket{le=\"+Inf\"} 1\n"))
    }

    @Test("A value that makes no sense changes nothing")
    func nonsense() {
        let registry = PrometheusRegistry(Self.descriptions)
        let counter = Counter(label: "things_total", factory: registry)
        counter.increment(by: -1)
        let fraction = FloatingPointCounter(label: "things_total", factory: registry)
        for amount in [-1, Double.nan, .infinity, 0] { fraction.increment(by: amount) }
        Recorder(label: "size_bytes", factory: registry).record(Double.nan)
        let rooms = Meter(label: "rooms", factory: registry)
        rooms.increment(by: Double.nan)
        let text = registry.exposition()
        #expect(text.contains("things_total 0.0\n"))
        #expect(text.contains("size_bytes_count 0.0\nsize_bytes_sum 0.0\n"))
        #expect(text.contains("rooms 0.0\n"))
        rooms.set(Double.infinity)
        #expect(registry.exposition().contains("rooms +Inf\n"))
    }

    @Test("What is observed is asked for each time, and left out while it is not there")
    func observed() {
        let registry = PrometheusRegistry([.counter("turns_total", "Turns."), .gauge("rooms", "Rooms.", labels: ["floor"])])
        let value = Box()
        registry.observe("rooms", labels: [("floor", "1")]) { value.number.withLock { $0 } }
        #expect(registry.exposition() == "# HELP rooms Rooms.\n# TYPE rooms gauge\n")
        value.number.withLock { $0 = 7 }
        #expect(registry.exposition().contains("rooms{floor=\"1\"} 7.0\n"))
        registry.observe("turns_total") { 2 }
        #expect(registry.exposition().contains("# TYPE turns_total counter\nturns_total 2.0\n"))
    }

    @Test("The same name and labels are the same series; one that is destroyed is told of no more")
    func identity() {
        let registry = PrometheusRegistry(Self.descriptions)
        let first = Counter(label: "things_total", dimensions: [("a", "1"), ("b", "2")], factory: registry)
        let second = Counter(label: "things_total", dimensions: [("b", "2"), ("a", "1")], factory: registry)
        first.increment()
        second.increment()
        #expect(registry.exposition().contains("things_total{a=\"1\",b=\"2\"} 2.0\n"))
        first.destroy()
        #expect(!registry.exposition().contains("things_total{"))
    }

    @Test("Beyond its limit a metric's further series are one, all of whose labels are overflow; one warning says so")
    func overflow() {
        let log = InMemoryLogHandler()
        let registry = PrometheusRegistry(Self.descriptions, maximumSeries: 3, logger: Logger(label: "test") { _ in log })
        for value in 0..<10 { Counter(label: "things_total", dimensions: [("kind", "\(value)")], factory: registry).increment() }
        // Those that were there before still count by themselves.
        Counter(label: "things_total", dimensions: [("kind", "1")], factory: registry).increment()
        // Another metric has its own room.
        for value in 0..<3 { Timer(label: "wait_seconds", dimensions: [("what", "\(value)")], factory: registry).recordSeconds(1) }
        let text = registry.exposition()
        let samples = text.split(separator: "\n").filter { $0.hasPrefix("things_total{") }
        #expect(
            samples == [
                "things_total{kind=\"0\"} 1.0", "things_total{kind=\"1\"} 2.0", "things_total{kind=\"2\"} 1.0",
                "things_total{kind=\"overflow\"} 7.0",
            ])
        #expect(!text.contains("wait_seconds_count{what=\"overflow\"}"))
        #expect(log.entries.map(\.message) == ["A metric has as many series as it may: the others are counted as one"])
    }

    @Test("What is recorded as another kind than it is, is left out, with a warning")
    func mismatch() {
        let log = InMemoryLogHandler()
        let registry = PrometheusRegistry(Self.descriptions, logger: Logger(label: "test") { _ in log })
        Counter(label: "rooms_total", factory: registry).increment()
        Meter(label: "things_total", factory: registry).set(5)
        #expect(!registry.exposition().contains("things_total"))
        #expect(log.entries.count == 1)
    }

    @Test("No increment is lost, however many threads record at once")
    func concurrency() {
        let registry = PrometheusRegistry(Self.descriptions)
        let counter = Counter(label: "things_total", factory: registry)
        let fraction = FloatingPointCounter(label: "things_total", dimensions: [("kind", "half")], factory: registry)
        let rooms = Meter(label: "rooms", factory: registry)
        let wait = Timer(label: "wait_seconds", factory: registry)
        let (threads, rounds) = (8, 20_000)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for round in 0..<rounds {
                counter.increment()
                fraction.increment(by: 0.5)
                rooms.increment(by: 2.0)
                rooms.decrement()
                wait.recordNanoseconds(round.isMultiple(of: 2) ? 500_000_000 as Int64 : 2_000_000_000)
                // Series that others make meanwhile.
                Counter(label: "things_total", dimensions: [("kind", "\((round + thread) % 16)")], factory: registry).increment()
            }
        }
        let all = threads * rounds
        let text = registry.exposition()
        #expect(text.contains("things_total \(Double(all))\n"))
        #expect(text.contains("things_total{kind=\"half\"} \(Double(all) / 2)\n"))
        #expect(text.contains("rooms \(Double(all))\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"1.0\"} \(all / 2)\nwait_seconds_bucket{le=\"+Inf\"} \(all)\n"))
        #expect(text.contains("wait_seconds_sum \(Double(all) * 1.25)\n"))
        for value in 0..<16 { #expect(text.contains("things_total{kind=\"\(value)\"} \(Double(all / 16))\n")) }
    }

    @Test("What is read while others record never falls, and a histogram's count is that of its last bucket")
    func reading() async {
        let registry = PrometheusRegistry(Self.descriptions)
        let counter = Counter(label: "things_total", factory: registry)
        let isDone = Flag()
        let wait = Timer(label: "wait_seconds", factory: registry)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<50_000 {
                    counter.increment()
                    wait.recordNanoseconds(1)
                }
                isDone.set()
            }
            var last = 0.0
            while !isDone.isSet {
                let lines = registry.exposition().split(separator: "\n")
                func value(_ prefix: String) -> Double? {
                    lines.first { $0.hasPrefix(prefix) }.flatMap { Double($0.split(separator: " ")[1]) }
                }
                let now = value("things_total ") ?? -1
                #expect(now >= last)
                last = now
                #expect(value("wait_seconds_bucket{le=\"+Inf\"}") == value("wait_seconds_count"))
                await Task.yield()
            }
        }
        #expect(registry.exposition().contains("things_total 50000.0\n"))
    }
}

private final class Box: Sendable {
    let number = Mutex<Double?>(nil)
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
