import Foundation
import PrometheusMetrics
import Testing

@testable import codelab

/// docs/guides/metrics.md lists what the program tells. The chart's alerts and dashboards are held against that page.
@Suite("docs/guides/metrics.md")
struct MetricsGuideTests {
    private static func row(_ metric: MetricDescription) -> String {
        let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
        return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |"
    }

    @Test("lists every metric of the catalogue, with its kind, labels and help, and no other")
    func rows() throws {
        let file = RunningPlatform.checkout.appending(path: "docs/guides/metrics.md")
        let listed = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let known = MetricCatalogue.all.map(Self.row)
        let missing = known.filter { !listed.contains($0) }.joined(separator: "\n")
        #expect(missing == "", "missing, or told otherwise:\n\(missing)")
        #expect(listed.filter { !known.contains($0) } == [])
        #expect(Set(listed).count == listed.count)
    }

    @Test("The catalogue is such as both formats want it")
    func catalogue() {
        #expect(Set(MetricCatalogue.all.map(\.name)).count == MetricCatalogue.all.count)
        for metric in MetricCatalogue.all {
            #expect(metric.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(metric.name)")
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(!metric.help.isEmpty && !metric.help.contains("|"), "\(metric.name)")
            if let unit = metric.unit {
                #expect(metric.name.hasSuffix(metric.kind == .counter ? "_\(unit)_total" : "_\(unit)"), "\(metric.name)")
            }
            #expect(metric.buckets.isEmpty == (metric.kind != .histogram) && metric.buckets == metric.buckets.sorted(), "\(metric.name)")
            #expect(Set(metric.labels).isDisjoint(with: ["user", "session", "path", "le", "job", "instance"]), "\(metric.name)")
        }
    }
}
