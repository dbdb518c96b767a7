internal import Synchronization

/// Spans that have ended and are not exported yet: so many at most, further ones are dropped and counted.
final class SpanQueue: Sendable {
    private struct State {
        var spans: [RecordedSpan] = []
        var dropped = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    func put(_ span: RecordedSpan) {
        state.withLock { state in
            if state.spans.count < capacity { state.spans.append(span) } else { state.dropped += 1 }
        }
    }

    /// Everything, in the order of the ends, and how many were dropped since the last time.
    func take() -> (spans: [RecordedSpan], dropped: Int) {
        state.withLock { state in
            defer { state = State() }
            return (state.spans, state.dropped)
        }
    }
}
