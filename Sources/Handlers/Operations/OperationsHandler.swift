import APISupport
import OperationsAPI

/// Implements the operations of `specs/operations`.
struct OperationsHandler: OperationsAPI.APIHandler {
    let service: String
    let readiness: ReadinessChecks
    let metrics: any MetricsSource

    /// Every answer is true for a moment only.
    static let cacheControl = "no-store"

    func getLiveness(_ input: Operations.GetLiveness.Input, context: CallContext) async throws -> Operations.GetLiveness.Output {
        .ok(.init(cacheControl: Self.cacheControl, body: Schemas.Liveness(service: service)))
    }

    func getReadiness(_ input: Operations.GetReadiness.Input, context: CallContext) async throws -> Operations.GetReadiness.Output {
        guard let results = try await readiness.results() else {
            return notReady("The service is stopping.", [], context)
        }
        let checks = results.map(Schemas.Check.init)
        let missing = results.filter { $0.check.isRequired && !$0.hasPassed }.map(\.check.name)
        guard missing.isEmpty else {
            return notReady("These checks failed: \(missing.joined(separator: ", ")).", checks, context)
        }
        return .ok(.init(cacheControl: Self.cacheControl, body: Schemas.Readiness(service: service, checks: checks)))
    }

    func failure(_ failure: RequestFailure, in operation: Operations.GetReadiness.Type) throws -> Operations.GetReadiness.Output {
        throw failure
    }

    private func notReady(_ detail: String, _ checks: [Schemas.Check], _ context: CallContext) -> Operations.GetReadiness.Output {
        .serviceUnavailable(
            .init(
                cacheControl: Self.cacheControl,
                body: Schemas.NotReady(
                    title: "The service is not ready", status: 503, detail: detail, requestID: context.requestID, service: service,
                    checks: checks)))
    }
}

extension Schemas.Check {
    init(_ result: ReadinessChecks.Result) {
        self.init(
            name: result.check.name, required: result.check.isRequired, status: result.hasPassed ? .passed : .failed,
            reason: result.hasPassed ? nil : result.check.reason)
    }
}
