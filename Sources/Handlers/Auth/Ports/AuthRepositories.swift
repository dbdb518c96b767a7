/// Where the auth service keeps what outlives a request. The four belong to one storage.
public struct AuthRepositories: Sendable {
    public let users: any UserRepository
    public let authorizationCodes: any AuthorizationCodeRepository
    public let refreshTokens: any RefreshTokenRepository
    public let signingKeys: any SigningKeyRepository

    public init(
        users: any UserRepository, authorizationCodes: any AuthorizationCodeRepository,
        refreshTokens: any RefreshTokenRepository, signingKeys: any SigningKeyRepository
    ) {
        self.users = users
        self.authorizationCodes = authorizationCodes
        self.refreshTokens = refreshTokens
        self.signingKeys = signingKeys
    }
}
