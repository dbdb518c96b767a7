public import Tracing

/// Records what happens in the course of requests, and has it exported by the OpenTelemetry protocol: the backend of swift-distributed-tracing.
///
/// Ids travel by the fields of W3C Trace Context.
public struct OTLPTracer: Tracer {
    private let sampler: Sampler
    private let queue: SpanQueue

    init(sampler: Sampler, queue: SpanQueue) {
        self.sampler = sampler
        self.queue = queue
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> OTLPSpan {
        var context = context()
        let parent = context.trace
        var trace = parent ?? .root()
        trace.isSampled = sampler.samples(trace, parent: parent)
        trace.spanID = TraceContext.newSpanID()
        context.trace = trace
        return OTLPSpan(
            operationName, kind: kind, trace: trace, parentID: parent?.spanID, context: context, start: instant().nanosecondsSinceEpoch,
            queue: trace.isSampled ? queue : nil)
    }

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: TraceContext.parentField, from: carrier) else { return }
        context.trace = TraceContext(parent: parent, state: extractor.extract(key: TraceContext.stateField, from: carrier))
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.parent, forKey: TraceContext.parentField, into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: TraceContext.stateField, into: &carrier) }
    }

    /// Does nothing: what has ended is exported within a second.
    public func forceFlush() {}
}
