public import AuthHandlers

extension AuthRepositories {
    /// Keeps everything in a SQLite file, whose tables have been brought up to date.
    public static func sqlite(_ database: SQLiteDatabase) -> AuthRepositories {
        AuthRepositories(
            users: SQLiteUserRepository(database), authorizationCodes: SQLiteAuthorizationCodeRepository(database),
            refreshTokens: SQLiteRefreshTokenRepository(database), signingKeys: SQLiteSigningKeyRepository(database)
        )
    }
}
