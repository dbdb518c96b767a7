internal import AuthHandlers
internal import FoundationEssentials
internal import PostgresClient

/// Refresh tokens in PostgreSQL. The lock on a token's row puts two uses of it one after the other.
struct PostgresRefreshTokenRepository: RefreshTokenRepository {
    let pool: PostgresPool

    func insert(_ token: RefreshToken) async throws -> Bool {
        try await pool.transaction { transaction in
            let now = token.issuedAt.timestamp
            try await transaction.query("DELETE FROM auth_refresh_tokens WHERE expires_at <= \(now)")
            try await transaction.query("DELETE FROM auth_revoked_families WHERE forgotten_at <= \(now)")
            guard try await !Self.isRevoked(token.family, transaction) else { return false }
            try await Self.add(token, transaction)
            return true
        }
    }

    func token(hash: String) async throws -> RefreshToken? {
        try await pool.query("SELECT * FROM auth_refresh_tokens WHERE hash = \(hash)").first.map(RefreshToken.init(row:))
    }

    func rotate(hash: String, to replacement: RefreshToken, at now: Date) async throws -> RefreshRotation {
        try await pool.transaction { transaction in
            guard let row = try await transaction.query("SELECT * FROM auth_refresh_tokens WHERE hash = \(hash) FOR UPDATE").first else {
                return .unknown
            }
            let token = try RefreshToken(row: row)
            guard token.expiresAt > now else { return .unknown }
            guard try await !Self.isRevoked(token.family, transaction) else { return .revoked }
            guard try row.decode("rotated_at", as: PostgresTimestamp?.self) == nil else {
                try await Self.revoke(token.family, now, forgottenAt: replacement.expiresAt, transaction)
                return .reused
            }
            try await transaction.query("UPDATE auth_refresh_tokens SET rotated_at = \(now.timestamp) WHERE hash = \(hash)")
            try await Self.add(replacement, transaction)
            return .rotated
        }
    }

    func revokeFamily(_ family: String, at now: Date, forgottenAt: Date) async throws {
        try await pool.withConnection { try await Self.revoke(family, now, forgottenAt: forgottenAt, $0) }
    }

    private static func isRevoked(_ family: String, _ connection: PostgresConnection) async throws -> Bool {
        try await !connection.query("SELECT 1 FROM auth_revoked_families WHERE family = \(family)").isEmpty
    }

    private static func revoke(_ family: String, _ now: Date, forgottenAt: Date, _ connection: PostgresConnection) async throws {
        try await connection.query(
            """
            INSERT INTO auth_revoked_families (family, revoked_at, forgotten_at)
            VALUES (\(family), \(now.timestamp), \(forgottenAt.timestamp))
            ON CONFLICT (family) DO UPDATE SET forgotten_at = greatest(auth_revoked_families.forgotten_at, excluded.forgotten_at)
            """)
    }

    private static func add(_ token: RefreshToken, _ connection: PostgresConnection) async throws {
        try await connection.query(
            """
            INSERT INTO auth_refresh_tokens (hash, family, user_id, client_id, scope, authenticated_at, issued_at, expires_at)
            VALUES (\(token.hash), \(token.family), \(token.userID), \(token.clientID), \(token.scopes.description),
                \(token.authenticatedAt.timestamp), \(token.issuedAt.timestamp), \(token.expiresAt.timestamp))
            """)
    }
}

extension RefreshToken {
    fileprivate init(row: PostgresRow) throws {
        self.init(
            hash: try row.decode("hash"), family: try row.decode("family"), userID: try row.decode("user_id"),
            clientID: try row.decode("client_id"), scopes: Scopes(parameter: try row.decode("scope")) ?? Scopes([]),
            authenticatedAt: try row.decode("authenticated_at", as: PostgresTimestamp.self).date,
            issuedAt: try row.decode("issued_at", as: PostgresTimestamp.self).date,
            expiresAt: try row.decode("expires_at", as: PostgresTimestamp.self).date)
    }
}
