internal import APISupport
internal import Synchronization

/// Messages between the task that reads frames and the one that consumes messages.
final class MessageQueue: Sendable {
    private typealias Reader = CheckedContinuation<[UInt8]?, any Error>
    private typealias Writer = CheckedContinuation<Void, Never>

    private let state: Mutex<StateMachine<Reader, Writer>>

    init(maximumMessages: Int, maximumBytes: Int) {
        state = Mutex(StateMachine(maximumMessages: maximumMessages, maximumBytes: maximumBytes))
    }

    var isFull: Bool { state.withLock { $0.isFull } }

    /// Adds a message and waits for room for the next one.
    func put(_ message: [UInt8]) async {
        let reader = state.withLock { $0.put(message) }
        reader?.resume(returning: message)
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Writer) in
                let isWaiting = state.withLock { !Task.isCancelled && $0.wait(continuation) }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.cancelWriter() }?.resume()
        }
    }

    /// The next message; nil at an end in good order. Throws ``WebSocketClosed`` at another one.
    func next() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Reader) in
                enum Outcome {
                    case result(Result<[UInt8]?, any Error>, Writer?)
                    case waiting
                }
                let outcome = state.withLock { state -> Outcome in
                    if Task.isCancelled { return .result(.failure(CancellationError()), nil) }
                    switch state.take() {
                    case .some((.message(let message), let writer)): return .result(.success(message), writer)
                    case .some((.end(let end), let writer)): return .result(Self.result(end), writer)
                    case .none: return state.wait(continuation) ? .waiting : .result(.failure(ConcurrentReceive()), nil)
                    }
                }
                if case .result(let result, let writer) = outcome {
                    writer?.resume()
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            state.withLock { $0.cancelReader() }?.resume(throwing: CancellationError())
        }
    }

    /// The connection was closed in good order (nil) or not.
    func finish(_ failure: WebSocketClosed?) {
        let (reader, writer, end) = state.withLock { $0.finish(failure.map { .failed($0) } ?? .inOrder) }
        reader?.resume(with: Self.result(end))
        writer?.resume()
    }

    /// Nobody will read again: messages that still come are dropped.
    func abandon() { state.withLock { $0.abandon() }?.resume() }

    private static func result(_ end: StateMachine<Reader, Writer>.End) -> Result<[UInt8]?, any Error> {
        switch end {
        case .inOrder: .success(nil)
        case .failed(let closed): .failure(closed)
        }
    }
}

/// Two tasks called `receive()` at the same time: who should get the message?
struct ConcurrentReceive: Error {}
