/// Keeps accounts.
public protocol UserRepository: Sendable {
    /// - Parameter id: ``User/id``.
    func user(id: String) async throws -> User?

    /// - Parameter signInName: A normalised name, or a normalised e-mail address (``SignInName``).
    func user(signInName: String) async throws -> User?

    /// Adds an account.
    ///
    /// - Returns: false, and nothing is changed, when the name or the e-mail address belongs to another account.
    func insert(_ user: User) async throws -> Bool
}
