import AuthHandlers

/// Accounts in memory.
actor MemoryUserRepository: UserRepository {
    private var users: [String: User] = [:]
    /// The identifier of the account with a name or an e-mail address.
    private var identifiers: [String: String] = [:]

    init() {}

    func user(id: String) -> User? { users[id] }

    func user(signInName: String) -> User? { identifiers[signInName].flatMap { users[$0] } }

    func insert(_ user: User) -> Bool {
        let names = [user.username, user.email].compactMap { $0 }
        guard users[user.id] == nil, names.allSatisfy({ identifiers[$0] == nil }) else { return false }
        users[user.id] = user
        for name in names { identifiers[name] = user.id }
        return true
    }
}
