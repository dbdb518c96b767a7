import Foundation
import Testing

/// Metrics as Prometheus reads them, strictly (prometheus.io/docs/instrumenting/exposition_formats, OpenMetrics 1.0).
struct Exposition {
    struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    struct Malformed: Error {
        var line: String
        var why: String
    }

    private(set) var kinds: [String: String] = [:]
    private(set) var help: [String: String] = [:]
    private(set) var samples: [Series: Double] = [:]

    init(_ text: String, isOpenMetrics: Bool = false) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "", why: "the last line has no end") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        if isOpenMetrics, lines.popLast() != "# EOF" { throw Malformed(line: lines.last ?? "", why: "no EOF") }
        var current = ""
        for line in lines {
            func malformed(_ why: String) -> Malformed { Malformed(line: line, why: why) }
            guard !line.hasPrefix("#") else {
                try readComment(line, &current, isOpenMetrics)
                continue
            }
            let sample = /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)/
            guard let match = line.wholeMatch(of: sample) else { throw malformed("neither a comment nor a sample") }
            guard let value = Double(match.3.replacing("Inf", with: "infinity")) else { throw malformed("no number") }
            var labels: [String: String] = [:]
            for label in (match.2 ?? "").matches(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/) {
                let text = label.2.replacing("\\n", with: "\n").replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
                guard labels.updateValue(String(text), forKey: String(label.1)) == nil else { throw malformed("a label twice") }
            }
            let name = String(match.1)
            guard Self.belongs(name, to: current, kinds[current] ?? "", isOpenMetrics) else { throw malformed("not of \(current)") }
            guard samples.updateValue(value, forKey: Series(name: name, labels: labels)) == nil else { throw malformed("a series twice") }
        }
        try checkHistograms()
    }

    private mutating func readComment(_ line: String, _ current: inout String, _ isOpenMetrics: Bool) throws {
        func malformed(_ why: String) -> Malformed { Malformed(line: line, why: why) }
        let name = /# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/
        guard let match = line.wholeMatch(of: name) else { throw malformed("no comment that is known") }
        let (metric, text) = (String(match.2), String(match.3))
        switch match.1 {
        case "HELP":
            guard help.updateValue(text, forKey: metric) == nil else { throw malformed("a second HELP") }
        case "TYPE":
            current = metric
            guard ["counter", "gauge", "histogram"].contains(text) else { throw malformed("no kind") }
            guard kinds.updateValue(text, forKey: metric) == nil else { throw malformed("a second TYPE") }
        default:
            guard metric == current else { throw malformed("a UNIT elsewhere") }
            if isOpenMetrics, !metric.hasSuffix("_\(text)") { throw malformed("the name does not end with its unit") }
        }
    }

    private static func belongs(_ name: String, to family: String, _ kind: String, _ isOpenMetrics: Bool) -> Bool {
        switch kind {
        case "histogram": ["_bucket", "_count", "_sum"].contains { name == family + $0 }
        case "counter": name == (isOpenMetrics ? family + "_total" : family) && name.hasSuffix("_total")
        default: name == family
        }
    }

    /// Buckets grow, and the last one is the count.
    private func checkHistograms() throws {
        var buckets: [Series: [(bound: Double, count: Double)]] = [:]
        for (series, value) in samples where series.name.hasSuffix("_bucket") {
            var labels = series.labels
            let bound = try #require(labels.removeValue(forKey: "le").flatMap { Double($0.replacing("Inf", with: "infinity")) })
            buckets[Series(name: String(series.name.dropLast(7)), labels: labels), default: []].append((bound, value))
        }
        for (series, unsorted) in buckets {
            let sorted = unsorted.sorted { $0.bound < $1.bound }
            let count = samples[Series(name: series.name + "_count", labels: series.labels)]
            guard sorted.last?.bound == .infinity, sorted.last?.count == count, sorted.map(\.count) == sorted.map(\.count).sorted(),
                samples[Series(name: series.name + "_sum", labels: series.labels)] != nil
            else { throw Malformed(line: "\(series)", why: "no histogram") }
        }
    }

    /// The sum of all series of a name that have these labels; nil when there is none.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = samples.filter { series, _ in
            series.name == name && labels.allSatisfy { series.labels[$0.key, default: ""] == $0.value }
        }
        return found.isEmpty ? nil : found.values.reduce(0, +)
    }
}
