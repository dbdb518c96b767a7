import APISupport
import APITracing
import HTTPTypes
import Logging
import OTLPTracing
import ServiceLifecycle
import Synchronization
import Testing
import Tracing

import OTLPAPI

/// One service calls another; each hands its answer over in a stream.
@Suite("Spans of requests", .serialized)
struct MiddlewareTests {
    /// The process has one tracer: the system's.
    private static let system = Result {
        let collector = Collector()
        let transport = InProcessTransport(router: APIRouter(routes: Server(handler: collector).routes))
        let configuration = try TracingConfiguration(endpoint: "http://collector", name: "tests", version: "1")
        let exporter = SpanExporter(configuration, transport: transport, period: .milliseconds(2), logger: Logger(label: "test"))
        InstrumentationSystem.bootstrap(exporter.tracer)
        return (exporter, collector)
    }

    private func router(_ path: String, _ respond: @escaping @Sendable () async -> ServerResponse) -> APIRouter {
        APIRouter(routes: [APIRoute(method: .get, path: path, operationID: "getIt") { _, _ in await respond() }])
            .with { TracingServerMiddleware($0) }
    }

    @Test("A call and the request that it is at the other side are one trace, each until the last byte")
    func chain() async throws {
        let (exporter, collector) = try Self.system.get()
        let inner = router("/inner/{id}") {
            var response = ServerResponse.empty(503)
            response.body = .stream(ByteStream([1, 2, 3]))
            return response
        }
        let transport = MiddlewareTransport(InProcessTransport(router: inner), middlewares: [TracingClientMiddleware()])
        let outer = router("/outer") {
            let head = HTTPRequest(method: .get, scheme: "http", authority: "inner.example:81", path: "/inner/secret-id")
            let answer = try? await transport.send(ClientRequest(head: head, operationID: "getIt"))
            let bytes = try? await answer?.body.collect(upTo: 10)
            return ServerResponse.empty(bytes == [1, 2, 3] ? 200 : 500)
        }
        let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [exporter], logger: Logger(label: "services")))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var head = HTTPRequest(method: .get, scheme: "http", authority: "outer.example", path: "/outer?code=secret")
            head.headerFields[try #require(HTTPField.Name("traceparent"))] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let response = await outer.respond(to: ServerRequest(head: head, body: .none, remoteAddress: "test"))
            #expect(response.head.status.code == 200)
            await collector.when { $0.spans.count == 3 }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        let spans = collector.spans
        let request = try #require(spans.first { $0.name == "GET /outer" })
        let call = try #require(spans.first { $0.name == "GET getIt" })
        let served = try #require(spans.first { $0.name == "GET /inner/{id}" })
        #expect(Set(spans.map(\.traceID)) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
        #expect(request.parentSpanID == "00f067aa0ba902b7")
        #expect(call.parentSpanID == request.spanID)
        #expect(served.parentSpanID == call.spanID)
        #expect([request.kind, call.kind, served.kind] == [2, 3, 2])
        func attribute(_ span: OTLPAPI.Schemas.Span, _ name: String) -> OTLPAPI.Schemas.AnyValue? {
            span.attributes?.first { $0.key == name }?.value
        }
        #expect(attribute(request, "http.response.status_code")?.intValue == "200")
        #expect(attribute(served, "http.response.status_code")?.intValue == "503")
        #expect(attribute(served, "http.route")?.stringValue == "/inner/{id}")
        #expect(attribute(call, "server.address")?.stringValue == "inner.example")
        #expect(attribute(call, "server.port")?.intValue == "81")
        #expect([request.status?.code, call.status?.code, served.status?.code] == [nil, 2, 2])
        #expect(!"\(spans)".contains("secret"))
    }

}
