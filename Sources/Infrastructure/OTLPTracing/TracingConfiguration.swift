/// Where spans go, and which (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables and …/protocol/exporter).
public struct TracingConfiguration: Sendable {
    /// The collector: `/v1/traces` is appended.
    public var endpoint: String
    /// Fields of every request to it; they may hold secrets.
    public var headers: [(name: String, value: String)]
    /// How long a request to it may take.
    public var timeout: Duration
    public var sampler: Sampler
    /// What is said of this process: `service.name` and the like.
    public var resource: [(name: String, value: String)]

    /// - Parameters:
    ///   - endpoint: An http or https URL.
    ///   - headers: As in `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,name=value`, values percent-encoded where needed.
    ///   - resource: As in `OTEL_RESOURCE_ATTRIBUTES`: likewise.
    ///   - name: `service.name`, which comes before one among the attributes.
    /// - Throws: ``TracingConfigurationError``.
    public init(
        endpoint: String, headers: String? = nil, timeout: Duration = .seconds(10), sampler: Sampler = .parentBased(root: .alwaysOn),
        resource: String? = nil, name: String, version: String
    ) throws(TracingConfigurationError) {
        self.endpoint = endpoint
        self.headers = try Self.pairs(headers ?? "", "OTEL_EXPORTER_OTLP_HEADERS")
        self.timeout = timeout
        self.sampler = sampler
        let own = [(name: "service.name", value: name), (name: "service.version", value: version)]
        let given = try Self.pairs(resource ?? "", "OTEL_RESOURCE_ATTRIBUTES")
        self.resource = own + given.filter { pair in !own.contains { $0.name == pair.name } }
    }

    /// W3C Baggage without its properties. What is wrong is not quoted: it may be a secret.
    private static func pairs(_ text: String, _ variable: String) throws(TracingConfigurationError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { trimmed($0) }
            guard sides.count == 2, !sides[0].isEmpty, let value = decoded(sides[1]) else {
                throw TracingConfigurationError("\(variable) is a list as in name=value,name=value; entry \(pairs.count + 1) is none")
            }
            pairs.append((sides[0], value))
        }
        return pairs
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Percent-decoded; nil when that is no text.
    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension TracingConfiguration: CustomStringConvertible, CustomReflectable {
    /// Without the fields' values.
    public var description: String { "TracingConfiguration(\(endpoint))" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
