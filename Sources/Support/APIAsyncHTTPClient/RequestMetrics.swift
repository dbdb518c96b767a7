internal import Metrics
internal import Synchronization

/// What is measured of requests to others, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/http/http-metrics): until a response's head is there.
///
/// Servers are those of the settings, and replicas by their addresses, which change: what keeps the metrics bounds their number.
final class RequestMetrics: Sendable {
    static let shared = RequestMetrics()

    private struct Key: Hashable {
        var method: String
        var authority: String
        var outcome: Outcome
    }

    enum Outcome: Hashable {
        case status(Int)
        /// The name of the error's type: what went wrong before there was a status.
        case failed(String)
    }

    private static let maximumKept = 1000

    private let kept = Mutex<[Key: Timer]>([:])

    func record(_ method: String, _ authority: String, _ outcome: Outcome, since start: ContinuousClock.Instant) {
        let key = Key(method: method, authority: authority, outcome: outcome)
        timer(key).record(duration: ContinuousClock.now - start)
    }

    private func timer(_ key: Key) -> Timer {
        if let timer = kept.withLock({ $0[key] }) { return timer }
        var (host, port) = (key.authority[...], Substring())
        if let colon = key.authority.lastIndex(of: ":"), !key.authority.hasSuffix("]") {
            (host, port) = (key.authority[..<colon], key.authority[key.authority.index(after: colon)...])
        }
        let (status, error) =
            switch key.outcome {
            case .status(let status): (String(status), status >= 400 ? String(status) : "")
            case .failed(let name): ("", name)
            }
        let timer = Timer(
            label: "http_client_request_duration_seconds",
            dimensions: [
                ("http_request_method", key.method), ("server_address", String(host)), ("server_port", String(port)),
                ("http_response_status_code", status), ("error_type", error),
            ])
        kept.withLock { if $0.count < Self.maximumKept { $0[key] = timer } }
        return timer
    }
}
