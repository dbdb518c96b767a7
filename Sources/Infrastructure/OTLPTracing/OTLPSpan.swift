internal import Synchronization
public import Tracing

/// An operation that is recorded, or only named, so that others' records refer to it, when its trace is not sampled.
public final class OTLPSpan: Span {
    /// What is kept of a span: more is counted and left out.
    enum Limits {
        static let attributes = 128
        static let events = 128
        static let links = 128
        /// Bytes of a text, about.
        static let text = 4096
    }

    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [SpanEvent] = []
        var droppedEvents = 0
        var links: [SpanLink] = []
        var status: SpanStatus?
        var hasEnded = false
    }

    public let context: ServiceContext
    private let trace: TraceContext
    private let parentID: UInt64?
    private let kind: SpanKind
    private let start: UInt64
    private let state: Mutex<State>
    /// Where it goes at its end; nil: nowhere.
    private let queue: SpanQueue?

    init(
        _ name: String, kind: SpanKind, trace: TraceContext, parentID: UInt64?, context: ServiceContext, start: UInt64, queue: SpanQueue?
    ) {
        self.kind = kind
        self.trace = trace
        self.parentID = parentID
        self.context = context
        self.start = start
        self.queue = queue
        state = Mutex(State(name: name))
    }

    public var isRecording: Bool { queue != nil && state.withLock { !$0.hasEnded } }

    public var operationName: String {
        get { state.withLock(\.name) }
        set { change { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock(\.attributes) }
        set { change { $0.attributes = newValue } }
    }

    public func setStatus(_ status: SpanStatus) { change { $0.status = status } }

    public func addEvent(_ event: SpanEvent) {
        change { state in
            if state.events.count < Limits.events { state.events.append(event) } else { state.droppedEvents += 1 }
        }
    }

    /// As an event `exception` (opentelemetry.io/docs/specs/semconv/exceptions): with the error's type, not its text, which may hold anything.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    public func addLink(_ link: SpanLink) {
        change { if $0.links.count < Limits.links { $0.links.append(link) } }
    }

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let queue else { return }
        let ended = state.withLock { state -> State? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard let ended else { return }
        queue.put(
            RecordedSpan(
                trace: trace, parentID: parentID, name: ended.name, kind: kind, start: start,
                end: max(start, instant().nanosecondsSinceEpoch), attributes: ended.attributes, events: ended.events,
                droppedEvents: ended.droppedEvents, links: ended.links.compactMap(\.context.trace), status: ended.status))
    }

    private func change(_ body: (inout State) -> Void) {
        guard queue != nil else { return }
        state.withLock { if !$0.hasEnded { body(&$0) } }
    }
}

/// A span that has ended.
struct RecordedSpan: Sendable {
    var trace: TraceContext
    var parentID: UInt64?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var start: UInt64
    var end: UInt64
    var attributes: SpanAttributes
    var events: [SpanEvent]
    var droppedEvents: Int
    var links: [TraceContext]
    var status: SpanStatus?
}
