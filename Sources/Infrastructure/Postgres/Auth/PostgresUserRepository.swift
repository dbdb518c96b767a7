internal import AuthHandlers
internal import PostgresClient

/// Accounts in PostgreSQL.
struct PostgresUserRepository: UserRepository {
    let pool: PostgresPool

    func user(id: String) async throws -> User? {
        try await pool.query("SELECT * FROM auth_users WHERE id = \(id)").first.map(User.init(row:))
    }

    func user(signInName: String) async throws -> User? {
        try await pool.query("SELECT * FROM auth_users WHERE username = \(signInName) OR email = \(signInName)").first.map(User.init(row:))
    }

    func insert(_ user: User) async throws -> Bool {
        try await pool.query(
            """
            INSERT INTO auth_users (id, username, email, name, is_administrator, is_disabled, password_hash, created_at)
            VALUES (\(user.id), \(user.username), \(user.email), \(user.name), \(user.isAdministrator), \(user.isDisabled),
                \(user.passwordHash), \(user.createdAt.timestamp))
            ON CONFLICT DO NOTHING
            """
        ).affectedRows == 1
    }
}

extension User {
    fileprivate init(row: PostgresRow) throws {
        self.init(
            id: try row.decode("id"), username: try row.decode("username"), email: try row.decode("email"), name: try row.decode("name"),
            isAdministrator: try row.decode("is_administrator"), isDisabled: try row.decode("is_disabled"),
            passwordHash: try row.decode("password_hash"), createdAt: try row.decode("created_at", as: PostgresTimestamp.self).date)
    }
}
