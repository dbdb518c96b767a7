import APISupport
import RuntimeAPI

/// Calls of the runtime, with a time limit, and its failures in the gateway's terms.
struct RuntimeCalls: Sendable {
    let client: RuntimeAPI.Client
    /// How long a call may take until its answer begins.
    let timeout: Duration

    /// Runs a call. What keeps the runtime from answering (no connection, no time, an answer that its document does not declare) becomes
    /// `unavailable`, with the cause for the log.
    func callAsFunction<Output: Sendable>(
        _ call: @escaping @Sendable (RuntimeAPI.Client) async throws -> Output
    ) async throws -> Output {
        do {
            return try await withThrowingTaskGroup(of: Output?.self) { [client, timeout] group in
                defer { group.cancelAll() }
                group.addTask { try await call(client) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    return nil
                }
                guard let first = try await group.next(), let output = first else { throw RuntimeTimeout(limit: timeout) }
                return output
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw RequestFailure(.unavailable, detail: "The runtime cannot be reached.", cause: error)
        }
    }

    /// The failure for an error that the runtime declares. What the caller did wrong is passed on; what went wrong between gateway and
    /// runtime is not the caller's business.
    static func failure(_ problem: Problem) -> any Error {
        switch problem.status {
        case 400, 404, 409, 410, 413, 422:
            var problem = problem
            // The id is that of the gateway's request to the runtime; the answer gets the caller's own.
            problem.requestID = nil
            return ProblemError(problem)
        case 503: return RequestFailure(.unavailable, detail: "The runtime is overloaded.", cause: RuntimeProblem(problem: problem))
        default: return RequestFailure(.internalError, cause: RuntimeProblem(problem: problem))
        }
    }
}

/// The runtime did not answer in time.
struct RuntimeTimeout: Error, Equatable {
    var limit: Duration
}

/// A problem of the runtime, for the log.
struct RuntimeProblem: Error, CustomStringConvertible {
    var problem: Problem

    var description: String {
        "the runtime answered \(problem.status) \(problem.type) (its request \(problem.requestID ?? "unknown")): \(problem.detail ?? problem.title)"
    }
}
