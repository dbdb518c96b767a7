import APISupport
import GatewayAPI

/// The REST operations: each asks the runtime in the caller's name and gives its answer in the gateway's shapes.
struct GatewayHandler: GatewayAPI.APIHandler {
    let runtime: RuntimeCalls

    func getHealth(
        _ input: GatewayAPI.Operations.GetHealth.Input, context: CallContext
    ) async throws -> GatewayAPI.Operations.GetHealth.Output {
        .ok(GatewayAPI.Schemas.Health(service: "gateway"))
    }
}
