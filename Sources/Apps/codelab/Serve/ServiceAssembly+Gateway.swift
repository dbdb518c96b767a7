import GatewayHandlers
import Logging
import RuntimeAPI

extension ServiceAssembly {
    func makeGateway(_ logger: Logger) throws -> ServedService {
        let access = calls.access(scope: "runtime")
        let runtime = RuntimeAPI.Client(
            serverURL: addresses.url(of: .runtime), transport: access.transport, credentials: access.credentials
        )
        var environment = settings.environment
        // Settled already, from the flag and the file too.
        environment[Setting.anonymousUser.variable] = nil
        var configuration = try GatewayConfiguration(environment: environment)
        configuration.allowsAnonymous = settings.allowsAnonymous
        if configuration.allowsAnonymous { logger.warning("Clients without a token are served, as one shared user") }
        let service = GatewayService(
            configuration: configuration, runtime: runtime, limiter: coordination.rateLimiter, logger: logger, checkToken: calls.checkToken
        )
        return ServedService(
            router: service.makeRouter(), logger: logger,
            checks: [signingKeysCheck, runtimeCheck] + redisChecks(isRequired: false, "Users are not limited.")
        )
    }
}
