internal import HTTPTypes
internal import Logging

/// What generated routes call: credentials, failures, statuses.
public enum ServerCall {
    /// The answer to an error thrown by the route or its handler.
    ///
    /// A ``RequestFailure`` or ``ProblemError`` is answered with its own status where that is declared, a client's error otherwise with the
    /// declared 400. What generated code itself finds wrong with a request is answered in any case, as problem details where the document
    /// says nothing: a caller without a credential must learn of it. From a handler, everything else is an internal error that tells
    /// nothing, and is logged.
    public static func response(to error: any Error, declared: DeclaredFailures, context: CallContext) -> ServerResponse {
        let failure: RequestFailure
        switch error {
        case let error as ProblemError where declared.answer(for: error.problem.status) != nil:
            var problem = error.problem
            problem.requestID = problem.requestID ?? context.requestID
            return declared.response(problem, error.headerFields)
        default: failure = requestFailure(error, context: context)
        }
        var problem = Problem(failure, requestID: context.requestID)
        if declared.answer(for: problem.status) == nil {
            if let status = declared.substitute(for: failure) {
                problem.status = status
            } else if !failure.isAnsweredAnyway {
                if failure.code.status != 500 {
                    context.logger.error("a failure has no declared response", metadata: ["failure": "\(failure.code)"])
                }
                return declared.response(Problem(RequestFailure(.internalError), requestID: context.requestID), HTTPFields())
            }
        }
        return declared.response(problem, failure.headerFields)
    }

    /// The answer to an error of an operation that writes its failures in a form of its own.
    ///
    /// Header fields of the failure that the response lacks are added to it. When `write` throws, what generated code found wrong with the
    /// request is answered as problem details, anything else as a problem with status 500.
    public static func response(
        to error: any Error, context: CallContext, _ write: (RequestFailure) throws -> ServerResponse
    ) -> ServerResponse {
        let failure = requestFailure(error, context: context)
        do {
            var response = try write(failure)
            for field in failure.headerFields where response.head.headerFields[field.name] == nil {
                response.head.headerFields[values: field.name] = failure.headerFields[values: field.name]
            }
            return response
        } catch {
            if failure.isAnsweredAnyway {
                return .problem(Problem(failure, requestID: context.requestID), headerFields: failure.headerFields)
            }
            context.logger.error("the response to a failure could not be written", metadata: ["error": "\(error)"])
            return .problem(Problem(RequestFailure(.internalError), requestID: context.requestID))
        }
    }

    /// `code`, when it is in the range that the specification declares for it.
    public static func status(_ code: Int, in range: ClosedRange<Int>) throws -> Int {
        guard range.contains(code) else { throw UndeclaredStatus(status: code, declared: range) }
        return code
    }

    /// `error` as a failure. What is not one already is logged; the caller learns only that there was an internal error.
    private static func requestFailure(_ error: any Error, context: CallContext) -> RequestFailure {
        switch error {
        case let failure as RequestFailure:
            if let cause = failure.cause {
                let level: Logger.Level = failure.code.status >= 500 ? .error : .debug
                context.logger.log(level: level, "request failed", metadata: ["failure": "\(failure.code)", "cause": "\(cause)"])
            }
            return failure
        case let error as ProblemError:
            let code = RequestFailure.Code(status: error.problem.status, name: "problem", title: error.problem.title)
            return RequestFailure(
                code, detail: error.problem.detail ?? "", violations: error.problem.errors ?? [], headerFields: error.headerFields)
        case is CancellationError:
            return RequestFailure(.unavailable, detail: "The request was cancelled.")
        default:
            context.logger.error("unexpected error", metadata: ["error": "\(error)"])
            return RequestFailure(.internalError, cause: error)
        }
    }
}

/// The statuses for which an operation declares an error response that can be made from a problem.
public struct DeclaredFailures: Sendable {
    private let problems: [Int]
    private let ranges: [Int]
    private let hasDefault: Bool
    private let empty: [Int]

    /// `problems` are answered with problem details: by code, by hundreds digit (`ranges`), or by `default`; `empty` ones without a body.
    public init(problems: [Int] = [], ranges: [Int] = [], hasDefault: Bool = false, empty: [Int] = []) {
        self.problems = problems
        self.ranges = ranges
        self.hasDefault = hasDefault
        self.empty = empty
    }

    enum Answer { case problem, empty }

    /// The declared status that stands for an undeclared one: 422 for an invalid request, 400 for any error of the client, but not for a
    /// credential that generated code refused, whose status is part of the protocol (RFC 9110 §11).
    func substitute(for failure: RequestFailure) -> Int? {
        guard (400...499).contains(failure.code.status) else { return nil }
        if failure.isOfRequest, [401, 403].contains(failure.code.status) { return nil }
        if answer(for: 400) != nil { return 400 }
        return failure.code == .invalid && answer(for: 422) != nil ? 422 : nil
    }

    /// nil for what is not declared, and for what is no error status at all.
    func answer(for status: Int) -> Answer? {
        guard (400...599).contains(status) else { return nil }
        if problems.contains(status) { return .problem }
        if empty.contains(status) { return .empty }
        return ranges.contains(status / 100) || hasDefault ? .problem : nil
    }

    /// The problem in the declared form; as problem details where none is declared.
    func response(_ problem: Problem, _ headerFields: HTTPFields) -> ServerResponse {
        guard answer(for: problem.status) == .empty else { return .problem(problem, headerFields: headerFields) }
        var response = ServerResponse.empty(problem.status)
        response.head.headerFields.append(contentsOf: headerFields)
        return response
    }
}
