import RuntimeHandlers
import Synchronization

/// A fake model: gives prepared answers in order, and keeps what it was asked.
final class ScriptedModelClient: ModelClient {
    /// One answer.
    enum Answer: Sendable {
        /// These events.
        case events([ModelEvent])
        /// These events, then a failure.
        case failure([ModelEvent], ModelFailure)
        /// These events, then nothing until the call is cancelled.
        case silence([ModelEvent])

        static func text(_ pieces: String...) -> Answer { .events(pieces.map { .textDelta($0) } + [.finished(.stop, usage: nil)]) }

        /// Calls as (id, tool, arguments).
        static func calls(_ calls: (String, String, String)...) -> Answer {
            .events(calls.map { .toolCall(id: $0.0, name: $0.1, arguments: $0.2) } + [.finished(.toolCalls, usage: nil)])
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [ModelRequest] = []
        var cancelledCalls = 0
    }

    private let state: Mutex<State>

    init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

    /// What it was asked, in order.
    var requests: [ModelRequest] { state.withLock(\.requests) }

    /// How many silent answers were ended by a cancellation.
    var cancelledCalls: Int { state.withLock(\.cancelledCalls) }

    func respond(to request: ModelRequest, receive: @Sendable (ModelEvent) async throws -> Void) async throws {
        let answer: Answer? = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        switch answer {
        case .events(let events):
            for event in events { try await receive(event) }
        case .failure(let events, let failure):
            for event in events { try await receive(event) }
            throw failure
        case .silence(let events):
            for event in events { try await receive(event) }
            let (silence, continuation) = AsyncStream.makeStream(of: Never.self, bufferingPolicy: .bufferingOldest(1))
            for await _ in silence {}
            state.withLock { $0.cancelledCalls += 1 }
            continuation.finish()
            throw CancellationError()
        case nil:
            throw ModelFailure(.rejected, message: "The script has no more answers.")
        }
    }
}
