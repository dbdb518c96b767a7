import AuthHandlers
import FoundationEssentials
import GRDB

/// Refresh tokens in SQLite. Each method is one transaction of the one writer: two uses of a token come one after the other.
struct SQLiteRefreshTokenRepository: RefreshTokenRepository {
    private let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) { self.database = database }

    func insert(_ token: RefreshToken) async throws -> Bool {
        try await database.pool.write { database in
            let now = token.issuedAt.timeIntervalSince1970
            try database.execute(sql: "DELETE FROM auth_refresh_tokens WHERE expires_at <= ?", arguments: [now])
            try database.execute(sql: "DELETE FROM auth_revoked_families WHERE forgotten_at <= ?", arguments: [now])
            guard try !Self.isRevoked(token.family, database) else { return false }
            try Self.add(token, database)
            return true
        }
    }

    func token(hash: String) async throws -> RefreshToken? {
        try await database.pool.read { database in try Self.row(hash, database).map(RefreshToken.init(row:)) }
    }

    func rotate(hash: String, to replacement: RefreshToken, at now: Date) async throws -> RefreshRotation {
        try await database.pool.write { database in
            guard let row = try Self.row(hash, database) else { return .unknown }
            let token = RefreshToken(row: row)
            guard token.expiresAt > now else { return .unknown }
            guard try !Self.isRevoked(token.family, database) else { return .revoked }
            guard row["rotated_at"] as Double? == nil else {
                try Self.revoke(token.family, now, forgottenAt: replacement.expiresAt, database)
                return .reused
            }
            try database.execute(
                sql: "UPDATE auth_refresh_tokens SET rotated_at = ? WHERE hash = ?", arguments: [now.timeIntervalSince1970, hash]
            )
            try Self.add(replacement, database)
            return .rotated
        }
    }

    func revokeFamily(_ family: String, at now: Date, forgottenAt: Date) async throws {
        try await database.pool.write { database in try Self.revoke(family, now, forgottenAt: forgottenAt, database) }
    }

    private static func row(_ hash: String, _ database: Database) throws -> Row? {
        try Row.fetchOne(database, sql: "SELECT * FROM auth_refresh_tokens WHERE hash = ?", arguments: [hash])
    }

    private static func isRevoked(_ family: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT 1 FROM auth_revoked_families WHERE family = ?", arguments: [family]) ?? false
    }

    private static func revoke(_ family: String, _ now: Date, forgottenAt: Date, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO auth_revoked_families (family, revoked_at, forgotten_at) VALUES (?, ?, ?)
                ON CONFLICT (family) DO UPDATE SET forgotten_at = max(forgotten_at, excluded.forgotten_at)
                """,
            arguments: [family, now.timeIntervalSince1970, forgottenAt.timeIntervalSince1970]
        )
    }

    private static func add(_ token: RefreshToken, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO auth_refresh_tokens (hash, family, user_id, client_id, scope, authenticated_at, issued_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                token.hash, token.family, token.userID, token.clientID, token.scopes.description,
                token.authenticatedAt.timeIntervalSince1970, token.issuedAt.timeIntervalSince1970, token.expiresAt.timeIntervalSince1970,
            ]
        )
    }
}

extension RefreshToken {
    fileprivate init(row: Row) {
        self.init(
            hash: row["hash"], family: row["family"], userID: row["user_id"], clientID: row["client_id"],
            scopes: Scopes(parameter: row["scope"]) ?? Scopes([]), authenticatedAt: Date(timeIntervalSince1970: row["authenticated_at"]),
            issuedAt: Date(timeIntervalSince1970: row["issued_at"]), expiresAt: Date(timeIntervalSince1970: row["expires_at"])
        )
    }
}
