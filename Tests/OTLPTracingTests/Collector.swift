import APISupport
import OTLPAPI
import Synchronization

/// A collector of spans, by the server that is generated from the same document: it does as it is told with the next requests, then takes all.
final class Collector: APIHandler {
    enum Answer: Sendable {
        case take
        case later(seconds: Int64?)
        case refuse
        case reject(Int64)
        case silence
    }

    private struct State {
        var answers: [Answer] = []
        var requests: [Schemas.ExportTraceServiceRequest] = []
        var asked = 0
        var waiting: [(isDone: @Sendable (Collector) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// What it took.
    var requests: [Schemas.ExportTraceServiceRequest] { state.withLock(\.requests) }
    var spans: [Schemas.Span] { requests.flatMap { $0.resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) } } }
    /// How many requests there were.
    var asked: Int { state.withLock(\.asked) }

    func next(_ answers: Answer...) { state.withLock { $0.answers = answers } }

    /// Returns once it has come so far.
    func when(_ isDone: @escaping @Sendable (Collector) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting.append((isDone, continuation)) }
            tell()
        }
    }

    private func tell() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting {
            if waiter.isDone(self) { waiter.continuation.resume() } else { state.withLock { $0.waiting.append(waiter) } }
        }
    }

    func exportTraces(_ input: Operations.ExportTraces.Input, context: CallContext) async throws -> Operations.ExportTraces.Output {
        let answer = state.withLock { state in
            state.asked += 1
            let answer = state.answers.isEmpty ? Answer.take : state.answers.removeFirst()
            switch answer {
            case .take, .reject: state.requests.append(input.body)
            default: break
            }
            return answer
        }
        defer { tell() }
        switch answer {
        case .take: return .ok(Schemas.ExportTraceServiceResponse())
        case .reject(let count):
            return .ok(.init(partialSuccess: .init(rejectedSpans: .string(String(count)), errorMessage: "too old")))
        case .later(let seconds): return .serviceUnavailable(.init(retryAfter: seconds, body: .init(code: 14, message: "full")))
        case .refuse: return .default(statusCode: 400, .init(code: 3, message: "no"))
        case .silence:
            tell()
            try await Task.sleep(for: .seconds(600))
            throw CancellationError()
        }
    }

    func failure(_ failure: RequestFailure, in operation: Operations.ExportTraces.Type) throws -> Operations.ExportTraces.Output {
        .default(statusCode: 400, .init(code: 3, message: failure.detail))
    }
}
