public import APISupport
import AuthAPI
public import Coordination
public import Logging

/// The auth service, put together: give it its settings and a storage, prepare it, and serve its router.
///
///     let service = try AuthService(configuration: configuration, repositories: .sqlite(database), limiter: limiter, logger: logger)
///     if let administrator = try await service.prepare() { … show the generated password once … }
///     let router = service.makeRouter()
public struct AuthService: Sendable {
    private let configuration: AuthConfiguration
    private let handler: AuthHandler
    private let security: AuthSecurity
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: All settings.
    ///   - repositories: Where accounts, codes, tokens and keys are kept.
    ///   - limiter: Counts attempts to sign in; shared by all replicas.
    ///   - clock: Tells the time; tests bring their own.
    /// - Throws: ``AuthConfigurationError`` for settings that are not safe or make no sense.
    public init(
        configuration: AuthConfiguration, repositories: AuthRepositories, limiter: any RateLimiter, clock: AuthClock = .system,
        logger: Logger
    ) throws {
        try configuration.validate()
        // Whatever is counted begins at 0.
        _ = AuthMetrics.shared
        let registry = try ClientRegistry(configuration.clients)
        let attempts = AttemptLimiter(
            limiter, perSubject: Self.limit(configuration.attemptsPerAccount, each: .seconds(60)),
            perAddress: Self.limit(configuration.attemptsPerAddress, each: .seconds(10)), logger: logger
        )
        let accounts = UserAccounts(
            repository: repositories.users,
            hasher: PasswordHasher(
                parameters: PasswordHash.Parameters(logN: configuration.scryptLogN, blockSize: 8, parallelism: 3), capacity: 32
            ),
            limiter: attempts, clock: clock
        )
        let keys = KeyRing(repository: repositories.signingKeys, retention: configuration.keyRetention, clock: clock)
        let accessTokens = AccessTokens(
            issuer: configuration.issuer, audience: configuration.audience, lifetime: configuration.accessTokenLifetime, keys: keys,
            clock: clock
        )
        let issuer = TokenIssuer(
            accessTokens: accessTokens, refreshTokens: repositories.refreshTokens, refreshLifetime: configuration.refreshTokenLifetime,
            clock: clock
        )
        let codes = AuthorizationCodes(
            repository: repositories.authorizationCodes, refreshTokens: repositories.refreshTokens,
            lifetime: configuration.authorizationCodeLifetime, familyLifetime: configuration.refreshTokenLifetime, clock: clock
        )
        let clientAuthentication = ClientAuthentication(registry: registry, limiter: attempts)
        self.configuration = configuration
        self.logger = logger
        security = AuthSecurity(
            accessTokens: accessTokens, clientAuthentication: clientAuthentication, trustedProxies: configuration.trustedProxies
        )
        handler = AuthHandler(
            configuration: configuration, registry: registry, clientAuthentication: clientAuthentication, repositories: repositories,
            accounts: accounts, codes: codes,
            grants: Grants([
                AuthorizationCodeGrant(codes: codes, users: repositories.users, issuer: issuer),
                RefreshTokenGrant(refreshTokens: repositories.refreshTokens, users: repositories.users, issuer: issuer),
                ClientCredentialsGrant(issuer: issuer),
                PasswordGrant(accounts: accounts, issuer: issuer, clock: clock, logger: logger),
            ]),
            keys: keys, accessTokens: accessTokens, clock: clock
        )
    }

    private static func limit(_ attempts: Int, each duration: Duration) -> RateLimit {
        RateLimit(requests: attempts, per: duration * attempts)
    }

    /// Reads the signing keys and makes the first one and the bootstrap administrator where there are none. To be called before the first
    /// request.
    ///
    /// - Returns: The administrator, when the account was created just now; otherwise nil.
    /// - Throws: ``AuthConfigurationError``, or what the storage throws.
    public func prepare() async throws -> BootstrapAdministrator? {
        try await handler.keys.load()
        return try await BootstrapAdministrator.create(
            username: configuration.administratorName, password: configuration.administratorPassword, in: handler.accounts
        )
    }

    /// The operations, for a router that serves other APIs too.
    public var routes: [APIRoute] { Server(handler: handler, security: security).routes }

    /// A router for this service alone.
    public func makeRouter() -> APIRouter { APIRouter(routes: routes, logger: logger) }
}
