/// Label names and values of one series.
struct MetricLabels: Sendable, Hashable {
    /// What stands in place of every value of a series that came after a metric had as many as it may.
    static let overflow = "overflow"

    /// As the formats write them, `a="1",b="2"`, sorted by name.
    let text: String
    let names: [String]

    /// Names are made such as the formats allow; of two labels of one name the last one counts.
    init(_ dimensions: [(String, String)]) {
        let pairs = Dictionary(dimensions.map { (Self.name($0.0), $0.1) }) { $1 }.sorted { $0.key < $1.key }
        names = pairs.map(\.key)
        text = pairs.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    }

    /// The same names with nothing told of the values.
    var overflowing: MetricLabels { MetricLabels(names.map { ($0, Self.overflow) }) }

    /// Letters, digits and underscores; `le` is the histograms' own.
    private static func name(_ text: String) -> String {
        let name = MetricName.sanitized(text, allowsColon: false)
        return name == "le" ? "le_" : name
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        return value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Names as the formats allow them.
enum MetricName {
    static func sanitized(_ text: String, allowsColon: Bool = true) -> String {
        var name = String(
            decoding: text.utf8.map { byte in
                let isFine =
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (allowsColon && byte == UInt8(ascii: ":"))
                return isFine ? byte : UInt8(ascii: "_")
            }, as: UTF8.self)
        if name.isEmpty || name.utf8.first.map({ $0 < UInt8(ascii: ":") }) == true { name = "_" + name }
        return name
    }
}

/// What a series' number is kept in.
enum MetricValue: Sendable {
    case counter(PrometheusCounter)
    case gauge(PrometheusGauge)
    case histogram(PrometheusHistogram)
    /// Asked for when it is read; nil while it cannot be had.
    case observed(@Sendable () -> Double?)
}

/// All series of one metric.
struct MetricFamily: Sendable {
    let description: MetricDescription
    var series: [MetricLabels: MetricValue] = [:]
    /// The one for all that came too late.
    var overflow: (labels: MetricLabels, value: MetricValue)?
}
