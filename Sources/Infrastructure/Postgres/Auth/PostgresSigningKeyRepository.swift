internal import AuthHandlers
internal import FoundationEssentials
internal import PostgresClient

/// Signing keys in PostgreSQL.
struct PostgresSigningKeyRepository: SigningKeyRepository {
    let pool: PostgresPool

    func signingKeys() async throws -> [SigningKey] {
        try await pool.query("SELECT * FROM auth_signing_keys ORDER BY created_at DESC").map(SigningKey.init(row:))
    }

    func insertFirst(_ key: SigningKey) async throws -> Bool {
        // The index of the active key lets one of several replicas through.
        try await pool.query(
            """
            INSERT INTO auth_signing_keys (kid, private_key, created_at) VALUES (\(key.kid), \(key.privateKey), \(key.createdAt.timestamp))
            ON CONFLICT DO NOTHING
            """
        ).affectedRows == 1
    }

    func rotate(to key: SigningKey, at now: Date, removingRetiredBefore limit: Date) async throws {
        try await pool.batch([
            "UPDATE auth_signing_keys SET retired_at = \(now.timestamp) WHERE retired_at IS NULL",
            "DELETE FROM auth_signing_keys WHERE retired_at < \(limit.timestamp)",
            "INSERT INTO auth_signing_keys (kid, private_key, created_at) VALUES (\(key.kid), \(key.privateKey), \(key.createdAt.timestamp))",
        ])
    }
}

extension SigningKey {
    fileprivate init(row: PostgresRow) throws {
        self.init(
            kid: try row.decode("kid"), privateKey: try row.decode("private_key"),
            createdAt: try row.decode("created_at", as: PostgresTimestamp.self).date,
            retiredAt: try row.decode("retired_at", as: PostgresTimestamp?.self)?.date)
    }
}
