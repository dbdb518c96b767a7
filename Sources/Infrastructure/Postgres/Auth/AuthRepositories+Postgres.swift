public import AuthHandlers
public import PostgresClient

extension AuthRepositories {
    /// Keeps everything in PostgreSQL, whose tables have been brought up to date.
    public static func postgres(_ pool: PostgresPool) -> AuthRepositories {
        AuthRepositories(
            users: PostgresUserRepository(pool: pool), authorizationCodes: PostgresAuthorizationCodeRepository(pool: pool),
            refreshTokens: PostgresRefreshTokenRepository(pool: pool), signingKeys: PostgresSigningKeyRepository(pool: pool))
    }
}
