internal import OTLPAPI
internal import Tracing

/// Spans in the form of the protocol.
enum OTLPMessage {
    static func request(_ spans: [RecordedSpan], of resource: [(name: String, value: String)]) -> Schemas.ExportTraceServiceRequest {
        let attributes = resource.map { Schemas.KeyValue(key: $0.name, value: .init(stringValue: $0.value)) }
        let scope = Schemas.InstrumentationScope(name: "codelab")
        return Schemas.ExportTraceServiceRequest(
            resourceSpans: [
                Schemas.ResourceSpans(
                    resource: .init(attributes: attributes), scopeSpans: [.init(scope: scope, spans: spans.map(span))])
            ])
    }

    private static func span(_ span: RecordedSpan) -> Schemas.Span {
        let (attributes, dropped) = attributes(span.attributes)
        return Schemas.Span(
            traceID: span.trace.traceIDText, spanID: span.trace.spanIDText, parentSpanID: span.parentID.map(text),
            traceState: span.trace.state,
            flags: span.trace.isSampled ? 1 : 0, name: span.name.isEmpty ? "unnamed" : span.name, kind: kind(span.kind),
            startTimeUnixNano: String(span.start), endTimeUnixNano: String(span.end), attributes: attributes,
            droppedAttributesCount: dropped > 0 ? dropped : nil, events: span.events.isEmpty ? nil : span.events.map(event),
            droppedEventsCount: span.droppedEvents > 0 ? Int64(span.droppedEvents) : nil,
            links: span.links.isEmpty ? nil : span.links.map { .init(traceID: $0.traceIDText, spanID: $0.spanIDText) },
            status: span.status.map(status))
    }

    private static func text(_ id: UInt64) -> String {
        TraceContext(traceID: (0, 1), spanID: id, isSampled: false, state: nil).spanIDText
    }

    private static func kind(_ kind: SpanKind) -> Int64 {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private static func status(_ status: SpanStatus) -> Schemas.SpanStatus {
        switch status.code {
        case .ok: .init(code: 1)
        case .error: .init(code: 2, message: status.message.map(limited))
        }
    }

    private static func event(_ event: SpanEvent) -> Schemas.SpanEvent {
        Schemas.SpanEvent(
            timeUnixNano: String(event.nanosecondsSinceEpoch), name: limited(event.name), attributes: attributes(event.attributes).kept)
    }

    // MARK: Attributes

    private static func attributes(_ attributes: SpanAttributes) -> (kept: [Schemas.KeyValue]?, dropped: Int64) {
        var values: [Schemas.KeyValue] = []
        var dropped: Int64 = 0
        func keep(_ name: String, _ attribute: SpanAttribute) {
            guard values.count < OTLPSpan.Limits.attributes, !name.isEmpty, let value = value(attribute) else {
                dropped += 1
                return
            }
            values.append(Schemas.KeyValue(key: name, value: value))
        }
        attributes.forEach(keep)
        return (values.isEmpty ? nil : values, dropped)
    }

    /// nil for what the protocol has no form for.
    private static func value(_ attribute: SpanAttribute) -> Schemas.AnyValue? {
        switch attribute {
        case .int32(let value): .init(intValue: String(value))
        case .int64(let value): .init(intValue: String(value))
        case .double(let value): value.isFinite ? .init(doubleValue: value) : nil
        case .bool(let value): .init(boolValue: value)
        case .string(let value): .init(stringValue: limited(value))
        case .stringConvertible(let value): .init(stringValue: limited("\(value)"))
        case .int32Array(let values): array(values) { .init(intValue: String($0)) }
        case .int64Array(let values): array(values) { .init(intValue: String($0)) }
        case .doubleArray(let values): array(values.filter(\.isFinite)) { .init(doubleValue: $0) }
        case .boolArray(let values): array(values) { .init(boolValue: $0) }
        case .stringArray(let values): array(values) { .init(stringValue: limited($0)) }
        case .stringConvertibleArray(let values): array(values) { .init(stringValue: limited("\($0)")) }
        default: nil
        }
    }

    private static func array<Value>(_ values: [Value], _ body: (Value) -> Schemas.AnyValue) -> Schemas.AnyValue {
        .init(arrayValue: .init(values: values.prefix(OTLPSpan.Limits.attributes).map(body)))
    }

    private static func limited(_ text: String) -> String {
        text.utf8.count <= OTLPSpan.Limits.text ? text : String(text.prefix(OTLPSpan.Limits.text / 4))
    }
}
