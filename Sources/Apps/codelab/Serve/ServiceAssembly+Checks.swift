import APITokens
import OperationsHandlers
import RedisClient
import RuntimeAPI

/// What readiness asks (docs/decisions/0031-health.md): nothing here asks for the readiness of another service, so that no two can wait for each
/// other.
extension ServiceAssembly {
    func databaseCheck(of service: ServiceName) -> ReadinessCheck {
        ReadinessCheck("database", reason: "The database does not answer.") { [storage] in try await storage.check(service) }
    }

    /// One where there is a Redis, else none: memory is always there.
    ///
    /// - Parameter reason: What does not work without it.
    func redisChecks(isRequired: Bool, _ reason: String) -> [ReadinessCheck] {
        guard let redis = coordination.redis else { return [] }
        return [ReadinessCheck("redis", isRequired: isRequired, reason: reason) { try await redis.send(["PING"]) }]
    }

    /// Keys that were had once are enough: the auth service may be away for a while.
    var signingKeysCheck: ReadinessCheck {
        ReadinessCheck("signing-keys", reason: "The auth service's keys are not known: no token can be checked.") { [calls] in
            try await calls.verifier.requireKeys()
        }
    }

    /// Asks what every release of the runtime answers, as this one may be newer or older than that.
    var runtimeCheck: ReadinessCheck {
        let runtime = RuntimeAPI.Client(serverURL: addresses.url(of: .runtime), transport: calls.transport)
        return ReadinessCheck("runtime", reason: "The runtime does not answer.") { _ = try await runtime.getHealth().ok }
    }
}
