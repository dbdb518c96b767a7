import APISupport
import FoundationEssentials

/// Creates accounts and checks passwords.
struct UserAccounts: Sendable {
    /// What is needed for an account.
    struct NewAccount: Sendable {
        let username: String
        let password: String
        let email: String?
        let name: String?
        let isAdministrator: Bool
    }

    /// Why an account cannot be created.
    enum CreationFailure: Error, Equatable {
        /// The member of ``NewAccount`` that cannot be normalised.
        case malformed(member: String)
        /// The name or the e-mail address is another account's.
        case taken
    }

    /// What became of an attempt to sign in.
    enum SignIn: Sendable {
        case signedIn(User)
        /// Unknown name, wrong password or disabled account: the caller cannot tell which.
        case refused
        /// The password was not looked at.
        case notTried(AttemptLimiter.Refusal)
    }

    let repository: any UserRepository
    let hasher: PasswordHasher
    let limiter: AttemptLimiter
    let clock: AuthClock

    /// - Throws: ``CreationFailure``, or what the storage throws.
    func create(_ account: NewAccount) async throws -> User {
        let username = SignInName(account.username)
        guard username.isUsername else { throw CreationFailure.malformed(member: "username") }
        let email = account.email.map(SignInName.init)
        guard email?.isEmail != false else { throw CreationFailure.malformed(member: "email") }
        let user = User(
            id: UUID().uuidString.lowercased(), username: username.normalized, email: email?.normalized, name: account.name,
            isAdministrator: account.isAdministrator, passwordHash: try await hasher.hash(account.password), createdAt: clock.now()
        )
        guard try await repository.insert(user) else { throw CreationFailure.taken }
        return user
    }

    /// Checks a name (or e-mail address) and a password. Attempts count for the account whichever of its two names is used.
    func signIn(name: String, password: String, address: ClientAddress) async throws -> SignIn {
        let outcome = try await attempt(name: name, password: password, address: address)
        AuthMetrics.shared.signedIn(outcome)
        return outcome
    }

    private func attempt(name: String, password: String, address: ClientAddress) async throws -> SignIn {
        let signInName = SignInName(name)
        let user = try await repository.user(signInName: signInName.normalized)
        let attempt = AttemptLimiter.Key(subject: .account(user?.id ?? signInName.normalized), address: address.key)
        if let refusal = try await limiter.begin(attempt) { return .notTried(refusal) }
        let matches = try await hasher.verify(password, against: user?.passwordHash)
        guard matches, let user, !user.isDisabled else { return .refused }
        await limiter.succeed(attempt)
        return .signedIn(user)
    }
}
