/// The account that exists before any other, so that somebody can create the others.
public struct BootstrapAdministrator: Sendable {
    /// The account's name.
    public let username: String
    /// The password that was made up because none was configured. It is nowhere else: show it once, and never log it.
    public let generatedPassword: String?

    /// Creates the account unless it exists.
    ///
    /// - Returns: nil when it existed.
    static func create(username: String, password: String?, in accounts: UserAccounts) async throws -> BootstrapAdministrator? {
        guard try await accounts.repository.user(signInName: SignInName(username).normalized) == nil else { return nil }
        let generated = password == nil ? OpaqueToken().value : nil
        do {
            _ = try await accounts.create(
                UserAccounts.NewAccount(
                    username: username, password: password ?? generated ?? "", email: nil, name: "Administrator", isAdministrator: true
                )
            )
        } catch UserAccounts.CreationFailure.taken {
            // Another process, started at the same time, was faster.
            return nil
        } catch UserAccounts.CreationFailure.malformed {
            throw AuthConfigurationError("\(username) cannot be the name of an account.")
        }
        return BootstrapAdministrator(username: username, generatedPassword: generated)
    }
}
