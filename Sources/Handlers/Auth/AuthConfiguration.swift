public import FoundationEssentials

/// All settings of the auth service. Each has the environment variable that ``init(environment:)`` reads it from.
public struct AuthConfiguration: Sendable {
    /// The public base URL, without a slash at its end; the `iss` of tokens and the stem of all endpoints in the metadata.
    /// `CODELAB_AUTH_ISSUER`, by default `http://localhost:8003`.
    public var issuer: String
    /// The `aud` of access tokens: what the other services look for. `CODELAB_AUTH_AUDIENCE`, by default `codelab`.
    public var audience: String
    /// The registered clients. From the environment: CodeLab's own (``RegisteredClient/codeLab(internalSecrets:passwordGrantClients:)``)
    /// with the secret of `codelab-internal` in `CODELAB_AUTH_INTERNAL_SECRET` (two, a line each, while one replaces the other; without any that
    /// client does not exist) and, in
    /// `CODELAB_AUTH_PASSWORD_GRANT_CLIENTS`, a comma-separated list of clients that may still use the password grant (by default none).
    public var clients: [RegisteredClient]
    /// The bootstrap administrator's name. `CODELAB_ADMIN_USERNAME`, by default `admin`.
    public var administratorName: String
    /// The bootstrap administrator's password, used when the account is created and never again. `CODELAB_ADMIN_PASSWORD`; without it one
    /// is made up.
    public var administratorPassword: String?
    /// How long an access token is valid. `CODELAB_AUTH_ACCESS_LIFETIME` in seconds, by default 900.
    public var accessTokenLifetime: TimeInterval
    /// How long a refresh token is valid when it is not used. `CODELAB_AUTH_REFRESH_LIFETIME` in seconds, by default 30 days.
    public var refreshTokenLifetime: TimeInterval
    /// How long an authorization code is valid. `CODELAB_AUTH_CODE_LIFETIME` in seconds, by default 60.
    public var authorizationCodeLifetime: TimeInterval
    /// How long a sign-in page may be looked at. `CODELAB_AUTH_PAGE_LIFETIME` in seconds, by default 600.
    public var signInPageLifetime: TimeInterval
    /// The cost of a password hash: scrypt's N is two to the power of this, with r = 8 and p = 3; each hash takes 2 to the power of this
    /// KiB of memory. `CODELAB_AUTH_SCRYPT_LOG_N`, by default 15, which is what OWASP asks for at least. A debug build computes it some ten
    /// times slower than a release one.
    public var scryptLogN: Int
    /// Failed sign-ins in a row for one account from one address; one more is allowed each minute. `CODELAB_AUTH_ATTEMPTS`, by default 5.
    public var attemptsPerAccount: Int
    /// Failed sign-ins in a row from one address over all accounts; one more is allowed every ten seconds.
    /// `CODELAB_AUTH_ATTEMPTS_PER_ADDRESS`, by default 50.
    public var attemptsPerAddress: Int
    /// How many proxies stand in front of the service and add to `X-Forwarded-For`; with 0 the header is not looked at.
    /// `CODELAB_TRUSTED_PROXIES`, by default 0.
    public var trustedProxies: Int

    /// The defaults above, and CodeLab's own clients.
    ///
    /// - Parameter internalSecrets: The secrets of `codelab-internal`.
    public init(issuer: String = "http://localhost:8003", internalSecrets: [String] = [], passwordGrantClients: Set<String> = []) {
        self.issuer = issuer
        audience = "codelab"
        clients = RegisteredClient.codeLab(internalSecrets: internalSecrets, passwordGrantClients: passwordGrantClients)
        administratorName = "admin"
        administratorPassword = nil
        accessTokenLifetime = 900
        refreshTokenLifetime = 30 * 24 * 3600
        authorizationCodeLifetime = 60
        signInPageLifetime = 600
        scryptLogN = 15
        attemptsPerAccount = 5
        attemptsPerAddress = 50
        trustedProxies = 0
    }

    /// Seconds that a retired key is still needed: what it has signed or sealed last must be found good until its end, also by a clock that is behind,
    /// and a replica may have gone on with it until it read the keys anew.
    var keyRetention: TimeInterval { max(accessTokenLifetime, signInPageLifetime) + Self.leeway + KeyRing.maximumAge }

    /// Seconds that the verifiers of tokens let clocks be apart.
    private static let leeway: TimeInterval = 30

    /// - Throws: ``AuthConfigurationError`` for settings that are not safe or make no sense.
    func validate() throws {
        guard issuer.hasPrefix("https://") || issuer.hasPrefix("http://"), !issuer.hasSuffix("/"), !issuer.contains("?"),
            !issuer.contains("#")
        else {
            throw AuthConfigurationError(
                "The issuer \(issuer) must be an http or https URL without a query, a fragment or a slash at its end.")
        }
        guard !audience.isEmpty else { throw AuthConfigurationError("The audience must not be empty.") }
        guard (1...86400).contains(accessTokenLifetime), (1...600).contains(authorizationCodeLifetime), refreshTokenLifetime >= 1,
            (10...86400).contains(signInPageLifetime)
        else { throw AuthConfigurationError("A lifetime is out of its range.") }
        guard (1...20).contains(scryptLogN) else { throw AuthConfigurationError("scrypt's log N must be between 1 and 20.") }
        guard attemptsPerAccount >= 1, attemptsPerAddress >= 1, trustedProxies >= 0 else {
            throw AuthConfigurationError("The number of attempts must be at least 1, that of proxies at least 0.")
        }
    }
}
