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
        // The index of the key without an end lets one of several replicas through.
        try await pool.query(
            """
            INSERT INTO auth_signing_keys (kid, private_key, created_at, signs_from)
            VALUES (\(key.kid), \(key.privateKey), \(key.createdAt.timestamp), \(key.signsFrom.timestamp))
            ON CONFLICT DO NOTHING
            """
        ).affectedRows == 1
    }

    func append(_ key: SigningKey, after kid: String) async throws -> Bool {
        try await pool.transaction { connection in
            let ended = try await connection.query(
                "UPDATE auth_signing_keys SET retired_at = \(key.signsFrom.timestamp) WHERE kid = \(kid) AND retired_at IS NULL")
            guard ended.affectedRows == 1 else { return false }
            try await Self.add(key, connection)
            return true
        }
    }

    func replaceAll(with key: SigningKey) async throws {
        try await pool.transaction { connection in
            // Of two at once, one would not see the key of the other.
            try await connection.query("LOCK TABLE auth_signing_keys IN SHARE ROW EXCLUSIVE MODE")
            try await connection.query("DELETE FROM auth_signing_keys")
            try await Self.add(key, connection)
        }
    }

    func removeKeys(retiredBefore limit: Date) async throws {
        try await pool.query("DELETE FROM auth_signing_keys WHERE retired_at < \(limit.timestamp)")
    }

    private static func add(_ key: SigningKey, _ connection: PostgresConnection) async throws {
        try await connection.query(
            """
            INSERT INTO auth_signing_keys (kid, private_key, created_at, signs_from)
            VALUES (\(key.kid), \(key.privateKey), \(key.createdAt.timestamp), \(key.signsFrom.timestamp))
            """)
    }
}

extension SigningKey {
    fileprivate init(row: PostgresRow) throws {
        let createdAt = try row.decode("created_at", as: PostgresTimestamp.self).date
        self.init(
            kid: try row.decode("kid"), privateKey: try row.decode("private_key"), createdAt: createdAt,
            signsFrom: try row.decode("signs_from", as: PostgresTimestamp?.self)?.date ?? createdAt,
            retiredAt: try row.decode("retired_at", as: PostgresTimestamp?.self)?.date)
    }
}
