import APISupport
import OperationsAPI

extension OperationsHandler {
    func getMetrics(_ input: Operations.GetMetrics.Input, context: CallContext) async throws -> Operations.GetMetrics.Output {
        let wantsOpenMetrics = context.preferredMediaType?.hasPrefix("application/openmetrics-text") == true
        let body: Operations.GetMetrics.OkBody =
            wantsOpenMetrics ? .openmetricsText(Array(metrics.openMetrics().utf8)) : .text(metrics.text())
        return .ok(.init(cacheControl: Self.cacheControl, body: body))
    }
}
