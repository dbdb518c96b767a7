internal import Synchronization

/// Elements between one task that puts and one that takes; a bounded number wait.
final class BoundedQueue<Element: Sendable>: Sendable {
    private typealias Reader = CheckedContinuation<Element?, any Error>
    private typealias Writer = CheckedContinuation<Void, any Error>

    private struct State {
        /// Oldest first; from `head` on.
        var elements: [Element?] = []
        var head = 0
        var reader: Reader?
        var writer: Writer?
        /// nil inside: an end in good order.
        var end: Result<Void, any Error>?

        var count: Int { elements.count - head }

        mutating func takeFirst() -> Element? {
            guard head < elements.count else { return nil }
            defer {
                elements[head] = nil
                head += 1
                if head == elements.count {
                    elements.removeAll(keepingCapacity: true)
                    head = 0
                } else if head > 64, head * 2 > elements.count {
                    elements.removeFirst(head)
                    head = 0
                }
            }
            return elements[head]
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Adds an element; false: there is no room, or the queue has ended.
    func offer(_ element: Element) -> Bool {
        var reader: Reader?
        let isTaken = state.withLock { state -> Bool in
            guard state.end == nil else { return false }
            if let waiting = state.reader {
                state.reader = nil
                reader = waiting
                return true
            }
            guard state.count < capacity else { return false }
            state.elements.append(element)
            return true
        }
        reader?.resume(returning: element)
        return isTaken
    }

    /// Waits for room, or for the end of the queue. One caller at a time.
    func room() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Writer) in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.end != nil || state.count < capacity || state.writer != nil { return .success(()) }
                    state.writer = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            takeWriter()?.resume(throwing: CancellationError())
        }
    }

    /// The next element; nil at an end in good order.
    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Reader) in
                var writer: Writer?
                let outcome = state.withLock { state -> Result<Element?, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let element = state.takeFirst() {
                        writer = state.writer
                        state.writer = nil
                        return .success(element)
                    }
                    if let end = state.end { return end.map { nil } }
                    guard state.reader == nil else { return .failure(ConcurrentIteration()) }
                    state.reader = continuation
                    return nil
                }
                writer?.resume()
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            takeReader()?.resume(throwing: CancellationError())
        }
    }

    private func takeReader() -> Reader? {
        state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
    }

    private func takeWriter() -> Writer? {
        state.withLock { state in
            defer { state.writer = nil }
            return state.writer
        }
    }

    /// Nothing more is added; what is there can still be taken. The first end counts.
    func finish(_ failure: (any Error)? = nil) {
        var reader: Reader?
        var writer: Writer?
        let end = state.withLock { state -> Result<Void, any Error> in
            let end = state.end ?? failure.map { .failure($0) } ?? .success(())
            state.end = end
            (reader, state.reader) = (state.reader, nil)
            (writer, state.writer) = (state.writer, nil)
            return end
        }
        reader?.resume(with: end.map { nil })
        writer?.resume()
    }
}

/// Two tasks took from one connection at the same time: who should get the message?
struct ConcurrentIteration: Error {}
