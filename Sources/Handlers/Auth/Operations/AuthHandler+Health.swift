import APISupport
import AuthAPI

extension AuthHandler {
    /// Reads from the storage: a service that cannot is of no use to anybody.
    func getHealth(_ input: Operations.GetHealth.Input, context: CallContext) async throws -> Operations.GetHealth.Output {
        let keys: [SigningKey]
        do {
            keys = try await repositories.signingKeys.signingKeys()
        } catch {
            throw RequestFailure(.unavailable, detail: "The storage cannot be read.", cause: error)
        }
        guard !keys.isEmpty else { throw RequestFailure(.unavailable, detail: "There is no signing key.") }
        return .ok(Schemas.Health(service: "auth"))
    }
}
