public import AuthHandlers

extension AuthRepositories {
    /// Keeps everything in a SQLite file, whose schema is brought up to date first.
    ///
    /// - Throws: ``SQLiteFailure`` when the schema cannot be applied.
    public static func sqlite(_ database: SQLiteDatabase) throws -> AuthRepositories {
        try database.apply(.auth)
        return AuthRepositories(
            users: SQLiteUserRepository(database), authorizationCodes: SQLiteAuthorizationCodeRepository(database),
            refreshTokens: SQLiteRefreshTokenRepository(database), signingKeys: SQLiteSigningKeyRepository(database)
        )
    }
}
