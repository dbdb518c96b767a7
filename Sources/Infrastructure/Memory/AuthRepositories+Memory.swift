public import AuthHandlers

extension AuthRepositories {
    /// Keeps everything in this process, and nothing beyond it: for tests and for trying the system out.
    public static func inMemory() -> AuthRepositories {
        AuthRepositories(
            users: MemoryUserRepository(), authorizationCodes: MemoryAuthorizationCodeRepository(),
            refreshTokens: MemoryRefreshTokenRepository(), signingKeys: MemorySigningKeyRepository()
        )
    }
}
