import APISupport
import RuntimeAPI

/// What the gateway answers when the runtime does not do what it was asked.
enum RuntimeFailure {
    /// Runs a call of the runtime. What keeps it from answering (no connection, no time, an answer that its document does not declare) becomes
    /// `unavailable`, with the cause for the log.
    static func mapping<Output: Sendable>(_ call: () async throws -> Output) async throws -> Output {
        do {
            return try await call()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw RequestFailure(.unavailable, detail: "The runtime cannot be reached.", cause: error)
        }
    }

    /// The failure for an error that the runtime declares. What the caller did wrong is passed on; what went wrong between gateway and
    /// runtime is not the caller's business.
    static func error(_ problem: Problem) -> any Error {
        switch problem.status {
        case 400, 404, 409, 410, 413, 422:
            var problem = problem
            // The request is the gateway's; its own id is put in.
            problem.requestID = nil
            return ProblemError(problem)
        case 503: return RequestFailure(.unavailable, detail: "The runtime is overloaded.", cause: RuntimeProblem(problem: problem))
        default: return RequestFailure(.internalError, cause: RuntimeProblem(problem: problem))
        }
    }
}

/// A problem of the runtime, for the log.
struct RuntimeProblem: Error, CustomStringConvertible {
    var problem: Problem

    var description: String {
        "the runtime answered \(problem.status) \(problem.type) (its request \(problem.requestID ?? "unknown")): \(problem.detail ?? problem.title)"
    }
}
