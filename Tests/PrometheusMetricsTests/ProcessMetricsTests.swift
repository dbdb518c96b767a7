import Foundation
import Testing

@testable import PrometheusMetrics

@Suite("Metrics of the process")
struct ProcessMetricsTests {
    private static func values() -> [String: Double] {
        let registry = PrometheusRegistry(ProcessMetrics.descriptions)
        ProcessMetrics.observe(in: registry)
        let samples = registry.exposition().split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: samples.map { (String($0[0]), Double($0[1]) ?? .nan) })
    }

    @Test("are all there and make sense")
    func sense() throws {
        let values = Self.values()
        #expect(Set(values.keys) == Set(ProcessMetrics.descriptions.map(\.name)))
        let start = try #require(values["process_start_time_seconds"])
        let now = Date().timeIntervalSince1970
        #expect((now - 86_400...now + 1).contains(start))
        let (resident, virtual) = (
            try #require(values["process_resident_memory_bytes"]), try #require(values["process_virtual_memory_bytes"])
        )
        #expect(resident > 1_000_000 && resident < virtual)
        #expect(try #require(values["process_threads"]) >= 1)
        #expect(try #require(values["process_open_fds"]) <= #require(values["process_max_fds"]))
    }

    @Test("follow what the process does")
    func changes() throws {
        let before = Self.values()
        let pipes = (0..<20).map { _ in Pipe() }
        var number = 1.0
        let aim = try #require(before["process_cpu_seconds_total"]) + 0.02
        let end = ContinuousClock.now + .seconds(30)
        var after = before
        while after["process_cpu_seconds_total", default: 0] < aim, ContinuousClock.now < end {
            for _ in 0..<10_000 { number = (number * 1.000_1).truncatingRemainder(dividingBy: 7) }
            after = Self.values()
        }
        withExtendedLifetime((pipes, number)) {}
        // Other tests' files may be closed meanwhile.
        #expect(try #require(after["process_open_fds"]) >= #require(before["process_open_fds"]) + 30)
        #expect(after["process_cpu_seconds_total", default: 0] >= aim)
        #expect(after["process_start_time_seconds"] == before["process_start_time_seconds"])
    }
}
