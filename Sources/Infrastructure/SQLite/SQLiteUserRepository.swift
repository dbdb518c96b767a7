import AuthHandlers
import FoundationEssentials
import GRDB

/// Accounts in SQLite.
struct SQLiteUserRepository: UserRepository {
    private let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) { self.database = database }

    func user(id: String) async throws -> User? {
        try await database.pool.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM auth_users WHERE id = ?", arguments: [id]).map(User.init(row:))
        }
    }

    func user(signInName: String) async throws -> User? {
        try await database.pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM auth_users WHERE username = ? OR email = ?", arguments: [signInName, signInName]
            ).map(User.init(row:))
        }
    }

    func insert(_ user: User) async throws -> Bool {
        try await database.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO auth_users (id, username, email, name, is_administrator, is_disabled, password_hash, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    user.id, user.username, user.email, user.name, user.isAdministrator, user.isDisabled, user.passwordHash,
                    user.createdAt.timeIntervalSince1970,
                ]
            )
            return database.changesCount == 1
        }
    }
}

extension User {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], username: row["username"], email: row["email"], name: row["name"], isAdministrator: row["is_administrator"],
            isDisabled: row["is_disabled"], passwordHash: row["password_hash"], createdAt: Date(timeIntervalSince1970: row["created_at"])
        )
    }
}
