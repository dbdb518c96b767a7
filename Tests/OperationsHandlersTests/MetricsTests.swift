import APISupport
import HTTPTypes
import Logging
import OperationsAPI
import Testing

@testable import OperationsHandlers

/// Metrics that are the name of their format.
struct FixedMetrics: MetricsSource {
    func text() -> String { "# text\n" }

    func openMetrics() -> String { "# EOF\n" }
}

@Suite("GET /metrics")
struct MetricsTests {
    private static func answer(accept: String?) async -> (status: Int, contentType: String?, cacheControl: String?, body: String) {
        let readiness = ReadinessChecks([], logger: Logger(label: "test"))
        let service = OperationsService(service: "gateway", readiness: readiness, metrics: FixedMetrics())
        var head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/metrics")
        if let accept { head.headerFields[.accept] = accept }
        let response = await APIRouter(routes: service.routes).respond(to: ServerRequest(head: head))
        let fields = response.head.headerFields
        guard case .bytes(let bytes) = response.body else { return (response.head.status.code, nil, nil, "") }
        return (response.head.status.code, fields[.contentType], fields[.cacheControl], String(decoding: bytes, as: UTF8.self))
    }

    @Test(
        "The format is the one that Accept prefers, and Prometheus' text where it does not care",
        arguments: [
            (nil, false), ("*/*", false), ("text/plain", false), ("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false),
            ("text/html,application/xhtml+xml,*/*;q=0.8", false),
            ("application/openmetrics-text", true), ("application/openmetrics-text; version=1.0.0; charset=utf-8", true),
            // Prometheus 2.42.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                true
            ),
            // Prometheus 3: an escaping that we do not know.
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                false
            ),
        ] as [(String?, Bool)])
    func negotiation(accept: String?, isOpenMetrics: Bool) async {
        let answer = await Self.answer(accept: accept)
        #expect(answer.status == 200)
        #expect(
            answer.contentType
                == (isOpenMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4; charset=utf-8"))
        #expect(answer.body == (isOpenMetrics ? "# EOF\n" : "# text\n"))
        #expect(answer.cacheControl == "no-store")
    }

    @Test("What accepts neither format hears so")
    func notAcceptable() async { #expect(await Self.answer(accept: "image/png").status == 406) }
}
