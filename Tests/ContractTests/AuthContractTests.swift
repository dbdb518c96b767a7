import APISupport
import AuthAPI
import AuthHandlers
import ContractTesting
import Logging
import MemoryInfrastructure
import Testing

@Suite("Auth: specs/auth/openapi.yaml")
struct AuthContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        var configuration = AuthConfiguration(
            issuer: "http://localhost:8003", internalSecrets: ["contract-tests-internal-secret-0123456789"])
        configuration.administratorPassword = "correct horse battery staple"
        configuration.scryptLogN = 10
        configuration.attemptsPerAccount = 10_000
        configuration.attemptsPerAddress = 10_000
        let service = try AuthService(
            configuration: configuration, repositories: .inMemory(), limiter: MemoryRateLimiter(), logger: Logger(label: "contract"))
        _ = try await service.prepare()
        let router = service.makeRouter()

        let client = AuthAPI.Client(serverURL: "http://localhost:8003", transport: InProcessTransport(router: router))
        let credentials = AuthAPI.Schemas.TokenRequest(
            grantType: .clientCredentials, clientID: "codelab-internal",
            clientSecret: "contract-tests-internal-secret-0123456789", scope: "api:read api:admin")
        let token = try await client.token(.init(body: credentials)).ok.body.accessToken

        let fixture = ContractFixture(
            parameters: [
                "authorize.client_id": "codelab-cli", "authorize.redirect_uri": "http://127.0.0.1:53682/callback",
                "authorize.response_type": "code", "authorize.code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "authorize.code_challenge_method": "S256", "authorize.scope": "api:read",
            ],
            bodies: [
                "token": [
                    "grant_type": .string("client_credentials"), "client_id": .string("codelab-internal"),
                    "client_secret": .string("contract-tests-internal-secret-0123456789"), "scope": .string("runtime"),
                ],
                "createUser": ["username": .string("grace"), "password": .string("correct horse battery staple")],
                "revoke": ["token": .string("unknown"), "client_id": .string("codelab-cli")],
                "signIn": [
                    "username": .string("admin"), "password": .string("wrong"), "client_id": .string("codelab-cli"),
                    "redirect_uri": .string("http://127.0.0.1:53682/callback"), "response_type": .string("code"),
                    "code_challenge": .string("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), "code_challenge_method": .string("S256"),
                    "transaction": .string("not-from-a-page"),
                ],
            ],
            validStatus: [
                // A sign-in needs a transaction from a page: AuthHandlersTests signs in.
                "signIn": 400,
                // The caller is a service, which is nobody's account: AuthHandlersTests asks as a user.
                "getCurrentUser": 403,
                "getUserinfo": 403,
            ])
        try await Contract("auth/openapi.yaml", router: router).check(
            fixture: fixture, authorization: "Bearer \(token)", unsuccessful: ["signIn", "getCurrentUser", "getUserinfo"])
    }
}
