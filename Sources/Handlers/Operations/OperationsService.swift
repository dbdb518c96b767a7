public import APISupport
import OperationsAPI

/// What a service answers to those who operate it: `specs/operations`, beside its own API.
public struct OperationsService: Sendable {
    private let handler: OperationsHandler

    /// - Parameters:
    ///   - service: Its name, as it is told in the answers.
    ///   - readiness: What it needs to be ready.
    ///   - metrics: What its process measures.
    public init(service: String, readiness: ReadinessChecks, metrics: any MetricsSource) {
        handler = OperationsHandler(service: service, readiness: readiness, metrics: metrics)
    }

    /// To be added to the service's own router: no token is asked for, and nothing is counted.
    public var routes: [APIRoute] { Server(handler: handler).routes }
}
