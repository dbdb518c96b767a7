import APISupport
import APITracing
import HTTPTypes
import InMemoryLogging
import Logging
import OTLPTracing
import ServiceLifecycle
import Synchronization
import Testing
import Tracing

import OTLPAPI

@Suite("Traces by OTLP")
struct ExportTests {
    private func configuration(
        _ sampler: Sampler = .parentBased(root: .alwaysOn), timeout: Duration = .seconds(30)
    ) throws -> TracingConfiguration {
        try TracingConfiguration(
            endpoint: "http://collector:4318", headers: "x-tenant=one", timeout: timeout, sampler: sampler, name: "tests", version: "1.0")
    }

    /// Runs an exporter to `collector` while `body` runs; then what has ended is sent.
    private func exporting(
        to collector: Collector, _ configuration: TracingConfiguration, capacity: Int = 100, log: InMemoryLogHandler = InMemoryLogHandler(),
        _ body: (OTLPTracer) async throws -> Void
    ) async throws {
        let transport = InProcessTransport(router: APIRouter(routes: Server(handler: collector).routes))
        let exporter = SpanExporter(
            configuration, transport: transport, capacity: capacity, period: .milliseconds(2),
            logger: Logger(label: "test") { _ in log })
        let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [exporter], logger: Logger(label: "services")))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            try await body(exporter.tracer)
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test("Spans arrive as they were recorded, children with their parents")
    func spans() async throws {
        let collector = Collector()
        try await exporting(to: collector, try configuration()) { tracer in
            var context = ServiceContext.topLevel
            tracer.extract(
                ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "v=1"], into: &context,
                using: DictionaryCarrier())
            let outer = tracer.startSpan("outer", context: context, ofKind: .server)
            outer.attributes["text"] = "é"
            outer.attributes["number"] = Int64.min
            outer.attributes["part"] = 0.5
            outer.attributes["is"] = true
            outer.attributes["not"] = Double.nan
            outer.attributes["list"] = ["a", "b"]
            outer.addEvent(SpanEvent(name: "something", attributes: ["n": 1]))
            let inner = tracer.startSpan("inner", context: outer.context, ofKind: .client)
            inner.recordError(Failure())
            inner.setStatus(SpanStatus(code: .error, message: "failed"))
            inner.addLink(outer)
            inner.end()
            inner.attributes["late"] = true
            inner.end()
            outer.end()
            await collector.when { $0.spans.count == 2 }
        }
        let inner = try #require(collector.spans.first { $0.name == "inner" })
        let outer = try #require(collector.spans.first { $0.name == "outer" })
        #expect(collector.spans.count == 2)
        #expect(outer.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(outer.parentSpanID == "00f067aa0ba902b7")
        #expect(outer.traceState == "v=1")
        #expect(inner.traceID == outer.traceID)
        #expect(inner.parentSpanID == outer.spanID)
        #expect((outer.kind, inner.kind) == (2, 3))
        #expect(try #require(UInt64(outer.startTimeUnixNano)) <= #require(UInt64(inner.startTimeUnixNano)))
        #expect(try #require(UInt64(inner.endTimeUnixNano)) <= #require(UInt64(outer.endTimeUnixNano)))
        let attributes = Dictionary(uniqueKeysWithValues: (outer.attributes ?? []).map { ($0.key, $0.value) })
        #expect(attributes["text"]?.stringValue == "é")
        #expect(attributes["number"]?.intValue == "-9223372036854775808")
        #expect(attributes["part"]?.doubleValue == 0.5)
        #expect(attributes["is"]?.boolValue == true)
        #expect(attributes["list"]?.arrayValue?.values.map(\.stringValue) == ["a", "b"])
        #expect(attributes["not"] == nil && outer.droppedAttributesCount == 1)
        #expect(outer.events?.map(\.name) == ["something"])
        #expect(inner.status == .init(code: 2, message: "failed"))
        #expect(inner.events?.first?.name == "exception")
        #expect(inner.events?.first?.attributes?.first?.value.stringValue == "Failure")
        #expect(inner.links?.map(\.spanID) == [outer.spanID])
        #expect(inner.attributes == nil)
        let resource = try #require(collector.requests.first?.resourceSpans.first).resource.attributes
        #expect(resource.map { "\($0.key)=\($0.value.stringValue ?? "")" } == ["service.name=tests", "service.version=1.0"])
    }

    @Test("What is not sampled is not sent, but names its trace to others")
    func notSampled() async throws {
        let collector = Collector()
        try await exporting(to: collector, try configuration(.alwaysOff)) { tracer in
            let span = tracer.startSpan("unseen", context: .topLevel)
            #expect(!span.isRecording)
            var fields: [String: String] = [:]
            tracer.inject(span.context, into: &fields, using: DictionaryCarrier())
            #expect(fields["traceparent"]?.hasSuffix("-00") == true)
            span.end()
        }
        #expect(collector.asked == 0)
    }

    @Test("A collector that can take nothing now is asked again; nothing is lost or sent twice")
    func later() async throws {
        let (collector, log) = (Collector(), InMemoryLogHandler())
        collector.next(.later(seconds: 0), .later(seconds: 0), .take)
        try await exporting(to: collector, try configuration(), log: log) { tracer in
            tracer.startSpan("patient", context: .topLevel).end()
            await collector.when { $0.asked == 3 }
        }
        #expect(collector.spans.map(\.name) == ["patient"])
        #expect(log.entries.isEmpty)
    }

    @Test("What a collector refuses is told once and not sent again; of what it takes in part the rest is told")
    func refusals() async throws {
        let (collector, log) = (Collector(), InMemoryLogHandler())
        collector.next(.refuse, .reject(3))
        try await exporting(to: collector, try configuration(), log: log) { tracer in
            tracer.startSpan("refused", context: .topLevel).end()
            await collector.when { $0.asked == 1 }
            tracer.startSpan("partly", context: .topLevel).end()
            await collector.when { $0.asked == 2 }
        }
        #expect(collector.spans.map(\.name) == ["partly"])
        #expect(log.entries.count == 2)
        #expect(log.entries.first?.metadata["status"] == "400")
        #expect(log.entries.last?.metadata["spans"] == "3")
    }

    @Test("A silent collector holds up nobody: further spans wait up to a number, then are dropped and counted")
    func silence() async throws {
        let (collector, log) = (Collector(), InMemoryLogHandler())
        collector.next(.silence)
        try await exporting(to: collector, try configuration(timeout: .milliseconds(50)), capacity: 10, log: log) { tracer in
            tracer.startSpan("first", context: .topLevel).end()
            await collector.when { $0.asked == 1 }
            for _ in 0..<25 { tracer.startSpan("further", context: .topLevel).end() }
            await collector.when { $0.spans.count == 11 }
        }
        #expect(collector.spans.count == 11)
        #expect(log.entries.contains { "\($0.message)".contains("dropped") && $0.metadata["spans"] == "15" })
    }

    @Test("At the end what has ended is sent at once")
    func end() async throws {
        let collector = Collector()
        try await exporting(to: collector, try configuration()) { tracer in
            for number in 0..<50 { tracer.startSpan("span \(number)", context: .topLevel).end() }
        }
        #expect(collector.spans.count == 50)
    }
}

private struct Failure: Error {}

private struct DictionaryCarrier: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}
