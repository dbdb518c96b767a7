internal import AuthHandlers
internal import FoundationEssentials
internal import PostgresClient

/// Authorization codes in PostgreSQL.
struct PostgresAuthorizationCodeRepository: AuthorizationCodeRepository {
    let pool: PostgresPool

    func insert(_ code: AuthorizationCode) async throws {
        try await pool.batch([
            "DELETE FROM auth_codes WHERE forgotten_at <= \(code.authenticatedAt.timestamp)",
            """
            INSERT INTO auth_codes (hash, client_id, redirect_uri, user_id, scope, code_challenge, nonce, family, authenticated_at, expires_at,
                forgotten_at)
            VALUES (\(code.hash), \(code.clientID), \(code.redirectURI), \(code.userID), \(code.scopes.description), \(code.codeChallenge),
                \(code.nonce), \(code.family), \(code.authenticatedAt.timestamp), \(code.expiresAt.timestamp), \(code.forgottenAt.timestamp))
            """,
        ])
    }

    func consume(hash: String, at now: Date) async throws -> CodeConsumption {
        let consumed = try await pool.query(
            "UPDATE auth_codes SET consumed_at = \(now.timestamp) WHERE hash = \(hash) AND consumed_at IS NULL RETURNING *")
        if let row = consumed.first { return .consumed(try AuthorizationCode(row: row)) }
        let known = try await pool.query("SELECT * FROM auth_codes WHERE hash = \(hash)")
        return try known.first.map { .reused(try AuthorizationCode(row: $0)) } ?? .unknown
    }
}

extension AuthorizationCode {
    fileprivate init(row: PostgresRow) throws {
        self.init(
            hash: try row.decode("hash"), clientID: try row.decode("client_id"), redirectURI: try row.decode("redirect_uri"),
            userID: try row.decode("user_id"), scopes: Scopes(parameter: try row.decode("scope")) ?? Scopes([]),
            codeChallenge: try row.decode("code_challenge"), nonce: try row.decode("nonce"), family: try row.decode("family"),
            authenticatedAt: try row.decode("authenticated_at", as: PostgresTimestamp.self).date,
            expiresAt: try row.decode("expires_at", as: PostgresTimestamp.self).date,
            forgottenAt: try row.decode("forgotten_at", as: PostgresTimestamp.self).date)
    }
}
