import Logging
import OTLPTracing
import Tracing

extension Logger.MetadataProvider {
    /// Names the trace and the span that a line was written in, so that the one is found from the other.
    static let trace = Logger.MetadataProvider {
        guard let trace = ServiceContext.current?.traceReference else { return [:] }
        return ["trace_id": "\(trace.traceID)", "span_id": "\(trace.spanID)"]
    }
}
