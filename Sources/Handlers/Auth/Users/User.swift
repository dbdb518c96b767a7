public import FoundationEssentials

/// An account.
public struct User: Sendable, Equatable {
    /// A UUID; the `sub` of tokens.
    public let id: String
    /// Normalised (``SignInName``).
    public let username: String
    /// Normalised.
    public let email: String?
    /// What the user is called.
    public let name: String?
    public let isAdministrator: Bool
    /// Whether sign-in and refresh are refused.
    public let isDisabled: Bool
    /// A ``PasswordHash`` as text.
    public let passwordHash: String
    public let createdAt: Date

    public init(
        id: String, username: String, email: String?, name: String?, isAdministrator: Bool, isDisabled: Bool = false,
        passwordHash: String, createdAt: Date
    ) {
        self.id = id
        self.username = username
        self.email = email
        self.name = name
        self.isAdministrator = isAdministrator
        self.isDisabled = isDisabled
        self.passwordHash = passwordHash
        self.createdAt = createdAt
    }

    /// The scopes of a request that this user can grant: administration is the administrators' only.
    func grantable(_ scopes: Scopes) -> Scopes { isAdministrator ? scopes : scopes.removing(Scopes.administration) }
}

extension User: CustomStringConvertible {
    /// Without the hash, for logs.
    public var description: String { "User(\(id))" }
}
