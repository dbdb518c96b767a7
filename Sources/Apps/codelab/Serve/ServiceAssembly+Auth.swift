import AuthHandlers
import Logging

extension ServiceAssembly {
    func makeAuth(_ logger: Logger) throws -> ServedService {
        var environment = settings.environment
        environment["CODELAB_AUTH_ISSUER"] = addresses.issuer
        environment[Setting.internalSecret.variable] = secrets.joined(separator: "\n")
        if let password = settings.administratorPassword { environment[Setting.administratorPassword.variable] = password }
        let service = try AuthService(
            configuration: try AuthConfiguration(environment: environment),
            repositories: try storage.authRepositories(), limiter: coordination.rateLimiter, logger: logger
        )
        return ServedService(
            router: service.makeRouter(), logger: logger,
            prepare: {
                if let administrator = try await service.prepare(), let password = administrator.generatedPassword {
                    FirstStart.show(administrator: administrator.username, password: password)
                }
            },
            // Without Redis nobody can sign in, but who has can go on: refresh tokens and keys are in the database.
            checks: [databaseCheck(of: .auth)]
                + redisChecks(isRequired: false, "Attempts to sign in are refused, since they cannot be counted.")
        )
    }
}
