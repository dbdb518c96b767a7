import Synchronization

/// A session's events: keeps the latest and hands new ones to the readers.
///
/// Every reader has a bounded buffer. One that is too slow is dropped: it still gets what is in its buffer, then its stream ends, and it
/// can resume behind the last event it saw.
final class EventLog: Sendable {
    /// An event with the id by which a reader resumes.
    struct Entry: Sendable {
        let id: String
        let event: SessionEvent
    }

    /// Why there is no stream.
    enum Refusal: Error {
        /// Events behind the given id are no longer kept, or the id is not of this log.
        case gone
        case tooManyReaders
    }

    typealias Stream = AsyncThrowingStream<Entry, any Error>

    private struct State {
        var buffer: EventBuffer
        var readers: [Int: Stream.Continuation] = [:]
        var nextReader = 0
        var isClosed = false
    }

    /// Tells this log's ids from those of a log before a restart.
    private let generation: String
    private let limits: EventLimits
    private let state: Mutex<State>

    init(limits: EventLimits, generation: String = Identifier.make("")) {
        self.limits = limits
        self.generation = String(generation.prefix(10))
        state = Mutex(State(buffer: EventBuffer(maximumCount: limits.bufferedEvents, maximumBytes: limits.bufferedBytes)))
    }

    /// Keeps events and hands them to the readers, in order.
    func publish(_ events: [SessionEvent]) {
        guard !events.isEmpty else { return }
        let dropped: [Stream.Continuation] = state.withLock { state in
            guard !state.isClosed else { return [] }
            var dropped: [Stream.Continuation] = []
            for event in events {
                let entry = makeEntry(state.buffer.append(event))
                for (reader, continuation) in state.readers {
                    if case .enqueued = continuation.yield(entry) { continue }
                    state.readers[reader] = nil
                    dropped.append(continuation)
                }
            }
            return dropped
        }
        // Outside the lock: ending a stream calls back into this log.
        for continuation in dropped { continuation.finish() }
    }

    /// A stream of events.
    ///
    /// - Parameters:
    ///   - lastID: The id of the last event seen; nil starts with what happens next.
    ///   - owner: Kept alive as long as the stream.
    func stream(after lastID: String?, keeping owner: any AnyObject & Sendable) throws(Refusal) -> Stream {
        try state.withLock { state throws(Refusal) in
            guard state.readers.count < limits.readers else { throw .tooManyReaders }
            var backlog: [EventBuffer.Entry] = []
            if let lastID {
                guard let number = number(of: lastID), let entries = state.buffer.entries(after: number) else { throw .gone }
                backlog = entries
            }
            let (stream, continuation) = Stream.makeStream(bufferingPolicy: .bufferingOldest(backlog.count + limits.readerBuffer))
            for entry in backlog { continuation.yield(makeEntry(entry)) }
            guard !state.isClosed else {
                continuation.finish()
                return stream
            }
            let reader = state.nextReader
            state.nextReader += 1
            state.readers[reader] = continuation
            continuation.onTermination = { [weak self] _ in
                withExtendedLifetime(owner) { self?.remove(reader) }
            }
            return stream
        }
    }

    /// Ends all streams; later events are dropped.
    func close() {
        let readers = state.withLock { state in
            state.isClosed = true
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.finish() }
    }

    private func remove(_ reader: Int) { state.withLock { $0.readers[reader] = nil } }

    private func makeEntry(_ entry: EventBuffer.Entry) -> Entry { Entry(id: "\(generation)-\(entry.number)", event: entry.event) }

    private func number(of id: String) -> UInt64? {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == generation else { return nil }
        return UInt64(parts[1])
    }
}

/// The bounds of a session's events; ``RuntimeConfiguration`` says what each is for.
struct EventLimits: Sendable {
    var bufferedEvents: Int
    var bufferedBytes: Int
    var readers: Int
    var readerBuffer: Int
}
