internal import Metrics
internal import HTTPTypes
internal import Synchronization

/// What is measured of the requests to one operation or channel, by the names that the semantic conventions of OpenTelemetry give it
/// (opentelemetry.io/docs/specs/semconv/http/http-metrics).
///
/// The route is the template, never the path: there are as many series as operations, methods and statuses. `@unchecked Sendable`: the memory
/// holds atomics only, and lives as long as this object.
final class RouteMetrics: @unchecked Sendable {
    private static let statuses = 100..<600

    private let method: String
    private let route: String
    private let active: Meter
    /// By status, each made with its first answer.
    private let durations: UnsafeMutablePointer<AtomicLazyReference<Timer>>

    /// - Parameter route: The template; empty for what is not there.
    init(method: String, route: String) {
        self.method = method
        self.route = route
        active = Meter(label: "http_server_active_requests", dimensions: [("http_request_method", method)])
        durations = .allocate(capacity: Self.statuses.count)
        for index in 0..<Self.statuses.count { (durations + index).initialize(to: AtomicLazyReference()) }
    }

    deinit {
        durations.deinitialize(count: Self.statuses.count)
        durations.deallocate()
    }

    /// A request has come.
    func begin() -> Measurement {
        active.increment()
        return Measurement(metrics: self, start: .now)
    }

    /// A request that is under way.
    struct Measurement: Sendable {
        fileprivate let metrics: RouteMetrics
        fileprivate let start: ContinuousClock.Instant

        /// To be called once.
        func end(status: Int) {
            metrics.duration(status).record(duration: ContinuousClock.now - start)
            metrics.active.decrement()
        }

        /// Ends with what is sent of the response: with its stream, if it has one.
        func end(with response: inout ServerResponse) {
            let status = response.head.status.code
            guard case .stream(let stream) = response.body else { return end(status: status) }
            response.body = .stream(stream.atEnd { end(status: status) })
        }
    }

    /// What uses a channel's connection, counted while it does.
    func counting(_ run: @escaping @Sendable (any MessageTransport) async -> Void) -> @Sendable (any MessageTransport) async -> Void {
        let open = Meter(label: "codelab_websocket_connections", dimensions: [("http_route", route)])
        return { transport in
            open.increment()
            await run(transport)
            open.decrement()
        }
    }

    private func duration(_ status: Int) -> Timer {
        let status = Self.statuses.contains(status) ? status : 599
        let index = status - Self.statuses.lowerBound
        if let duration = durations[index].load() { return duration }
        let labels = [("http_request_method", method), ("http_route", route), ("http_response_status_code", String(status))]
        return durations[index].storeIfNil(Timer(label: "http_server_request_duration_seconds", dimensions: labels))
    }
}

/// Of requests to what is not there; methods that nobody knows are one.
struct UnroutedMetrics: Sendable {
    private let known: [HTTPRequest.Method: RouteMetrics]
    private let other = RouteMetrics(method: "_OTHER", route: "")

    init() {
        let methods: [HTTPRequest.Method] = [.connect, .delete, .get, .head, .options, .patch, .post, .put, .trace]
        known = Dictionary(uniqueKeysWithValues: methods.map { ($0, RouteMetrics(method: $0.rawValue, route: "")) })
    }

    subscript(method: HTTPRequest.Method) -> RouteMetrics { known[method] ?? other }
}
